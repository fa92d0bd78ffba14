/// Reads a table of headers: scalars into values, anything nested into `.unsupported` without a look inside.
enum HeadersReader {
    /// A table that breaks off or has a type nobody knows ends there, without an error: a message that one producer spoiled must not cost
    /// the consumer its connection, since the broker would deliver it to the next one.
    static func read(_ table: UnsafeRawBufferPointer) -> Headers {
        var headers = Headers()
        var cursor = Cursor(table)
        while !cursor.isAtEnd {
            guard let name = try? cursor.text() else { break }
            guard let value = try? value(&cursor) else {
                headers.entries.append(.init(name, .unsupported))
                break
            }
            headers.entries.append(.init(name, value))
        }
        return headers
    }

    private static func value(_ cursor: inout Cursor) throws(BrokerError) -> FieldValue {
        switch try cursor.uint8() {
        case UInt8(ascii: "t"): .bool(try cursor.uint8() != 0)
        case UInt8(ascii: "b"): .int(Int64(Int8(bitPattern: try cursor.uint8())))
        case UInt8(ascii: "B"): .int(Int64(try cursor.uint8()))
        case UInt8(ascii: "s"): .int(Int64(Int16(bitPattern: try cursor.uint16())))
        case UInt8(ascii: "u"): .int(Int64(try cursor.uint16()))
        case UInt8(ascii: "I"): .int(Int64(Int32(bitPattern: try cursor.uint32())))
        case UInt8(ascii: "i"): .int(Int64(try cursor.uint32()))
        case UInt8(ascii: "l"), UInt8(ascii: "L"): .int(Int64(bitPattern: try cursor.uint64()))
        case UInt8(ascii: "f"): .double(Double(Float(bitPattern: try cursor.uint32())))
        case UInt8(ascii: "d"): .double(Double(bitPattern: try cursor.uint64()))
        case UInt8(ascii: "S"): string(try cursor.longString())
        case UInt8(ascii: "x"): .bytes(Array(try cursor.longString()))
        case UInt8(ascii: "T"): .timestamp(try cursor.uint64())
        case UInt8(ascii: "V"): .void
        case UInt8(ascii: "A"), UInt8(ascii: "F"): try skipped(cursor.longString())
        case UInt8(ascii: "D"): try skipped(cursor.take(5))
        default: throw .violation("a header of an unknown type")
        }
    }

    private static func skipped(_ bytes: UnsafeRawBufferPointer) -> FieldValue { .unsupported }

    private static func string(_ raw: UnsafeRawBufferPointer) -> FieldValue {
        if let text = String(validating: raw, as: UTF8.self) { .string(text) } else { .bytes(Array(raw)) }
    }
}
