import Glibc
import Synchronization

/// A TCP server on a free loopback port that serves one connection with a script: reads a request, then sends bytes, closes, or holds still.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        /// Sends these bytes.
        case send(String)
        /// Sends this many bytes of `x`.
        case fill(Int)
        /// Keeps the connection open until the client closes it.
        case hold
    }

    let port: UInt16
    private let listener: Int32
    private let received = Mutex<[UInt8]>([])

    init(_ steps: [Step]) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(listener, generic, length) == 0 && listen(listener, 1) == 0, "no loopback socket")
                precondition(getsockname(listener, generic, &length) == 0, "no port")
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        let server = Unmanaged.passRetained(Script(server: self, steps: steps))
        var thread = pthread_t()
        precondition(pthread_create(&thread, nil, runScript, server.toOpaque()) == 0, "no thread")
        pthread_detach(thread)
    }

    /// What the client sent before the first step.
    var request: String { received.withLock { String(decoding: $0, as: UTF8.self) } }

    fileprivate func serve(_ steps: [Step]) {
        let client = accept(listener, nil, nil)
        close(listener)
        guard client >= 0 else { return }
        defer { close(client) }
        readRequest(client)
        for step in steps {
            switch step {
            case .send(let text): write(client, Array(text.utf8))
            case .fill(let count): write(client, [UInt8](repeating: UInt8(ascii: "x"), count: count))
            case .hold:
                var byte: UInt8 = 0
                while recv(client, &byte, 1, 0) > 0 {}
            }
        }
    }

    /// Reads up to the end of the header and, for bodies, up to the marker `END`.
    private func readRequest(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received.withLock { $0.append(contentsOf: buffer[..<count]) }
            let text = request
            if text.hasSuffix(text.hasPrefix("POST") ? "END" : "\r\n\r\n") { return }
        }
    }

    private func write(_ client: Int32, _ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }
}

private final class Script: Sendable {
    let server: ScriptedServer
    let steps: [ScriptedServer.Step]

    init(server: ScriptedServer, steps: [ScriptedServer.Step]) {
        self.server = server
        self.steps = steps
    }

    func run() {
        server.serve(steps)
    }
}

private func runScript(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<Script>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
