/// `billing.wallet_settings`: change some settings of a wallet; fields that are absent stay as they are.
public struct WalletSettings: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.walletSettings

    /// Services that cost nothing until a moment; an empty list ends such a cover.
    public struct UnlimitedCover: Equatable, Sendable {
        /// Names of services, at most 100.
        public var services: [String]
        /// Until when, in microseconds since 1970; nil only where the list is empty.
        public var until: Int64?

        /// A cover for services.
        public init(services: [String], until: Int64?) {
            self.services = services
            self.until = until
        }
    }

    /// How far the wallet may go below zero.
    public var overdraftLimit: OverdraftLimit?
    /// Trial uses that are left from now on.
    public var trialUses: Int64?
    /// Tokens that are given free every month.
    public var monthlyAllowance: Int64?
    /// Services that cost nothing until a moment.
    public var unlimited: UnlimitedCover?
    /// Who the organization is.
    public var contact: ContactFields
    /// For whom the change is made.
    public var actor: String?

    /// Settings to change, none of them by default.
    public init(
        overdraftLimit: OverdraftLimit? = nil, trialUses: Int64? = nil, monthlyAllowance: Int64? = nil, unlimited: UnlimitedCover? = nil,
        contact: ContactFields = ContactFields(), actor: String? = nil
    ) {
        self.overdraftLimit = overdraftLimit
        self.trialUses = trialUses
        self.monthlyAllowance = monthlyAllowance
        self.unlimited = unlimited
        self.contact = contact
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            let settings = WalletSettings(
                overdraftLimit: try OverdraftLimit(fields, "overdraft_limit"),
                trialUses: try fields.whole("trial_uses", RequestRule.trialUses),
                monthlyAllowance: try fields.whole("monthly_allowance", RequestRule.tokensOrNone),
                unlimited: try Self.cover(fields), contact: try ContactFields(fields), actor: try fields.text("actor", RequestRule.actor))
            guard settings.changesAnything else { throw .invalid("data", "an object with at least one setting") }
            return settings
        }
    }

    private var changesAnything: Bool {
        overdraftLimit != nil || trialUses != nil || monthlyAllowance != nil || unlimited != nil || !contact.isEmpty
    }

    private static func cover(_ fields: FieldReader) throws(FieldProblem) -> UnlimitedCover? {
        let services = try fields.texts("unlimited_services", count: RequestRule.serviceCount, TextRule.service)
        let until = try fields.time("unlimited_until")
        guard let services else {
            if until != nil { throw .missing("unlimited_services") }
            return nil
        }
        if until == nil, !services.isEmpty { throw .missing("unlimited_until") }
        return UnlimitedCover(services: services, until: until)
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        overdraftLimit?.write("overdraft_limit", to: &writer)
        writer.member("trial_uses", ifPresent: trialUses)
        writer.member("monthly_allowance", ifPresent: monthlyAllowance)
        if let unlimited {
            writer.name("unlimited_services")
            writer.beginArray()
            for service in unlimited.services { writer.value(service) }
            writer.endArray()
            writer.member("unlimited_until", timeIfPresent: unlimited.until)
        }
        contact.write(to: &writer)
        writer.member("actor", ifPresent: actor)
    }
}
