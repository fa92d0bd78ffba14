/// The result of one statement: rows of binary values, decoded when they are asked for.
///
/// Rows and columns count from 0. An accessor traps, naming the column, when the column's type is another, when the value is NULL and the
/// accessor is not the `OrNil` form, and outside of the result's bounds: all of these are mistakes in the program, not in the data.
/// Valid after the connection is gone.
public final class Rows {
    let result: ResultHandle
    /// The number of rows.
    public let count: Int
    /// The number of rows an INSERT, UPDATE, DELETE, MERGE or SELECT touched; 0 for other commands.
    public let affected: Int
    private let columnCount: Int

    init(_ result: consuming ResultHandle) {
        count = Int(result.rowCount)
        affected = result.affected
        columnCount = Int(result.columnCount)
        self.result = result
    }

    /// True when there is no row.
    public var isEmpty: Bool { count == 0 }

    /// The position of the first column with this name; nil when there is none.
    public func column(named name: String) -> Int? {
        result.column(named: name).map(Int.init)
    }

    /// True for SQL's NULL.
    public func isNull(_ row: Int, _ column: Int) -> Bool {
        check(row, column)
        return result.isNull(Int32(row), Int32(column))
    }

    /// A `bigint`, `integer`, `smallint` or `oid`.
    public func int64(_ row: Int, _ column: Int) -> Int64 {
        withValue(row, column) { type, bytes in
            switch (type, bytes.count) {
            case (TypeIdentifier.int8, 8): Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
            case (TypeIdentifier.int4, 4): Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
            case (TypeIdentifier.int2, 2): Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
            case (TypeIdentifier.oid, 4): Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
            default: mismatch(column, "an integer")
            }
        }
    }

    /// A whole number as `int64`, or nil for NULL.
    public func int64OrNil(_ row: Int, _ column: Int) -> Int64? {
        isNull(row, column) ? nil : int64(row, column)
    }

    /// A `boolean`.
    public func bool(_ row: Int, _ column: Int) -> Bool {
        withValue(row, column) { type, bytes in
            guard type == TypeIdentifier.bool, bytes.count == 1 else { mismatch(column, "a boolean") }
            return bytes[0] != 0
        }
    }

    /// A `boolean`, or nil for NULL.
    public func boolOrNil(_ row: Int, _ column: Int) -> Bool? {
        isNull(row, column) ? nil : bool(row, column)
    }

    /// A `timestamptz` as microseconds since 1970; `infinity` is `Int64.max`, `-infinity` `Int64.min`. A `timestamp` is taken as UTC.
    public func timestamp(_ row: Int, _ column: Int) -> Int64 {
        withValue(row, column) { type, bytes in
            guard type == TypeIdentifier.timestamptz || type == TypeIdentifier.timestamp, bytes.count == 8 else {
                mismatch(column, "a timestamp")
            }
            return PostgresEpoch.fromServer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        }
    }

    /// A `timestamptz` as microseconds since 1970, or nil for NULL.
    public func timestampOrNil(_ row: Int, _ column: Int) -> Int64? {
        isNull(row, column) ? nil : timestamp(row, column)
    }

    /// A `date` as days since 1970-01-01.
    public func date(_ row: Int, _ column: Int) -> Int32 {
        withValue(row, column) { type, bytes in
            guard type == TypeIdentifier.date, bytes.count == 4 else { mismatch(column, "a date") }
            return Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)) &+ PostgresEpoch.days
        }
    }

    /// A `date` as days since 1970-01-01, or nil for NULL.
    public func dateOrNil(_ row: Int, _ column: Int) -> Int32? {
        isNull(row, column) ? nil : date(row, column)
    }

    /// A text of any kind: `text`, `varchar`, `char(n)`, `name`, `json`, `jsonb` and enumerations.
    public func text(_ row: Int, _ column: Int) -> String {
        withValue(row, column) { type, bytes in
            switch type {
            case TypeIdentifier.text, TypeIdentifier.varchar, TypeIdentifier.json, TypeIdentifier.bpchar, TypeIdentifier.name,
                TypeIdentifier.char, TypeIdentifier.unknown, TypeIdentifier.firstUserDefined...:
                String(decoding: bytes, as: UTF8.self)
            // The binary form of jsonb is a version byte and the text.
            case TypeIdentifier.jsonb where bytes.first == 1: String(decoding: bytes.dropFirst(), as: UTF8.self)
            default: mismatch(column, "text")
            }
        }
    }

    /// A text of any kind, or nil for NULL.
    public func textOrNil(_ row: Int, _ column: Int) -> String? {
        isNull(row, column) ? nil : text(row, column)
    }

    /// A `bytea`.
    public func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        withBytes(row, column) { [UInt8]($0) }
    }

    /// A `bytea`, or nil for NULL.
    public func bytesOrNil(_ row: Int, _ column: Int) -> [UInt8]? {
        isNull(row, column) ? nil : bytes(row, column)
    }

    /// A `bytea` without a copy.
    /// - Parameter body: gets the bytes, which are valid only while it runs.
    public func withBytes<R>(_ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        withValue(row, column) { type, bytes in
            guard type == TypeIdentifier.bytea else { mismatch(column, "bytea") }
            return body(bytes)
        }
    }
}

extension Rows {
    /// A value that is not NULL, with the type of its column.
    @inline(__always)
    func withValue<R>(_ row: Int, _ column: Int, _ body: (UInt32, UnsafeRawBufferPointer) -> R) -> R {
        check(row, column)
        let (line, place) = (Int32(row), Int32(column))
        return result.withValue(line, place) { bytes in
            // A NULL has no bytes, so the question is asked only for empty values.
            if bytes.isEmpty && result.isNull(line, place) { mismatch(column, "a value but NULL") }
            return body(result.type(place), bytes)
        }
    }

    @inline(__always)
    private func check(_ row: Int, _ column: Int) {
        precondition(row >= 0 && row < count, "row is outside of the result")
        precondition(column >= 0 && column < columnCount, "column is outside of the result")
    }

    @inline(never)
    func mismatch(_ column: Int, _ wanted: String) -> Never {
        let number = Int32(column)
        fatalError("column \(result.columnName(number)) (type \(result.type(number))) is not \(wanted)")
    }
}
