import Domain

extension Moment {
    init(_ seconds: Int) {
        self.init(microseconds: Int64(seconds) * 1_000_000)
    }

    fileprivate var seconds: Int { Int(microseconds / 1_000_000) }
}

extension SimulatedAnswer {
    init(_ decision: UsageDecision) {
        self = .usage(
            decision.outcome.rawValue, tokens: Int(decision.tokens), reason: decision.reason?.rawValue, required: Int(decision.required),
            available: Int(decision.available))
    }

    init(_ hold: Hold, repeated: Bool) {
        self = .held(hold.outcome.rawValue, tokens: Int(hold.pinned), reason: hold.reason?.rawValue, repeated: repeated)
    }

    init(_ resolution: HoldResolution) {
        switch resolution {
        case .captured(let outcome, let tokens, let repeated): self = .captured(outcome.rawValue, tokens: Int(tokens), repeated: repeated)
        case .released(let tokens, let repeated): self = .released(Int(tokens), repeated: repeated)
        case .rejected(let decision): self.init(decision)
        }
    }
}

extension PlainFigures {
    init(_ figures: WalletFigures) {
        self.init(
            balance: Int(figures.balance), available: Int(figures.available), held: Int(figures.held),
            trialUses: Int(figures.trialUsesLeft), isSuspended: figures.status == .suspended, sequence: Int(figures.sequence))
    }
}

extension PlainRow {
    init(_ row: LedgerRow) {
        self.init(
            type: row.type.rawValue, amount: Int(row.amount), balanceAfter: Int(row.balanceAfter), cause: row.identity?.id ?? "",
            occurred: row.occurredAt.seconds, created: row.createdAt.seconds, outcome: row.outcome?.rawValue,
            reason: row.type == .usage ? row.reason : nil, service: row.service)
        for draw in row.draws {
            switch draw.source {
            case .lot(let id): self.draw(Int(id), Int(draw.tokens))
            case .debt: self.draw(nil, Int(draw.tokens))
            }
        }
    }
}

extension PlainWallet {
    init(_ account: SimulatedTables.Account, at now: Int) {
        var random = SplitMix(seed: 0)
        var tables = SimulatedTables()
        tables.accounts[0] = account
        let wallet = tables.load(0, shuffledBy: &random)!
        self.init(
            figures: PlainFigures(wallet.figures(at: Moment(now))), posted: Int(wallet.balance), debt: Int(wallet.debt),
            spent: Int(wallet.totals.spent), expired: Int(wallet.totals.expired),
            lots: account.lots.values.sorted { $0.id < $1.id }.map { [Int($0.remaining), Int($0.held)] },
            owed: account.debts.sorted { $0.sequence < $1.sequence }.map { Int($0.outstanding) },
            holds: account.holds.mapValues(\.status.rawValue))
    }
}
