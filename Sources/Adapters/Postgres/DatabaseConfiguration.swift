/// Where the database is and within which bounds a session works.
public struct DatabaseConfiguration: Sendable {
    /// A libpq URL (`postgresql://user:password@host:port/database?sslmode=verify-full`). Several hosts are tried in their order.
    public var url: String
    /// Shown in `pg_stat_activity` and in the server's log.
    public var applicationName: String
    /// Bound of the attempt to reach one host, including TLS and authentication. The resolver's own time-out comes on top.
    public var connectTimeout: Duration
    /// Bound of one statement on the server. The client gives up `DatabaseConnection.deadlineMargin` later, whatever the server does.
    public var statementTimeout: Duration
    /// Further run-time parameters of the session, such as `lock_timeout`.
    public var settings: [String: String]

    /// - Precondition: both time-outs are at least one millisecond.
    public init(
        url: String, applicationName: String, connectTimeout: Duration = .seconds(10), statementTimeout: Duration = .seconds(30),
        settings: [String: String] = [:]
    ) {
        precondition(connectTimeout >= .milliseconds(1) && statementTimeout >= .milliseconds(1), "time-outs must be positive")
        self.url = url
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.settings = settings
    }
}
