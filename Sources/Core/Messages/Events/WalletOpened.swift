/// `wallet.opened`: an organization has a wallet now (product.md W1).
public struct WalletOpened: EventPayload, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = EventType.walletOpened

    /// The organization's name.
    public var name: String?
    /// For whom the change was made.
    public var actor: String?

    /// What happened.
    public init(name: String? = nil, actor: String? = nil) {
        self.name = name
        self.actor = actor
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        writer.member("name", ifPresent: name)
        writer.member("actor", ifPresent: actor)
    }
}
