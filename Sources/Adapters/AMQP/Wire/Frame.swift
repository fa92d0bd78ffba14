/// The kinds of frame in AMQP 0-9-1.
enum FrameType: UInt8 {
    case method = 1
    case header = 2
    case body = 3
    case heartbeat = 8
}

/// A whole frame inside the input buffer; the payload is only good inside `FrameReader.forEachFrame`.
struct Frame {
    static let end: UInt8 = 0xCE
    /// Type, channel and size before the payload, the end octet behind it.
    static let overhead = 8

    let type: FrameType
    let channel: UInt16
    let payload: UnsafeRawBufferPointer
}
