public import Domain

/// Everything that a program is told from outside, read once and checked (operations.md, "Configuration"). A value; any thread may read.
public struct Configuration: Sendable {
    /// Where a value came from, for `--print-config`.
    enum Origin: Sendable, Equatable {
        case fallback
        case environment
        case file
        /// A file of its own, named by `NAME_FILE`.
        case secretFile
        case argument
    }

    struct Known: Sendable {
        let text: String
        let value: SettingKind.Value
        let origin: Origin
    }

    /// Only variables that have a value.
    let known: [Setting: Known]

    /// The configuration in which everything has its default. For tests and tools.
    public static func defaults(_ changes: [Setting: String] = [:]) throws(ConfigurationMistakes) -> Configuration {
        var environment: [String: String] = [:]
        for (setting, text) in changes { environment[setting.rawValue] = text }
        return try ConfigurationReader(environment: environment).read()
    }

    /// The value as text; nil where the variable is not set and has no default.
    public func text(_ setting: Setting) -> String? { known[setting]?.text }

    func flag(_ setting: Setting) -> Bool {
        if case .flag(let value)? = known[setting]?.value { value } else { false }
    }

    func integer(_ setting: Setting) -> Int64 {
        if case .integer(let value)? = known[setting]?.value { value } else { 0 }
    }

    func count(_ setting: Setting) -> Int { Int(clamping: integer(setting)) }

    func level(_ setting: Setting) -> BalanceLevel {
        if case .level(let value)? = known[setting]?.value { value } else { .tokens(0) }
    }
}

// The rules.
extension Configuration {
    /// First value of the switch `system.enabled` (domain.md 7.9).
    public var isTokenSystemEnabled: Bool { flag(.enableTokenSystem) }
    /// Net price of a single token in ten-thousandths of `currency`.
    public var tokenPrice: Int64 { integer(.defaultTokenPrice) }
    /// Currency of prices.
    public var currency: String { text(.tokenCurrency) ?? "USD" }
    /// Days after which purchased tokens expire; nil: never.
    public var expirationDays: Int? { flag(.tokenExpirationEnabled) ? count(.tokenExpirationDays) : nil }
    /// Default level of the low balance notice.
    public var lowBalance: BalanceLevel { level(.tokenLowBalanceThreshold) }
    /// Default level of the critical balance notice.
    public var criticalBalance: BalanceLevel { level(.tokenCriticalBalanceThreshold) }
    /// Tax in ten-thousandths.
    public var taxRate: Int64 { integer(.tokenInvoiceTaxRate) }
    /// Days after its issue at which an unpaid invoice is due.
    public var invoiceDueDays: Int64 { integer(.tokenInvoiceDueDays) }
    /// The catalog that is shown, and at whose single price custom amounts are sold (domain.md 7.3).
    public var catalog: String { text(.tokenCatalog) ?? Catalog.organization }
    /// How many tokens a custom amount may have; no amount at all where the two settings contradict one another.
    public var customTokens: ClosedRange<Int64> {
        let least = integer(.tokenPurchaseMin)
        return least...max(least, integer(.tokenPurchaseMax))
    }
    /// Whether a wallet is suspended when a bank withdraws a payment (domain.md 7.7).
    public var disputeSuspends: Bool { flag(.tokenDisputeSuspends) }
    /// Who sells, as invoices print it.
    public var seller: InvoiceParty {
        // Lines are separated in the variable as they are in an environment file: by the two characters `\n`.
        let address = text(.sellerAddress)?.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
        return InvoiceParty(name: text(.sellerName) ?? "Purser", address: address, taxID: text(.sellerTaxID), email: text(.sellerEmail))
    }
    /// Tokens that a new wallet gets once (domain.md 12.3).
    public var welcomeGrant: Int64 { integer(.tokenWelcomeGrant) }
    /// Tokens that a new wallet gets each month (domain.md 12.3).
    public var monthlyAllowance: Int64 { integer(.tokenMonthlyAllowance) }
    /// Free uses that a new wallet has (domain.md 5.3).
    public var trialUses: Int64 { integer(.tokenTrialUses) }
    /// Seconds after an expiry in which late events may still spend (domain.md 12.1).
    public var lateWindowSeconds: Int64 { integer(.lateWindow) }
    /// Whether the moment of a step is the time of its message (domain.md 0.1).
    public var isTimeTravel: Bool { flag(.timeTravel) }
}

// The programs.
extension Configuration {
    /// Threads with connections of their own in one process.
    public var lanes: Int { count(.lanes) }
    /// Which share of the usage partitions is served first.
    public var shard: Shard {
        if case .shard(let value)? = known[.shard]?.value { value } else { .whole }
    }
    /// How many queues `purser.usage.N` there are.
    public var usagePartitions: Int { count(.usagePartitions) }
    /// Most messages in one transaction.
    public var batchMessages: Int { count(.batchMessages) }
    /// Most bytes of messages in one transaction.
    public var batchBytes: Int { count(.batchBytes) }
    /// Unacknowledged messages per usage partition.
    public var prefetch: Int { count(.prefetch) }
    /// Unacknowledged messages per command queue.
    public var commandPrefetch: Int { count(.commandPrefetch) }
    /// How long a program may finish its work after SIGTERM.
    public var drainTime: Duration { .seconds(count(.drainSeconds)) }
    /// Time limit for opening a connection.
    public var connectTime: Duration { .seconds(count(.connectSeconds)) }
    /// Time limit of a database statement.
    public var statementTime: Duration { .seconds(count(.statementSeconds)) }
    /// How long an answer waits for a blocked broker before it is dropped.
    public var answerWait: Duration { .milliseconds(count(.answerWaitMilliseconds)) }
    /// Port of the metrics endpoint; nil: none.
    public var metricsPort: UInt16? { integer(.metricsPort) == 0 ? nil : UInt16(clamping: integer(.metricsPort)) }
    /// Where the payment simulator listens.
    public var paysimAddress: ListenAddress {
        if case .address(let value)? = known[.paysimAddress]?.value { value } else { ListenAddress("127.0.0.1:12111")! }
    }
    /// Where a test wants the process to be killed.
    public var crashTrap: CrashPoint.Trap? {
        if case .crashPoint(let value)? = known[.crashPoint]?.value { value } else { nil }
    }
}
