import Glibc
import Testing

@testable import AMQP

/// The broker the tests talk to, with a virtual host of their own.
enum TestBroker {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    static let virtualHost = "test-amqp"

    static func environment(_ name: String) throws -> String {
        guard let value = getenv(name) else { throw Missing(description: "\(name) is not set; run the tests through ops/test") }
        return String(cString: value)
    }

    /// A configuration for the tests' virtual host.
    static func configuration() throws -> BrokerConfiguration {
        try virtualHostExists.get()
        var configuration = try BrokerConfiguration(url: environment("PURSER_TEST_AMQP_URL"))
        configuration.virtualHost = virtualHost
        return configuration
    }

    static func connect(_ name: String = "amqp tests") throws -> BrokerConnection {
        try BrokerConnection(configuration(), name: name)
    }

    /// A name that no other test and no other run uses.
    static func uniqueName(_ prefix: String) -> String { "\(prefix).\(getpid()).\(UInt32.random(in: .min ... .max))" }

    private static let virtualHostExists: Result<Void, any Error> = Result {
        let url = try environment("PURSER_TEST_AMQP_ADMIN_URL")
        guard url.hasPrefix("http://") else { throw Missing(description: "PURSER_TEST_AMQP_ADMIN_URL has to be http") }
        let parts = try BrokerURL("amqp://" + url.dropFirst("http://".count))
        let credentials = base64(Array("\(parts.user ?? "guest"):\(parts.password ?? "guest")".utf8))
        let request =
            "PUT /api/vhosts/\(virtualHost) HTTP/1.1\r\nHost: \(parts.host)\r\nAuthorization: Basic \(credentials)\r\n"
            + "Content-Length: 0\r\nConnection: close\r\n\r\n"
        let deadline = Deadline(after: .seconds(20))
        let socket = try Socket.connect(to: parts.host, port: parts.port ?? 15_672, until: deadline)
        _ = Array(request.utf8).withUnsafeBytes { socket.write($0) }
        var buffer = [UInt8](repeating: 0, count: 512)
        guard Poll.wait(socket.descriptor, POLLIN, until: deadline),
            case .done(let count) = buffer.withUnsafeMutableBytes({ socket.read(into: $0) })
        else { throw Missing(description: "the management API does not answer") }
        let answer = String(decoding: buffer[..<count], as: UTF8.self)
        guard answer.hasPrefix("HTTP/1.1 20") else { throw Missing(description: "no virtual host: \(answer.prefix(40))") }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).reduce(0) { $0 << 8 | (start + $1 < bytes.count ? Int(bytes[start + $1]) : 0) }
            for position in 0..<4 {
                text.append(start + position <= bytes.count ? alphabet[group >> (18 - 6 * position) & 63] : "=")
            }
        }
        return text
    }
}

extension BrokerConnection {
    /// Receives until `count` deliveries are there.
    func receive(_ count: Int, limit: Int = 1_000, within timeout: Duration = .seconds(20)) throws -> [Delivery] {
        let deadline = Deadline(after: timeout)
        var all: [Delivery] = []
        while all.count < count {
            guard !deadline.hasPassed else {
                throw TestBroker.Missing(description: "only \(all.count) of \(count) deliveries came in time")
            }
            var batch: [Delivery] = []
            try receive(into: &batch, limit: limit, timeout: .seconds(1))
            all += batch
        }
        return all
    }
}
