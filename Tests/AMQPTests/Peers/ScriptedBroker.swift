import Glibc

@testable import AMQP

/// A peer that shakes hands like a broker and then does what the test says, byte for byte.
// Unchecked: all its fields are set before the thread starts.
final class ScriptedBroker: @unchecked Sendable {
    private let listener = Listener()
    private let heartbeat: UInt16
    private let frameMax: UInt32
    private let skipsHandshake: Bool
    private let script: @Sendable (ScriptedPeer) -> Void

    init(
        heartbeat: UInt16 = 0, frameMax: UInt32 = 131_072, skipsHandshake: Bool = false,
        _ script: @escaping @Sendable (ScriptedPeer) -> Void
    ) {
        self.heartbeat = heartbeat
        self.frameMax = frameMax
        self.skipsHandshake = skipsHandshake
        self.script = script
        var thread = pthread_t()
        pthread_create(&thread, nil, runScript, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    var port: UInt16 { listener.port }

    /// A configuration that leads to this peer.
    func configuration() throws -> BrokerConfiguration {
        var configuration = try BrokerConfiguration(url: "amqp://127.0.0.1:\(port)")
        configuration.heartbeat = .seconds(Int(heartbeat))
        configuration.connectTimeout = .seconds(5)
        return configuration
    }

    fileprivate func run() {
        let peer = ScriptedPeer(descriptor: accept(listener.descriptor, nil, nil))
        if !skipsHandshake { peer.shakeHands(heartbeat: heartbeat, frameMax: frameMax) }
        script(peer)
        close(peer.descriptor)
        close(listener.descriptor)
    }
}

/// Entry of the peer's thread.
private func runScript(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ScriptedBroker>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

/// The peer's end of the connection.
struct ScriptedPeer {
    let descriptor: Int32

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func sendMethod(_ classID: UInt16, _ method: UInt16, channel: UInt16 = 1, _ arguments: [UInt8] = []) {
        send(Self.frame(1, channel, Self.two(classID) + Self.two(method) + arguments))
    }

    /// Exactly `count` bytes, nil when the client hung up.
    func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        return got == count ? bytes : nil
    }

    /// The payload of the next frame.
    func readFrame() -> [UInt8]? {
        guard let head = read(7) else { return nil }
        let size = head[3...6].reduce(0) { $0 << 8 | Int($1) }
        guard let rest = read(size + 1) else { return nil }
        return Array(rest.dropLast())
    }

    /// Reads until a method comes; false when the client hung up before.
    @discardableResult
    func readUntil(_ classID: UInt16, _ method: UInt16) -> Bool {
        while let payload = readFrame() {
            if payload.prefix(4).elementsEqual(Self.two(classID) + Self.two(method)) { return true }
        }
        return false
    }

    /// Reads and forgets until the client hangs up.
    func readToEnd() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
    }

    func shakeHands(heartbeat: UInt16, frameMax: UInt32) {
        _ = read(8)
        sendMethod(10, 10, channel: 0, [0, 9] + Self.four(0) + Self.long("PLAIN") + Self.long("en_US"))
        readUntil(10, 11)
        sendMethod(10, 30, channel: 0, Self.two(0) + Self.four(frameMax) + Self.two(heartbeat))
        readUntil(10, 40)
        sendMethod(10, 41, channel: 0, [0])
        readUntil(20, 10)
        sendMethod(20, 11, Self.four(0))
    }

    static func two(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
    static func four(_ value: UInt32) -> [UInt8] { two(UInt16(value >> 16)) + two(UInt16(value & 0xFFFF)) }
    static func eight(_ value: UInt64) -> [UInt8] { four(UInt32(value >> 32)) + four(UInt32(value & 0xFFFF_FFFF)) }
    static func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }
    static func long(_ text: String) -> [UInt8] { four(UInt32(text.utf8.count)) + Array(text.utf8) }
    static func frame(_ type: UInt8, _ channel: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [type] + two(channel) + four(UInt32(payload.count)) + payload + [0xCE]
    }
}
