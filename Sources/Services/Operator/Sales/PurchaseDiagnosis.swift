import Domain
import Messages
import Store

/// What a purchase waits for, and what of it is missing (`domain.md` 7, 14, 16). Pure.
struct PurchaseDiagnosis {
    private let trail: PurchaseTrail
    private let now: Moment
    private let purchase: Purchase
    private(set) var waiting: [String] = []
    private(set) var missing: [PurchaseTrace.Gap] = []

    /// A wake-up may wait in its queue for a while before anybody should worry.
    private static let patience = Span.minutes(5)

    init(_ trail: PurchaseTrail, now: Moment) {
        self.trail = trail
        self.now = now
        purchase = trail.purchase.purchase
    }

    private var reference: String { purchase.reference.text }

    mutating func look() {
        switch purchase.state.status {
        case .pending: lookAtPending()
        case .processing: lookAtProcessing()
        case .failed, .cancelled: lookAtUnwanted()
        case .completed, .partiallyRefunded, .refunded, .disputed, .chargedBack: lookAtCompleted()
        }
        for refund in trail.refunds { look(at: refund) }
        for dispute in trail.disputes { look(at: dispute) }
        for webhook in trail.webhooks where webhook.outcome == .received && isOverdue(webhook.receivedAt) {
            lack("webhook \(webhook.id) was received and is not done", "purser dead list --queue billing; purser status")
        }
    }

    // MARK: By status

    private mutating func lookAtPending() {
        let end = purchase.createdAt.adding(RetryPlan.lapse)
        guard isOverdue(end) else {
            return waiting.append("nobody has executed it: purser purchase execute \(reference), or it lapses at \(time(end))")
        }
        lack("it should have lapsed at \(time(end))", "purser status: is purser-billing running?")
    }

    private mutating func lookAtProcessing() {
        let state = purchase.state
        let since = time(state.calledAt ?? trail.updatedAt)
        switch state.phase {
        case .charging: wait("a call to \(purchase.gateway.rawValue) is on its way since \(since)", then: "it counts as unknown from")
        case .unknown:
            let asks = state.asks == 0 ? "not asked yet" : "asked \(state.asks) times in vain"
            wait("unknown since \(since) whether anybody was charged, \(asks)", then: "next question at")
        case .retryWaiting:
            wait("declined\(because)", then: "next attempt at", otherwise: "the next attempt waits for another payment method")
        case .customerAction: wait("the customer has to act\(because)\(page)", then: "until")
        case .parked: lookAtParked()
        case nil: break
        }
        if state.isCancelWished { waiting.append("it is to be cancelled: a charge that succeeds after all is given back") }
    }

    private mutating func lookAtParked() {
        let key = trail.attempts.last?.attempt.key ?? reference
        let gateway = purchase.gateway.rawValue
        if purchase.state.failure == "payment_mismatch" {
            return lack(
                "parked since \(time(trail.updatedAt)): the charge has another amount, currency or reference than the purchase",
                "look for \(key) at \(gateway); give the charge back there, or have its webhook sent again once it is right")
        }
        lack(
            "parked since \(time(trail.updatedAt))\(because): \(gateway) never said whether anybody was charged",
            "purser purchase execute \(reference) asks \(gateway) again; look for \(key) there; purser purchase cancel \(reference) gives "
                + "back what succeeds later")
    }

    private mutating func lookAtUnwanted() {
        let charged = trail.attempts.filter { $0.outcome == .succeeded }
        guard let charge = charged.first, !trail.refunds.contains(where: { $0.automatic != nil }) else { return }
        lack(
            "attempt \(charge.attempt.number) was charged and nothing is given back",
            "give \(charge.object ?? charge.attempt.key) back at \(purchase.gateway.rawValue), and look at purser dead list --queue billing"
        )
    }

    private mutating func lookAtCompleted() {
        if trail.invoice == nil { lack("it is completed and has no invoice", "purser invoice make \(reference)") }
        let credited = trail.ledger.filter { $0.type == "purchase" }.reduce(0) { $0 + $1.amount }
        guard credited != purchase.tokens else { return }
        lack(
            "its ledger rows credit \(Figures.grouped(credited)) of \(Figures.count(purchase.tokens, "token"))",
            "purser ledger verify tells who else was touched; then purser wallet adjust \(trail.purchase.organization) "
                + "--tokens \(purchase.tokens - credited) --reason \(reference)")
    }

    // MARK: Reversals

    private mutating func look(at refund: StoredRefund) {
        if refund.failedLateAt != nil {
            lack(
                "refund \(refund.id) failed at the gateway after it had succeeded: \(refund.total.shown) did not go back",
                "pay it back at \(refund.gateway.rawValue) by hand; the credit note stands")
        }
        if refund.status.isUnderWay {
            let words = "refund \(refund.id) is \(refund.status.rawValue)"
            guard let next = refund.nextAttemptAt else { return waiting.append(words) }
            guard !isOverdue(next) else {
                return lack("\(words) and overdue since \(time(next))", "purser status: is purser-billing running?")
            }
            waiting.append("\(words), next call or question at \(time(next))")
        }
        let hasNote = trail.creditNotes.contains { $0.refund == refund.id }
        if refund.status == .succeeded, refund.automatic == nil, !hasNote {
            lack("refund \(refund.id) succeeded and has no credit note", "purser dead list --queue billing")
        }
    }

    private mutating func look(at dispute: StoredDispute) {
        switch dispute.dispute.status {
        case .inquiry: waiting.append("the bank asks about \(dispute.gatewayDispute): answer it at \(dispute.gateway.rawValue)")
        case .withdrawn: waiting.append("\(dispute.gatewayDispute) is not decided yet: send evidence at \(dispute.gateway.rawValue)")
        case .won, .lost, .closed: break
        }
    }

    // MARK: Words

    private mutating func lack(_ words: String, _ mend: String) {
        missing.append(PurchaseTrace.Gap(words: words, mend: mend))
    }

    /// What comes by itself at a moment, unless that is long past.
    private mutating func wait(_ words: String, then: String, otherwise: String? = nil) {
        guard let next = purchase.state.nextActionAt else {
            return waiting.append(words + (otherwise.map { ", \($0)" } ?? ""))
        }
        guard isOverdue(next) else { return waiting.append("\(words), \(then) \(time(next))") }
        lack("\(words), and overdue since \(time(next))", "purser status: is purser-billing running? then purser dead list --queue billing")
    }

    private func isOverdue(_ moment: Moment) -> Bool { moment.adding(PurchaseDiagnosis.patience) < now }

    private var because: String {
        guard let failure = purchase.state.failure else { return "" }
        return " (\(failure))"
    }

    private var page: String {
        guard let url = trail.purchase.pageURL else { return "" }
        return " on \(url)"
    }

    private func time(_ moment: Moment) -> String { EventTime.secondsText(microseconds: moment.microseconds) }
}
