import Domain

/// Runs a program on the product's rules and on the model, and compares them after each message and each commit.
struct Simulation {
    private var outside: Outside
    private var model = ModelWorld()
    private var tables = SimulatedTables()
    private var seed: UInt64
    /// How many rows of each wallet are known to agree.
    private var compared: [Int: Int] = [:]
    /// What has been delivered, for people.
    private(set) var log: [String] = []
    private var reached: Set<String> = []

    /// The first difference of a program; nil when there is none.
    static func failure(_ program: SimulatedProgram) -> (text: String, log: [String])? {
        var simulation = Simulation(program)
        do {
            for batch in program.batches { try simulation.run(batch) }
            return nil
        } catch {
            return (error.text, simulation.log)
        }
    }

    /// Words for what a program has led to: outcomes, refusals, row types, causes of repayments.
    static func reached(_ program: SimulatedProgram) -> Set<String> {
        var simulation = Simulation(program)
        for batch in program.batches { try? simulation.run(batch) }
        for account in simulation.tables.accounts.values {
            for row in account.rows {
                simulation.reached.formUnion([row.type.rawValue, row.outcome?.rawValue, row.reason].compactMap { $0 })
            }
            for repayment in account.repayments { simulation.reached.insert("repaid: \(repayment.cause.rawValue)") }
            for hold in account.holds.values { simulation.reached.insert("hold: \(hold.outcome.rawValue), \(hold.status.rawValue)") }
        }
        return simulation.reached
    }

    /// The program without the batches and commands that its failure does not need.
    static func shortened(_ program: SimulatedProgram) -> SimulatedProgram {
        var shortest = program
        var size = max(1, program.batches.count / 2)
        while size >= 1 {
            var place = 0
            while place < shortest.batches.count {
                var shorter = shortest
                shorter.batches.removeSubrange(place..<min(place + size, shorter.batches.count))
                if failure(shorter) != nil { shortest = shorter } else { place += size }
            }
            size /= 2
        }
        for place in shortest.batches.indices {
            for command in shortest.batches[place].commands.indices.reversed() {
                var shorter = shortest
                shorter.batches[place].commands.remove(at: command)
                if failure(shorter) != nil { shortest = shorter }
            }
            var shorter = shortest
            shorter.batches[place].crash = .none
            if failure(shorter) != nil { shortest = shorter }
        }
        return shortest
    }

    private init(_ program: SimulatedProgram) {
        outside = Outside(now: program.start)
        seed = program.seed
        let rates: [(String, Int?, trial: Bool, unlimited: Bool)] = [
            ("unit", 1, true, true), ("call", 3, false, true), ("free", 0, true, false), ("chat", nil, false, false),
        ]
        var transaction = SimulatedTransaction(tables, seed: 0)
        for rate in rates {
            let message = SimulatedMessage(
                id: "rate", organization: 0,
                body: .rate(rate.0, price: rate.1, from: program.start, trial: rate.trial, unlimited: rate.unlimited))
            _ = model.handle(message, now: program.start)
            _ = transaction.handle(message, now: program.start)
        }
        tables = transaction.tables
    }

    private mutating func run(_ batch: SimulatedProgram.Batch) throws(SimulationFailure) {
        var messages: [SimulatedMessage] = []
        for command in batch.commands {
            let model = model
            if let message = outside.message(command, edges: { model.edges() }) { messages.append(message) }
        }
        guard !messages.isEmpty else { return }
        log.append("-- at \(outside.now), crash: \(batch.crash)")
        if batch.crash == .beforeCommit {
            // Decided, and thrown away: the model never hears of it.
            var lost = transaction()
            let answers = messages.map { lost.handle($0, now: outside.now) }
            var again = transaction()
            guard answers == messages.map({ again.handle($0, now: outside.now) }) else {
                throw SimulationFailure("the same state gave other answers")
            }
            guard try Self.rows(lost.committed()) == Self.rows(again.committed()) else {
                throw SimulationFailure("the same state was burned in another way")
            }
        }
        try deliver(messages)
        if batch.crash == .afterCommit { try deliver(messages) }
    }

    private mutating func transaction() -> SimulatedTransaction {
        seed &+= 1
        return SimulatedTransaction(tables, seed: seed)
    }

    private static func rows(_ tables: SimulatedTables) -> [Int: [LedgerRow]] {
        tables.accounts.mapValues(\.rows)
    }

    private mutating func deliver(_ messages: [SimulatedMessage]) throws(SimulationFailure) {
        let now = outside.now
        var transaction = transaction()
        for message in messages {
            let mine = transaction.handle(message, now: now)
            let expected = model.handle(message, now: now)
            if case .refused(let reason) = mine { reached.insert(reason) }
            log.append("\(message.id) org \(message.organization) \(message.body)  ->  \(mine)")
            guard mine == expected else { throw SimulationFailure("\(message.id): answered \(mine), the model \(expected)") }
            let figures = transaction.figures(message.organization, at: now)
            let wanted = model.wallets[message.organization]?.figures(at: now)
            guard figures == wanted else {
                throw SimulationFailure("\(message.id): \(String(describing: figures)), the model \(String(describing: wanted))")
            }
        }
        let changed = transaction.changed
        tables = try transaction.committed()
        guard Set(tables.accounts.keys) == Set(model.wallets.keys) else { throw SimulationFailure("the wallets differ") }
        for organization in changed.union(messages.map(\.organization)) {
            try compare(organization, hasChanged: changed.contains(organization))
        }
        guard tables.refusals == model.refusals else { throw SimulationFailure("the refusals differ") }
    }

    private mutating func compare(_ organization: Int, hasChanged: Bool) throws(SimulationFailure) {
        guard let account = tables.accounts[organization], let wallet = model.wallets[organization] else { return }
        let mine = PlainWallet(account, at: outside.now)
        let expected = wallet.plain(at: outside.now)
        guard mine == expected else { throw SimulationFailure("stored \(mine), the model \(expected)") }
        let first = compared[organization] ?? 0
        for (row, expected) in zip(account.rows[first...].map({ PlainRow($0) }), wallet.rows[first...]) where row != expected {
            throw SimulationFailure("row \(row), the model \(expected)")
        }
        compared[organization] = account.rows.count
        guard wallet.posted == wallet.rows.last?.balanceAfter ?? 0 else { throw SimulationFailure("the model contradicts itself") }
        // Only a step repays; time alone lets a lot start beside a debt.
        if let broken = WalletIdentities.broken(account, steppedAt: hasChanged ? Moment(outside.now) : nil) {
            throw SimulationFailure(broken)
        }
    }
}
