import Glibc

/// Where a server listens: an IP address and a port.
public struct ListenAddress: Sendable, Equatable {
    /// Without brackets.
    public let host: String
    /// 0: any free one.
    public let port: UInt16

    /// Nil for anything but `1.2.3.4:80` and `[::1]:80`.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        var space = in6_addr()
        guard inet_pton(isBracketed ? AF_INET6 : AF_INET, String(host), &space) == 1 else { return nil }
        self.host = String(host)
        self.port = port
    }
}
