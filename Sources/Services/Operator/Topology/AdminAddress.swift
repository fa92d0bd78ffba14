import HTTP

/// Where the broker's management interface is, who asks, and about which virtual host.
public struct AdminAddress: Sendable, Equatable {
    /// `http://host:port`, without a path.
    public let base: String
    /// The login name.
    public let user: String
    /// Never printed.
    let password: String
    /// The virtual host that the topology belongs to.
    public let virtualHost: String

    /// Reads `http[s]://user:password@host:port[/vhost]`. The virtual host is the path (percent-encoded, `%2F` for `/`); without one it is
    /// that of `amqpURL`, and without that `purser`.
    /// - Throws: `configuration`, without the address in its words.
    public init(adminURL: String, amqpURL: String?) throws(TopologyError) {
        guard let scheme = ["http://", "https://"].first(where: adminURL.hasPrefix) else {
            throw TopologyError(.configuration, "AMQP_ADMIN_URL starts with neither http:// nor https://")
        }
        var rest = adminURL.dropFirst(scheme.count)
        var path: Substring = ""
        if let slash = rest.firstIndex(of: "/") {
            path = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
        }
        guard let at = rest.lastIndex(of: "@") else { throw TopologyError(.configuration, "AMQP_ADMIN_URL names no user and password") }
        let login = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let host = rest[rest.index(after: at)...]
        guard login.count == 2, !login[0].isEmpty, !host.isEmpty else {
            throw TopologyError(.configuration, "AMQP_ADMIN_URL is not of the form http://user:password@host:port/vhost")
        }
        base = scheme + host
        user = try AdminAddress.decoded(login[0], "AMQP_ADMIN_URL")
        password = try AdminAddress.decoded(login[1], "AMQP_ADMIN_URL")
        if path.hasSuffix("/") { path = path.dropLast() }
        if path.isEmpty {
            virtualHost = try AdminAddress.virtualHost(ofBroker: amqpURL) ?? "purser"
        } else {
            guard !path.contains("/") else {
                throw TopologyError(.configuration, "AMQP_ADMIN_URL: a slash in the virtual host is written %2F")
            }
            virtualHost = try AdminAddress.decoded(path, "AMQP_ADMIN_URL")
        }
    }

    /// The same interface, another virtual host.
    public init(_ other: AdminAddress, virtualHost: String) {
        base = other.base
        user = other.user
        password = other.password
        self.virtualHost = virtualHost
    }

    /// The virtual host of an AMQP URL: its path, and `/` where that is missing or empty; nil without a URL.
    private static func virtualHost(ofBroker url: String?) throws(TopologyError) -> String? {
        guard let url, let scheme = ["amqp://", "amqps://"].first(where: url.hasPrefix) else { return nil }
        let rest = url.dropFirst(scheme.count).prefix { $0 != "?" }
        guard let slash = rest.firstIndex(of: "/"), rest.index(after: slash) < rest.endIndex else { return "/" }
        return try decoded(rest[rest.index(after: slash)...], "AMQP_URL")
    }

    private static func decoded(_ text: Substring, _ variable: String) throws(TopologyError) -> String {
        guard let plain = PercentEncoding.decoded(text) else {
            throw TopologyError(.configuration, "\(variable) has a percent sign without two digits, or is not UTF-8")
        }
        return plain
    }
}
