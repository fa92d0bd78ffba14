/// `wallet.reactivated`: a wallet is debited again (product.md W4).
public struct WalletReactivated: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.walletReactivated

    /// Why.
    public var reason: String?
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(reason: String? = nil, actor: String? = nil) {
        self.reason = reason
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("reason", ifPresent: reason)
        writer.member("actor", ifPresent: actor)
    }
}
