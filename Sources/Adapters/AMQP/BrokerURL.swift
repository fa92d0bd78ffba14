/// The parts of an `amqp://` or `amqps://` URL, percent-decoded.
struct BrokerURL {
    var isSecure: Bool
    var user: String?
    var password: String?
    var host: String
    var port: UInt16?
    var virtualHost = "/"
    var options: [(name: String, value: String)] = []

    static func refusal(_ reason: String) -> BrokerError {
        BrokerError(.misconfigured, "broker URL: \(reason)", isFatal: false)
    }

    init(_ url: String) throws(BrokerError) {
        var rest: Substring
        if url.hasPrefix("amqps://") {
            isSecure = true
            rest = url.dropFirst(8)
        } else if url.hasPrefix("amqp://") {
            isSecure = false
            rest = url.dropFirst(7)
        } else {
            throw Self.refusal("it starts with neither amqp:// nor amqps://")
        }
        var query: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        if let slash = rest.firstIndex(of: "/") {
            let path = rest[rest.index(after: slash)...]
            guard !path.contains("/") else { throw Self.refusal("a slash inside the virtual host is written %2F") }
            if !path.isEmpty { virtualHost = try Self.decoded(path, "virtual host") }
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            let credentials = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try Self.decoded(credentials[0], "user")
            if credentials.count == 2 { password = try Self.decoded(credentials[1], "password") }
            rest = rest[rest.index(after: at)...]
        }
        (host, port) = try Self.endpoint(rest)
        for pair in query.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { throw Self.refusal("an option without a value") }
            options.append((try Self.decoded(sides[0], "option"), try Self.decoded(sides[1], "option")))
        }
    }

    /// `host`, `host:port` or `[address]:port`.
    private static func endpoint(_ text: Substring) throws(BrokerError) -> (String, UInt16?) {
        var name = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw refusal("an address without its closing bracket") }
            name = text[text.index(after: text.startIndex)..<end]
            let tail = text[text.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw refusal("the port cannot be read") }
            if !tail.isEmpty { port = tail.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            name = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let host = try decoded(name, "host")
        guard !host.isEmpty, !host.utf8.contains(0) else { throw refusal("no host") }
        guard let port, !port.isEmpty else { return (host, nil) }
        guard let number = UInt16(port), number > 0 else { throw refusal("the port cannot be read") }
        return (host, number)
    }

    private static func decoded(_ text: Substring, _ part: String) throws(BrokerError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                throw refusal("a percent sign without two digits in the \(part)")
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw refusal("the \(part) is not UTF-8") }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
