/// The input buffer: bytes come in as the socket has them, whole frames go out, in order, each exactly once.
struct FrameReader: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private var head = 0
    private var tail = 0
    /// Largest frame the peer may send, overhead included.
    var frameMax: Int

    init(frameMax: Int) {
        self.frameMax = frameMax
        capacity = max(4 * frameMax, 256 * 1024)
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Hands the free space to `read`, which says how many bytes it put there. Every whole frame was taken out before, so there is always
    /// room for the rest of one.
    mutating func fill(_ read: (UnsafeMutableRawBufferPointer) -> IOResult) -> IOResult {
        if head == tail {
            head = 0
            tail = 0
        } else if capacity - tail < frameMax {
            base.copyMemory(from: base + head, byteCount: tail - head)
            tail -= head
            head = 0
        }
        let result = read(UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail))
        if case .done(let count) = result { tail += count }
        return result
    }

    /// Calls `body` with every whole frame.
    /// - Throws: `.protocolViolation` for a frame that cannot be one, and whatever `body` throws.
    mutating func forEachFrame(_ body: (Frame) throws(BrokerError) -> Void) throws(BrokerError) {
        while tail - head >= 7 {
            let start = base + head
            guard let type = FrameType(rawValue: start.load(as: UInt8.self)) else {
                throw .violation("an unknown frame type: the peer does not speak AMQP 0-9-1")
            }
            let size = Int(UInt32(bigEndian: start.loadUnaligned(fromByteOffset: 3, as: UInt32.self)))
            guard size + Frame.overhead <= frameMax else { throw .violation("a frame above the agreed size") }
            guard tail - head >= size + Frame.overhead else { return }
            guard (start + 7 + size).load(as: UInt8.self) == Frame.end else { throw .violation("a frame without its end") }
            head += size + Frame.overhead
            let channel = UInt16(bigEndian: start.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
            try body(Frame(type: type, channel: channel, payload: UnsafeRawBufferPointer(start: start + 7, count: size)))
        }
    }
}
