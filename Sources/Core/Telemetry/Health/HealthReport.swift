/// What a health check answers. A value; the HTTP endpoints that show it are another module's business.
public struct HealthReport: Sendable, Equatable {
    /// The process's loops turn. False: restart it.
    public let isLive: Bool
    /// It can do its work: broker, database, topology and schema are there, and it is not stopping.
    public let isReady: Bool
    /// What is missing, one sentence each, sorted; empty when live and ready.
    public let reasons: [String]

    /// A report with these parts.
    public init(isLive: Bool, isReady: Bool, reasons: [String]) {
        self.isLive = isLive
        self.isReady = isReady
        self.reasons = reasons
    }
}
