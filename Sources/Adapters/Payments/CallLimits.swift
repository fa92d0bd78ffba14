/// How long a gateway may take (`payments.md`, Charging, 2).
public struct CallLimits: Hashable, Sendable {
    /// Name look-up, TCP and TLS together.
    public let connect: Duration
    /// From the question to its answer, also where it takes more than one call.
    public let total: Duration

    /// So that a call always ends well before the broker could miss a heartbeat.
    public static let standard = CallLimits(connect: .seconds(5), total: .seconds(15))

    public init(connect: Duration, total: Duration) {
        self.connect = connect
        self.total = total
    }
}
