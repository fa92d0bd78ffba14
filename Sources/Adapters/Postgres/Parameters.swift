/// The values of one statement, encoded in PostgreSQL's binary form as they are added, all in one buffer.
///
/// The first value added is `$1`. The type of each value is fixed by the method, so `add(text:)` for a `date` column needs `$1::date`
/// in the SQL. A text with a NUL character cannot be stored by PostgreSQL: it is remembered and refused (22021) when the statement is sent.
public struct Parameters: Sendable {
    /// Where one value stands in the buffer.
    @usableFromInline
    struct Slot: Sendable {
        /// The first byte; -1 for NULL.
        @usableFromInline let offset: Int
        @usableFromInline let length: Int32
        @usableFromInline let type: UInt32

        @inlinable
        init(offset: Int, length: Int32, type: UInt32) {
            self.offset = offset
            self.length = length
            self.type = type
        }
    }

    @usableFromInline var bytes: [UInt8] = []
    @usableFromInline var slots: [Slot] = []
    /// The first text with a NUL, in words for the error.
    @usableFromInline var fault: String?

    /// No values yet.
    public init() {}

    /// The number of values so far.
    public var count: Int { slots.count }

    /// A `bigint`.
    @inlinable
    public mutating func add(int64 value: Int64) {
        addFixed(UInt64(bitPattern: value), TypeIdentifier.int8)
    }

    /// A `bigint` or NULL.
    @inlinable
    public mutating func add(int64OrNil value: Int64?) {
        if let value { add(int64: value) } else { addNull(TypeIdentifier.int8) }
    }

    /// An `integer`.
    @inlinable
    public mutating func add(int32 value: Int32) {
        addFixed(UInt32(bitPattern: value), TypeIdentifier.int4)
    }

    /// An `integer` or NULL.
    @inlinable
    public mutating func add(int32OrNil value: Int32?) {
        if let value { add(int32: value) } else { addNull(TypeIdentifier.int4) }
    }

    /// A `boolean`.
    @inlinable
    public mutating func add(bool value: Bool) {
        addFixed(value ? 1 : 0 as UInt8, TypeIdentifier.bool)
    }

    /// A `boolean` or NULL.
    @inlinable
    public mutating func add(boolOrNil value: Bool?) {
        if let value { add(bool: value) } else { addNull(TypeIdentifier.bool) }
    }

    /// A `timestamptz`.
    /// - Parameter value: microseconds since 1970; `Int64.max` and `Int64.min` mean `infinity` and `-infinity`.
    @inlinable
    public mutating func add(timestamp value: Int64) {
        addFixed(UInt64(bitPattern: PostgresEpoch.toServer(value)), TypeIdentifier.timestamptz)
    }

    /// A `timestamptz` (microseconds since 1970) or NULL.
    @inlinable
    public mutating func add(timestampOrNil value: Int64?) {
        if let value { add(timestamp: value) } else { addNull(TypeIdentifier.timestamptz) }
    }

    /// A `date`.
    /// - Parameter value: days since 1970-01-01.
    @inlinable
    public mutating func add(date value: Int32) {
        addFixed(UInt32(bitPattern: value &- PostgresEpoch.days), TypeIdentifier.date)
    }

    /// A `date` (days since 1970-01-01) or NULL.
    @inlinable
    public mutating func add(dateOrNil value: Int32?) {
        if let value { add(date: value) } else { addNull(TypeIdentifier.date) }
    }

    /// A `text`. With a NUL character in it the statement is refused when it is sent.
    public mutating func add(text value: String) {
        addText(value, TypeIdentifier.text)
    }

    /// A `text` or NULL.
    public mutating func add(textOrNil value: String?) {
        if let value { add(text: value) } else { addNull(TypeIdentifier.text) }
    }

    /// A `json` value given as its text; assignable to `jsonb` columns. The server refuses malformed text (22P02).
    public mutating func add(json value: String) {
        addText(value, TypeIdentifier.json)
    }

    /// A `json` value given as its text, or NULL.
    public mutating func add(jsonOrNil value: String?) {
        if let value { add(json: value) } else { addNull(TypeIdentifier.json) }
    }

    /// A `bytea`.
    public mutating func add(bytes value: [UInt8]) {
        value.withUnsafeBytes { add(bytes: $0) }
    }

    /// A `bytea`, copied from memory.
    public mutating func add(bytes value: UnsafeRawBufferPointer) {
        let offset = bytes.count
        bytes.append(contentsOf: value)
        close(from: offset, TypeIdentifier.bytea)
    }

    /// A `bytea` or NULL.
    public mutating func add(bytesOrNil value: [UInt8]?) {
        if let value { add(bytes: value) } else { addNull(TypeIdentifier.bytea) }
    }
}

extension Parameters {
    @inlinable
    mutating func addFixed<T: FixedWidthInteger>(_ value: T, _ type: UInt32) {
        let offset = bytes.count
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        close(from: offset, type)
    }

    @usableFromInline
    mutating func addNull(_ type: UInt32) {
        slots.append(Slot(offset: -1, length: 0, type: type))
    }

    private mutating func addText(_ value: String, _ type: UInt32) {
        let offset = bytes.count
        bytes.append(contentsOf: value.utf8)
        if bytes[offset...].contains(0) { noteNUL(element: nil) }
        close(from: offset, type)
    }

    /// Ends the value that started at `offset`.
    @inlinable
    mutating func close(from offset: Int, _ type: UInt32) {
        // The protocol counts a value's bytes in 31 bits; a gigabyte is refused by the server long before.
        slots.append(Slot(offset: offset, length: Int32(bytes.count - offset), type: type))
    }

    /// Remembers the first text that PostgreSQL could not store.
    @usableFromInline
    mutating func noteNUL(element: Int?) {
        guard fault == nil else { return }
        let place = element.map { ", element \($0)," } ?? ""
        fault = "parameter $\(slots.count + 1)\(place) contains a NUL character, which text cannot hold"
    }
}
