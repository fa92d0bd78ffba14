/// Reads big-endian fields one after the other and never past the end.
struct Cursor {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func take(_ count: Int) throws(BrokerError) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - offset else { throw .violation("a field that runs past its frame") }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    mutating func uint8() throws(BrokerError) -> UInt8 { try take(1)[0] }
    mutating func uint16() throws(BrokerError) -> UInt16 { UInt16(bigEndian: try take(2).loadUnaligned(as: UInt16.self)) }
    mutating func uint32() throws(BrokerError) -> UInt32 { UInt32(bigEndian: try take(4).loadUnaligned(as: UInt32.self)) }
    mutating func uint64() throws(BrokerError) -> UInt64 { UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self)) }

    mutating func shortString() throws(BrokerError) -> UnsafeRawBufferPointer { try take(Int(try uint8())) }
    mutating func longString() throws(BrokerError) -> UnsafeRawBufferPointer { try take(Int(try uint32())) }
    mutating func text() throws(BrokerError) -> String { String(decoding: try shortString(), as: UTF8.self) }
}
