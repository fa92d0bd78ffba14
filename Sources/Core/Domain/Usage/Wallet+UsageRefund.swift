/// A usage row that a refund names, as it was decided, with what has been refunded and repaid of it since (`domain.md` 5.8).
public struct RefundableUsage: Hashable, Sendable {
    public let sequence: Int64
    public let identity: EventIdentity
    public let outcome: UsageOutcome
    public let service: String?
    /// In the order drawn.
    public let draws: [Draw]
    /// Tokens returned so far.
    public var refunded: Int64
    /// Whether a trial use was given back already.
    public var trialReturned: Bool
    /// What lots have repaid of its overdrawn part, in order; without what refunds gave back.
    public var repayments: [Repayment]

    public init(
        sequence: Int64, identity: EventIdentity, outcome: UsageOutcome, service: String?, draws: [Draw], refunded: Int64,
        trialReturned: Bool, repayments: [Repayment]
    ) {
        self.sequence = sequence
        self.identity = identity
        self.outcome = outcome
        self.service = service
        self.draws = draws
        self.refunded = refunded
        self.trialReturned = trialReturned
        self.repayments = repayments
    }

    /// Tokens of the debit in total; 0 for outcomes that charged nothing.
    public var debited: Int64 { draws.reduce(0) { $0 + $1.tokens } }

    /// Numbers of the lots to which tokens may return.
    public var lots: [Int64] {
        draws.compactMap { if case .lot(let id) = $0.source { id } else { nil } } + repayments.map(\.lot)
    }
}

/// Why a usage refund was refused.
public enum UsageRefundRefusal: String, Error, Hashable, Sendable {
    /// More than is left of the debit.
    case exceedsDebit = "refund_exceeds_debit"
    /// The event was rejected: there is nothing to return.
    case nothingDebited = "nothing_debited"
    /// Everything was refunded before.
    case alreadyRefunded = "already_refunded"
    case overflow
}

extension Wallet {
    /// Returns tokens of a debit to where they came from, last drawn first (`domain.md` 5.8); answers how many.
    ///
    /// A refunded trial gives the use back and returns 0 tokens; covered and shadow return 0 and record nothing.
    /// - Parameters:
    ///   - requested: nil means all that is left; at least 1 otherwise.
    ///   - cause: the identity of the refund message.
    /// - Throws: a refusal, before anything changed in the caller's wallet if it keeps its copy.
    public mutating func refund(
        _ usage: RefundableUsage, tokens requested: Int64?, reason: String?, cause: EventIdentity, time: Moment, at moment: Moment
    ) throws(UsageRefundRefusal) -> Int64 {
        switch usage.outcome {
        case .covered, .shadow: return 0
        case .rejected, .held: throw .nothingDebited
        case .trial:
            guard !usage.trialReturned else { throw .alreadyRefunded }
            return try returnTrial(usage, reason: reason, cause: cause, time: time, at: moment)
        case .debited, .overdrawn: break
        }
        let left = usage.debited - usage.refunded
        guard left > 0 || usage.debited == 0 else { throw .alreadyRefunded }
        let tokens = requested ?? left
        guard tokens <= left else { throw .exceedsDebit }
        guard tokens > 0 else { return 0 }
        do {
            begin(cause, at: moment)
            try ensureRoom(for: tokens)
            let returned = undo(usage, tokens)
            try record(.usageRefund, tokens, occurredAt: time, at: moment) { row in
                row.reason = reason
                row.service = usage.service
                row.draws = returned
            }
            try expireReturned(returned, at: moment)
            settle(.credit, at: moment)
        } catch {
            throw .overflow
        }
        announce(usage, tokens: tokens, trialReturned: false, reason: reason)
        return tokens
    }

    private mutating func returnTrial(
        _ usage: RefundableUsage, reason: String?, cause: EventIdentity, time: Moment, at moment: Moment
    ) throws(UsageRefundRefusal) -> Int64 {
        do {
            begin(cause, at: moment)
            trialUsesLeft = try trialUsesLeft.plus(1)
            try record(.usageRefund, 0, occurredAt: time, at: moment) { row in
                row.reason = reason
                row.service = usage.service
            }
        } catch {
            throw .overflow
        }
        announce(usage, tokens: 0, trialReturned: true, reason: reason)
        return 0
    }

    private mutating func announce(_ usage: RefundableUsage, tokens: Int64, trialReturned: Bool, reason: String?) {
        announce(
            .usageRefunded(
                usage.identity, service: usage.service ?? "", tokens: tokens, trialReturned: trialReturned, reason: reason))
    }

    /// Moves the tokens back, last drawn first, and tells where they went. Parts that were refunded before are passed over.
    private mutating func undo(_ usage: RefundableUsage, _ tokens: Int64) -> [Draw] {
        var rest = tokens
        var skip = usage.refunded
        var returned: [Draw] = []
        for draw in usage.draws.reversed() where rest > 0 {
            let passed = min(skip, draw.tokens)
            skip -= passed
            let part = min(rest, draw.tokens - passed)
            guard part > 0 else { continue }
            rest -= part
            switch draw.source {
            case .lot(let id):
                giveBack(part, to: id)
                returned.append(Draw(.lot(id), part))
            case .debt:
                returned += undoOverdrawn(usage, overdrawn: draw.tokens, passed: passed, part)
            }
        }
        return returned
    }

    /// An overdrawn part lowers what is still owed first; what lots have repaid returns to them, last repaid first.
    private mutating func undoOverdrawn(_ usage: RefundableUsage, overdrawn: Int64, passed: Int64, _ part: Int64) -> [Draw] {
        var rest = part
        var returned: [Draw] = []
        var outstanding: Int64 = 0
        if let index = openDebts.firstIndex(where: { $0.sequence == usage.sequence }) {
            outstanding = openDebts[index].outstanding
            let lowered = min(rest, outstanding)
            if lowered > 0 {
                openDebts[index].outstanding -= lowered
                debt -= lowered
                rest -= lowered
                journal.noteChanged(openDebts[index])
                returned.append(Draw(.debt, lowered))
            }
        }
        // What this step repaid is not in the loaded list yet.
        let repayments = usage.repayments + journal.repayments.filter { $0.debitSequence == usage.sequence && $0.tokens > 0 }
        let repaid = repayments.reduce(0) { $0 + $1.tokens }
        let loweredBefore = overdrawn - outstanding - repaid
        var skip = passed - loweredBefore
        for repayment in repayments.reversed() where rest > 0 {
            let over = min(max(0, skip), repayment.tokens)
            skip -= over
            let part = min(rest, repayment.tokens - over)
            guard part > 0 else { continue }
            rest -= part
            giveBack(part, to: repayment.lot)
            journal.repayments.append(
                Repayment(debitSequence: usage.sequence, lot: repayment.lot, tokens: -part, cause: .refund, after: sequence))
            returned.append(Draw(.lot(repayment.lot), part))
        }
        precondition(rest == 0, "a refund found less to undo than was debited")
        return returned
    }

    private mutating func giveBack(_ tokens: Int64, to lot: Int64) {
        guard let index = indexOfLot(lot) else { preconditionFailure("a refund needs the lots of its debit") }
        lots[index].remaining += tokens
        journal.noteChanged(lot)
    }

    /// What returned to a lot whose expiry is posted expires again at once, and the ledger shows both.
    private mutating func expireReturned(_ returned: [Draw], at moment: Moment) throws(AmountError) {
        for draw in returned {
            guard case .lot(let id) = draw.source, let index = lots.firstIndex(where: { $0.id == id }), lots[index].expiryPosted
            else { continue }
            try expireUnheld(lots[index].id, draw.tokens, at: moment)
        }
    }
}
