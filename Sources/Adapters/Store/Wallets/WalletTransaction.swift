import Crypto
public import Domain
public import Postgres

/// What a step needs to see before it decides.
public struct WalletLoad {
    /// Distinct organization ids whose wallets are locked.
    public var organizations: [String]
    /// Identities that are looked up among the usage rows, in the order of the step's messages; may repeat.
    public var identities: [EventIdentity]
    /// Whether it matters that refusals of usage are open. Only who decides usage has to know, and may.
    public var withRefusals: Bool

    public init(organizations: [String], identities: [EventIdentity] = [], withRefusals: Bool = false) {
        self.organizations = organizations
        self.identities = identities
        self.withRefusals = withRefusals
    }
}

/// Wallets to open and what they start with (`TOKEN_TRIAL_USES`, `TOKEN_MONTHLY_ALLOWANCE`).
public struct WalletOpening: Sendable {
    public var organizations: [String]
    public var trialUses: Int64
    public var monthlyAllowance: Int64
    public var moment: Moment

    public init(organizations: [String], trialUses: Int64, monthlyAllowance: Int64, moment: Moment) {
        self.organizations = organizations
        self.trialUses = trialUses
        self.monthlyAllowance = monthlyAllowance
        self.moment = moment
    }
}

/// A usage row as far as a repeated delivery of its event needs it (`domain.md` 5.1).
public struct DecidedUsage: Sendable {
    public let walletID: Int64
    public let sequence: Int64
    public let outcome: UsageOutcome
    /// Tokens charged.
    public let tokens: Int64
    public let reason: String?
    public let service: String?
    public let quantity: Int64?
    /// The event's own token count.
    public let tokenCount: Int64?

    public init(
        walletID: Int64, sequence: Int64, outcome: UsageOutcome, tokens: Int64, reason: String?, service: String?, quantity: Int64?,
        tokenCount: Int64?
    ) {
        self.walletID = walletID
        self.sequence = sequence
        self.outcome = outcome
        self.tokens = tokens
        self.reason = reason
        self.service = service
        self.quantity = quantity
        self.tokenCount = tokenCount
    }

    /// Whether an event has the content that was decided: organization, service, quantity, tokens.
    public func hasContent(of event: UsageEvent, wallet: Int64) -> Bool {
        walletID == wallet && service.map { ExactText($0) } == ExactText(event.service) && quantity == event.quantity
            && tokenCount == event.tokenCount
    }
}

/// One database transaction of a step on wallets: locks and loads them, lets the step change them in memory, and stores the changes
/// with everything else that must commit together (`domain.md` 5.6).
///
/// Belongs to the thread of its connection. When any call throws, the transaction is over and nothing of it has happened; whether a
/// retry makes sense is the error's `isRetriable`. A commit whose answer was lost may have happened: a repeated step finds it.
public final class WalletTransaction {
    private let connection: DatabaseConnection
    private let directory: WalletDirectory
    /// The loaded wallets, in the order of their ids. A step changes them in place.
    public var wallets: [Wallet] = []
    /// Organizations whose wallets this transaction has opened.
    public private(set) var opened: Set<String> = []
    /// Usage rows by identity.
    public var decided: [EventIdentity: DecidedUsage] = [:]
    /// The switch and the versions, read once per step.
    public private(set) var system = SystemState()
    private var stored: [StoredWallet] = []
    private var lotLocations: [LotKey: RowLocation] = [:]
    private var places: [String: Int] = [:]
    private var placesByID: [Int64: Int] = [:]

    /// Begins the transaction and loads everything in one round trip, and what only few wallets have in a second one. Organizations that
    /// the directory does not know are looked up before that.
    public init(on connection: DatabaseConnection, _ load: WalletLoad, directory: WalletDirectory = WalletDirectory()) throws(DatabaseError)
    {
        self.connection = connection
        self.directory = directory
        var requests = [Request(WalletStatements.begin)]
        // Kept here: the directory may forget them while it learns others.
        var known: [(organization: String, id: Int64)] = []
        var unknown: [String] = []
        for organization in load.organizations {
            if let id = directory.id(of: organization) { known.append((organization, id)) } else { unknown.append(organization) }
        }
        var ids = known.map(\.id)
        if !unknown.isEmpty {
            let found = Self.found(try connection.pipeline(requests + [Self.findRequest(unknown)])[1])
            directory.learn(found)
            ids += found.map(\.id)
            requests = []
        }
        let first = requests.count
        requests += Self.loadRequests(ids)
        requests.append(Request(load.withRefusals ? SystemStatements.stateWithRefusals : SystemStatements.state))
        if !load.identities.isEmpty {
            var identities = Parameters()
            identities.add(texts: load.identities.map(\.source))
            identities.add(texts: load.identities.map(\.id))
            requests.append(Request(LedgerStatements.decided, identities))
        }
        let results = try connection.pipeline(requests)
        adopt(wallets: results[first], lots: results[first + 1])
        system = try SystemState(results[first + 2])
        if !load.identities.isEmpty { adopt(decided: results[first + 3], load.identities) }
        try replaceStale(known.map(\.organization))
        try loadRare(from: 0)
    }

    /// Loads the wallets of organizations for which the directory told a wrong id.
    /// - Parameter known: those for which it told one.
    private func replaceStale(_ known: [String]) throws(DatabaseError) {
        let stale = known.filter { places[$0] == nil }
        guard !stale.isEmpty else { return }
        directory.forget()
        let found = Self.found(try connection.pipeline([Self.findRequest(stale)])[0])
        directory.learn(found)
        let results = try connection.pipeline(Self.loadRequests(found.map(\.id).filter { placesByID[$0] == nil }))
        adopt(wallets: results[0], lots: results[1])
    }

    /// Opens the wallets that are still missing, and locks and loads them, for a step that learns only now that it may. `opened` tells
    /// which of them are new: another step may have been faster.
    ///
    /// Their locks come out of order; the rare deadlock that this can make is retriable.
    public func open(_ opening: WalletOpening) throws(DatabaseError) {
        var missing = opening
        missing.organizations.removeAll { places[$0] != nil }
        guard !missing.organizations.isEmpty else { return }
        let results = try connection.pipeline([Self.openingRequest(missing), Self.findRequest(missing.organizations)])
        for row in 0..<results[0].count { opened.insert(results[0].text(row, 0)) }
        // Not for the directory: a wallet that is new here is not committed.
        let loaded = try connection.pipeline(Self.loadRequests(Self.found(results[1]).map(\.id)))
        let first = wallets.count
        adopt(wallets: loaded[0], lots: loaded[1])
        try loadRare(from: first)
    }

    private static func findRequest(_ organizations: [String]) -> Request {
        var parameters = Parameters()
        parameters.add(texts: organizations)
        return Request(WalletStatements.find, parameters)
    }

    private static func found(_ rows: Rows) -> [(organization: String, id: Int64)] {
        (0..<rows.count).map { (organization: rows.text($0, 0), id: rows.int64($0, 1)) }
    }

    /// Locks wallets and loads their open lots.
    private static func loadRequests(_ ids: [Int64]) -> [Request] {
        var parameters = Parameters()
        parameters.add(int64s: ids)
        return [Request(WalletStatements.lock, parameters), Request(WalletStatements.openLots, parameters)]
    }

    private static func openingRequest(_ opening: WalletOpening) -> Request {
        var parameters = Parameters()
        parameters.add(texts: opening.organizations)
        parameters.add(int64: opening.trialUses)
        parameters.add(int64: opening.monthlyAllowance)
        parameters.add(timestamp: opening.moment.microseconds)
        return Request(WalletStatements.open, parameters)
    }

    private func adopt(wallets rows: Rows, lots: Rows) {
        let count = wallets.count + rows.count
        wallets.reserveCapacity(count)
        stored.reserveCapacity(count)
        places.reserveCapacity(count)
        placesByID.reserveCapacity(count)
        for row in 0..<rows.count {
            let wallet = WalletRows.wallet(rows, row)
            places[wallet.organization] = wallets.count
            placesByID[wallet.id] = wallets.count
            stored.append(WalletRows.stored(wallet, rows, row))
            wallets.append(wallet)
        }
        let first = count - rows.count
        forEachLot(lots) { wallets[$0].load($1) }
        for place in first..<count { wallets[place].arrangeLots() }
    }

    private func forEachLot(_ rows: Rows, _ body: (Int, Lot) -> Void) {
        lotLocations.reserveCapacity(lotLocations.count + rows.count)
        for row in 0..<rows.count {
            let wallet = rows.int64(row, 0)
            guard let place = placesByID[wallet] else { continue }
            let lot = WalletRows.lot(rows, row)
            lotLocations[LotKey(wallet: wallet, lot: lot.id)] = rows.location(row, 11)
            body(place, lot)
        }
    }

    private func adopt(decided rows: Rows, _ identities: [EventIdentity]) {
        for row in 0..<rows.count {
            guard let outcome = UsageOutcome(rawValue: rows.text(row, 3)) else { preconditionFailure("the database checks outcomes") }
            decided[identities[Int(rows.int64(row, 0)) - 1]] = DecidedUsage(
                walletID: rows.int64(row, 1), sequence: rows.int64(row, 2), outcome: outcome, tokens: -rows.int64(row, 4),
                reason: rows.textOrNil(row, 5), service: rows.textOrNil(row, 6), quantity: rows.int64OrNil(row, 7),
                tokenCount: rows.int64OrNil(row, 8))
        }
    }

    /// Coverage and open debts: few wallets have them, so the common step is spared the question.
    private func loadRare(from first: Int) throws(DatabaseError) {
        let covered = wallets[first...].filter(\.hasCoverage).map(\.id)
        let indebted = wallets[first...].filter { $0.debt > 0 }.map(\.id)
        guard !covered.isEmpty || !indebted.isEmpty else { return }
        var coverage = Parameters()
        coverage.add(int64s: covered)
        var debts = Parameters()
        debts.add(int64s: indebted)
        let results = try connection.pipeline([Request(WalletStatements.coverage, coverage), Request(WalletStatements.openDebts, debts)])
        for row in 0..<results[0].count {
            guard let place = placesByID[results[0].int64(row, 0)] else { continue }
            wallets[place].coverage.append(WalletRows.coverage(results[0], row))
        }
        for row in 0..<results[1].count {
            guard let place = placesByID[results[1].int64(row, 0)] else { continue }
            wallets[place].openDebts.append(
                OpenDebt(sequence: results[1].int64(row, 1), overdrawn: results[1].int64(row, 2), outstanding: results[1].int64(row, 3)))
        }
    }

    /// Loads lots by (wallet id, number), spent ones too, for refunds; those that are there already are left as they are.
    public func loadLots(_ lots: [(wallet: Int64, lot: Int64)]) throws(DatabaseError) {
        guard !lots.isEmpty else { return }
        var parameters = Parameters()
        parameters.add(int64s: lots.map(\.wallet))
        parameters.add(int64s: lots.map(\.lot))
        adoptLater(try connection.query(WalletStatements.lotsByNumber, parameters))
    }

    private func adoptLater(_ rows: Rows) {
        var found: [Int: [Lot]] = [:]
        forEachLot(rows) { found[$0, default: []].append($1) }
        for (place, lots) in found { wallets[place].adopt(lots) }
    }

    /// Loads the lots of a purchase, spent ones too, and tells what was paid for each. Its wallet is locked by this transaction.
    public func loadSoldLots(of reference: PurchaseReference, wallet: Int64) throws(DatabaseError) -> [SoldLot] {
        var parameters = Parameters()
        parameters.add(int64: wallet)
        parameters.add(text: reference.text)
        let rows = try connection.query(WalletStatements.soldLots, parameters)
        adoptLater(rows)
        return (0..<rows.count).map { WalletRows.soldLot(rows, $0, reference) }
    }

    /// Runs requests of the step's own inside the transaction, in one round trip.
    public func run(_ requests: [Request]) throws(DatabaseError) -> [Rows] {
        try connection.pipeline(requests)
    }

    /// Where an organization's wallet stands in `wallets`; nil when there is none.
    public func place(of organization: String) -> Int? {
        places[organization]
    }

    /// Where a wallet stands in `wallets`; nil when it is not loaded.
    public func place(ofWallet id: Int64) -> Int? {
        placesByID[id]
    }

    /// Stores what the journals tell and the further requests, and commits, in one round trip.
    public func commit(_ further: [Request] = []) throws(DatabaseError) {
        var writer = WalletWriter(lotLocations: lotLocations)
        writer.reserve(rows: wallets.reduce(0) { $0 + $1.journal.rows.count }, wallets: wallets.count)
        for place in wallets.indices where !wallets[place].journal.isEmpty {
            writer.append(wallets[place], &stored[place])
        }
        _ = try connection.pipeline(writer.requests() + further + [Request(WalletStatements.commit)])
        for place in wallets.indices { wallets[place].clearJournal() }
    }

    /// The same with messages for the outbox; answers their rows, so that they can be published now and deleted then.
    ///
    /// - Parameter beforeCommit: called when the outbox is written and nothing is committed: a place to be stopped at.
    public func commit(
        _ further: [Request], outbox: [OutboxMessage], program: String, beforeCommit: () -> Void
    ) throws(DatabaseError) -> [StoredMessage] {
        let rows = outbox.isEmpty ? [] : try run([Outbox.insert(outbox, program: program)])
        beforeCommit()
        try commit(further)
        return rows.isEmpty ? [] : Outbox.stored(outbox, rows[0])
    }

    /// Gives everything up; the wallets' locks are free again.
    public func rollback() throws(DatabaseError) {
        try connection.rollbackIfNeeded()
    }
}
