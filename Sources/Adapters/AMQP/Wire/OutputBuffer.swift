/// Frames that wait to be sent: many frames, one send.
struct OutputBuffer {
    private(set) var bytes: [UInt8] = []
    private var head = 0

    /// Holds what usually gathers before it is sent.
    private static let usual = 160 * 1024
    /// Memory beyond that was for one large message, and is given back.
    private static let mostKept = 1 << 20

    init() { bytes.reserveCapacity(Self.usual) }

    /// Bytes for which there is memory.
    var capacity: Int { bytes.capacity }

    /// Bytes not yet taken by the socket.
    var pending: Int { bytes.count - head }
    var isEmpty: Bool { head == bytes.count }

    func withPending<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[head...])) }
    }

    /// The socket took `count` bytes.
    mutating func consume(_ count: Int) {
        head += count
        if head == bytes.count {
            if bytes.capacity > Self.mostKept { self = OutputBuffer() } else { bytes.removeAll(keepingCapacity: true) }
            head = 0
        } else if head > 1 << 20 {
            bytes.removeSubrange(..<head)
            head = 0
        }
    }

    /// Place to go back to when a message turns out not to fit the protocol.
    var mark: Int { bytes.count }
    mutating func rewind(to mark: Int) { bytes.removeSubrange(mark...) }

    mutating func append(_ value: UInt8) { bytes.append(value) }
    mutating func append(_ value: UInt16) { append(bigEndian: value) }
    mutating func append(_ value: UInt32) { append(bigEndian: value) }
    mutating func append(_ value: UInt64) { append(bigEndian: value) }

    private mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(contentsOf other: UnsafeRawBufferPointer) { bytes.append(contentsOf: other) }
    mutating func append(contentsOf other: ArraySlice<UInt8>) { bytes.append(contentsOf: other) }

    mutating func append(shortString text: String) throws(BrokerError) {
        let utf8 = text.utf8
        guard utf8.count <= 255 else { throw .invalid("a text above 255 bytes") }
        bytes.append(UInt8(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    /// Starts a frame; `endFrame` fills in its size.
    mutating func beginFrame(_ type: FrameType, channel: UInt16) -> Int {
        append(type.rawValue)
        append(channel)
        append(UInt32(0))
        return bytes.count
    }

    mutating func endFrame(_ start: Int) {
        setUInt32(UInt32(bytes.count - start), at: start - 4)
        append(Frame.end)
    }

    mutating func setUInt16(_ value: UInt16, at offset: Int) {
        bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    mutating func setUInt32(_ value: UInt32, at offset: Int) {
        bytes[offset] = UInt8(truncatingIfNeeded: value >> 24)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value >> 16)
        bytes[offset + 2] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 3] = UInt8(truncatingIfNeeded: value)
    }
}
