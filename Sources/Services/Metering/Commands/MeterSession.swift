import Domain
import Messages
import Postgres
import Runtime
import Store

/// What became of one request to the meter.
enum MeterReply {
    /// An answer, which is kept for repetitions.
    case answer([UInt8])
    /// An answer that is not kept: a question, or a repetition.
    case passing([UInt8])
    /// The debit that a refund names is not there yet: try again later.
    case later
}

/// A hold of an organization.
struct HoldKey: Hashable {
    let organization: String
    @ExactText var id: String
}

/// The state of one transaction over a batch of requests: what was loaded, and what is to be stored.
struct MeterSession {
    let transaction: WalletTransaction
    let rates: RateBook
    let configuration: Configuration
    let now: Moment
    var holds: [HoldKey: StoredHold] = [:]
    var usages: [EventIdentity: StoredUsage] = [:]
    var answered = AnsweredRequests(known: [:])
    private(set) var changedHolds: Set<HoldKey> = []
    private(set) var refunds: [(walletID: Int64, debit: Int64, refund: Int64, tokens: Int64)] = []
    /// Conflicts, which are recorded and told like those of usage events (`domain.md` 4.1).
    private(set) var conflicts: [RefusalKey: RecordedRefusal] = [:]
    private(set) var newRates: [(service: String, rate: Rate, command: Command, actor: String?)] = []

    /// The moment of a request (`domain.md` 0.1).
    func moment(_ command: Command) -> Moment {
        guard configuration.isTimeTravel, let time = command.envelope.time else { return now }
        return Moment(microseconds: time)
    }

    /// Handles one request. The wallet changes only when the request is done.
    mutating func handle(_ request: MeterRequest, _ command: Command, organization: String?) -> MeterReply {
        if case .setRate(let rate) = request { return setRate(rate, command) }
        guard let organization, let place = transaction.place(of: organization) else {
            let answer = MeterAnswers.refused(.unknownOrganization, nil)
            return request.isQuestion ? .passing(answer) : .answer(answer)
        }
        switch request {
        case .check(let check): return self.check(check.use, command, place)
        case .hold(let hold): return self.hold(hold, command, HoldKey(organization: organization, id: hold.holdID), place)
        case .capture(let capture):
            return resolve(HoldKey(organization: organization, id: capture.holdID), capturing: capture.tokens, command, place)
        case .release(let release):
            return resolve(HoldKey(organization: organization, id: release.holdID), capturing: nil, command, place)
        case .refund(let refund): return self.refund(refund, command, place)
        case .setRate(let rate): return setRate(rate, command)
        }
    }

    private func figures(_ place: Int, _ moment: Moment) -> WalletFigures {
        transaction.wallets[place].figures(at: moment)
    }

    private func price(_ service: String, _ quantity: QuantityField, _ tokens: QuantityField, _ command: Command) -> Result<
        PricedUsage, UsageRefusal
    > {
        let moment = moment(command)
        let count: Int64? =
            switch quantity {
            case .absent: 1
            case .whole(let count): count
            case .invalid: nil
            }
        return rates.price(
            service: service, quantity: count, tokens: UsageEvent.TokenCount(tokens), time: time(command, moment), agesFrom: moment)
    }

    /// The event's time; a request that names none happens now.
    private func time(_ command: Command, _ moment: Moment) -> Moment {
        command.envelope.time.map { Moment(microseconds: $0) } ?? moment
    }

    private func check(_ use: ServiceUse, _ command: Command, _ place: Int) -> MeterReply {
        let moment = moment(command)
        switch price(use.service, use.quantity, use.tokens, command) {
        case .failure(let refusal): return .passing(MeterAnswers.refused(refusal, figures(place, moment)))
        case .success(let priced):
            do {
                let check = try transaction.wallets[place].check(
                    service: use.service, priced, time: time(command, moment), at: moment, systemEnabled: transaction.system.isEnabled)
                return .passing(MeterAnswers.check(check, figures(place, moment)))
            } catch {
                return .passing(MeterAnswers.refused(.invalidQuantity, figures(place, moment)))
            }
        }
    }

    private mutating func hold(_ request: MeterHold, _ command: Command, _ key: HoldKey, _ place: Int) -> MeterReply {
        let moment = moment(command)
        let digest = Self.digest(request)
        if let known = holds[key] {
            guard known.hold.contentDigest == digest else {
                note(conflict: command, of: request.service, digest: digest, key.organization)
                return .answer(MeterAnswers.refused(.conflict, key.id, figures(place, moment)))
            }
            return .answer(MeterAnswers.hold(known.hold, figures(place, moment), duplicate: true))
        }
        switch price(request.service, request.quantity, request.tokens, command) {
        case .failure(let refusal): return .answer(MeterAnswers.refused(refusal, figures(place, moment)))
        case .success(let priced):
            let quantity: Int64 = if case .whole(let count) = request.quantity { count } else { 1 }
            do {
                let hold = try transaction.wallets[place].place(
                    HoldRequest(
                        id: request.holdID, service: request.service, quantity: quantity, timeout: .seconds(request.timeoutSeconds),
                        contentDigest: digest),
                    priced, cause: command.identity, time: time(command, moment), at: moment,
                    systemEnabled: transaction.system.isEnabled)
                store(hold, key, place)
                return .answer(MeterAnswers.hold(hold, figures(place, moment), duplicate: false))
            } catch {
                return .answer(MeterAnswers.refused(.invalidQuantity, figures(place, moment)))
            }
        }
    }

    /// What makes two requests the same hold; a quantity that is not written out is 1.
    private static func digest(_ request: MeterHold) -> [UInt8] {
        let quantity = request.quantity == .absent ? .whole(1) : request.quantity
        return ContentDigest.of([request.service, "\(quantity)", "\(request.tokens)", String(request.timeoutSeconds)])
    }

    private mutating func note(conflict command: Command, of service: String, digest: [UInt8], _ organization: String) {
        let refusal = RecordedRefusal(
            identity: command.identity, contentDigest: digest, organization: organization, service: service, reason: .conflict)
        conflicts[refusal.key] = refusal
    }

    /// What the usage was charged whose identity a capture came with; nil where that was another organization's, or a hold is at odds.
    func charged(_ conflict: RecordedRefusal) -> Int64? {
        guard let known = transaction.decided[conflict.identity], let place = transaction.place(of: conflict.organization),
            transaction.wallets[place].id == known.walletID
        else { return nil }
        return known.tokens
    }

    private mutating func store(_ hold: Hold, _ key: HoldKey, _ place: Int) {
        holds[key] = StoredHold(walletID: transaction.wallets[place].id, hold: hold)
        changedHolds.insert(key)
    }

    /// Captures so many tokens, or releases when `tokens` is nil.
    private mutating func resolve(_ key: HoldKey, capturing tokens: Int64?, _ command: Command, _ place: Int) -> MeterReply {
        let moment = moment(command)
        guard let stored = holds[key] else { return .answer(MeterAnswers.refused(.unknown, key.id, figures(place, moment))) }
        var hold = stored.hold
        // The capture becomes a usage row, and no two of these share an identity (`domain.md` 5.7).
        if tokens != nil, let decided = transaction.decided[command.identity], decided.sequence != hold.resolutionSequence {
            let digest = ContentDigest.of([key.organization, key.id, tokens.map(String.init)])
            note(conflict: command, of: hold.service, digest: digest, key.organization)
            return .answer(MeterAnswers.refused(.conflict, figures(place, moment)))
        }
        var wallet = transaction.wallets[place]
        do throws(HoldRefusal) {
            let resolution =
                if let tokens {
                    try wallet.resolve(
                        &hold,
                        by: CaptureRequest(identity: command.identity, tokens: tokens, time: time(command, moment), metadata: nil),
                        rate: rates.rate(of: hold.service, at: time(command, moment)), at: moment,
                        systemEnabled: transaction.system.isEnabled)
                } else {
                    try wallet.release(&hold, cause: command.identity, at: moment)
                }
            transaction.wallets[place] = wallet
            store(hold, key, place)
            return .answer(MeterAnswers.resolved(resolution, hold, figures(place, moment)))
        } catch {
            return .answer(MeterAnswers.refused(error, key.id, figures(place, moment)))
        }
    }

    private mutating func refund(_ request: MeterUsageRefund, _ command: Command, _ place: Int) -> MeterReply {
        let identity = EventIdentity(source: request.source, id: request.id)
        let moment = moment(command)
        guard var stored = usages[identity], stored.walletID == transaction.wallets[place].id else {
            // Asked for before the debit itself has come through: it may still be on its way (`messages.md`, Requests).
            if command.attempts < RetryLadder.unknownDebit.count { return .later }
            return .answer(MeterAnswers.usageNotFound(figures(place, moment)))
        }
        var wallet = transaction.wallets[place]
        do throws(UsageRefundRefusal) {
            let rows = wallet.sequence
            let tokens = try wallet.refund(
                stored.usage, tokens: request.tokens, reason: request.reason, cause: command.identity, time: time(command, moment),
                at: moment)
            if let row = wallet.journal.rows.last(where: { $0.type == .usageRefund }), row.sequence > rows {
                refunds.append((wallet.id, stored.usage.sequence, row.sequence, tokens))
            }
            transaction.wallets[place] = wallet
            stored.usage.refunded += tokens
            stored.usage.trialReturned = stored.usage.trialReturned || stored.usage.outcome == .trial
            usages[identity] = stored
            return .answer(MeterAnswers.refunded(tokens, figures(place, moment)))
        } catch {
            return .answer(MeterAnswers.refused(error, figures(place, moment)))
        }
    }

    private mutating func setRate(_ request: MeterRateSet, _ command: Command) -> MeterReply {
        let price: Rate.Price =
            switch request.price {
            case .perUnit(let tokens): .perUnit(tokens)
            case .passThrough: .passThrough
            }
        let rate = Rate(
            price: price, effectiveFrom: request.effectiveFrom.map { Moment(microseconds: $0) } ?? moment(command),
            trialEligible: request.trialEligible, unlimitedEligible: request.unlimitedEligible)
        newRates.append((request.service, rate, command, request.actor))
        return .answer(RateAnswer(rate, of: request.service).success())
    }
}
