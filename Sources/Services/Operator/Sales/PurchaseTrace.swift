import Domain
import Messages
import Store

/// What happened to a purchase in the order of time, what it waits for, and what is missing. Pure.
struct PurchaseTrace {
    /// Something that happened.
    struct Step {
        let at: Moment
        /// `purchase`, `attempt`, `webhook`, `ledger`, `invoice`, `refund`, `credit_note` or `dispute`.
        let what: String
        let words: String
    }

    /// Something that should be there, or should have happened by now.
    struct Gap: Equatable {
        let words: String
        /// A command, or what a person has to do.
        let mend: String
    }

    let trail: PurchaseTrail
    let steps: [Step]
    /// What comes by itself.
    let waiting: [String]
    /// What somebody has to mend.
    let missing: [Gap]

    init(_ trail: PurchaseTrail, now: Moment) {
        self.trail = trail
        let steps = PurchaseTrace.steps(of: trail)
        // What happened at one moment stays in the order in which it is written down here.
        self.steps = steps.indices.sorted { (steps[$0].at, $0) < (steps[$1].at, $1) }.map { steps[$0] }
        var diagnosis = PurchaseDiagnosis(trail, now: now)
        diagnosis.look()
        waiting = diagnosis.waiting
        missing = diagnosis.missing
    }

    // MARK: Telling

    func lines(_ console: Console) -> [String] {
        let purchase = trail.purchase.purchase
        let phase = purchase.state.phase.map { ", \($0.rawValue)" } ?? ""
        var table = TextTable(["", "", ""])
        for step in steps { table.add([EventTime.text(microseconds: step.at.microseconds), step.what, step.words]) }
        var lines = ["\(purchase.reference.text) of \(trail.purchase.organization): \(purchase.state.status.rawValue)\(phase)"]
        lines += table.lines.dropFirst().map { "  " + $0 }
        for words in waiting { lines.append("\(console.colored("waits", .yellow))    \(TextTable.printable(words))") }
        for gap in missing {
            lines.append("\(console.colored("missing", .red))  \(TextTable.printable(gap.words))")
            lines.append("         mend: \(gap.mend)")
        }
        if missing.isEmpty { lines.append("\(console.colored("nothing is missing", .green))") }
        return lines
    }

    func write(to writer: inout JSONWriter) {
        let purchase = trail.purchase.purchase
        writer.beginObject()
        writer.member("purchase_reference_id", purchase.reference.text)
        writer.member("organization", trail.purchase.organization)
        writer.member("status", purchase.state.status.rawValue)
        writer.member("phase", ifPresent: purchase.state.phase?.rawValue)
        writer.name("steps")
        writer.beginArray()
        for step in steps {
            writer.beginObject()
            writer.member("at", timeIfPresent: step.at.microseconds)
            writer.member("what", step.what)
            writer.member("words", step.words)
            writer.endObject()
        }
        writer.endArray()
        writer.member("waiting", ifPresent: waiting)
        writer.name("missing")
        writer.beginArray()
        for gap in missing {
            writer.beginObject()
            writer.member("words", gap.words)
            writer.member("mend", gap.mend)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    // MARK: What happened

    private static func steps(of trail: PurchaseTrail) -> [Step] {
        let (purchase, terms) = (trail.purchase.purchase, trail.purchase.terms)
        let actor = terms.actor.map { ", for \($0)" } ?? ""
        // A package says itself how many tokens it holds.
        let sold = terms.package == nil ? Figures.count(purchase.tokens, "token") : terms.line.description
        var steps = [
            Step(
                at: purchase.createdAt, what: "purchase",
                words: "initialized: \(sold), \(terms.net.text) + tax "
                    + "\(terms.tax.text) = \(purchase.total.shown) through \(purchase.gateway.rawValue)\(actor)")
        ]
        for attempt in trail.attempts { steps += self.steps(of: attempt) }
        steps += trail.webhooks.map { step(of: $0) }
        steps += trail.ledger.map { entry in
            Step(
                at: entry.createdAt, what: "ledger",
                words: "row \(Figures.grouped(entry.sequence)): \(entry.type) \(Figures.grouped(entry.amount)), balance "
                    + Figures.grouped(entry.balanceAfter))
        }
        if let completedAt = purchase.state.completedAt {
            steps.append(Step(at: completedAt, what: "purchase", words: "completed by the charge \(purchase.state.transaction ?? "")"))
        }
        if let invoice = trail.invoice { steps.append(Step(at: invoice.issuedAt, what: "invoice", words: "\(invoice.number) issued")) }
        for refund in trail.refunds { steps += self.steps(of: refund) }
        steps += trail.creditNotes.map {
            Step(at: $0.issuedAt, what: "credit_note", words: "\($0.number) issued over \($0.total.shown) for refund \($0.refund)")
        }
        for dispute in trail.disputes { steps += self.steps(of: dispute) }
        if [.failed, .cancelled].contains(purchase.state.status) {
            let reason = purchase.state.failure.map { ": \($0)" } ?? ""
            steps.append(Step(at: trail.updatedAt, what: "purchase", words: purchase.state.status.rawValue + reason))
        }
        return steps
    }

    private static func steps(of entry: PurchaseTrail.Attempt) -> [Step] {
        let attempt = entry.attempt
        let method = attempt.method.map { "method \($0)" } ?? "a hosted page"
        var steps = [
            Step(
                at: attempt.startedAt, what: "attempt",
                words: "\(attempt.number) begun with key \(attempt.key), \(attempt.amount.shown), \(method)")
        ]
        if let outcome = entry.outcome {
            let details = [entry.code, entry.object].compactMap { $0 }.joined(separator: ", ")
            let words = "\(attempt.number) \(outcome.rawValue)" + (details.isEmpty ? "" : " (\(details))")
            steps.append(Step(at: entry.endedAt ?? attempt.startedAt, what: "attempt", words: words))
        }
        return steps
    }

    private static func step(of webhook: StoredGatewayEvent) -> Step {
        let times = webhook.deliveries > 1 ? ", came \(webhook.deliveries) times" : ""
        let detail = webhook.detail.map { " (\($0))" } ?? ""
        return Step(
            at: webhook.receivedAt, what: "webhook", words: "\(webhook.type) \(webhook.id): \(webhook.outcome.rawValue)\(detail)\(times)")
    }

    private static func steps(of refund: StoredRefund) -> [Step] {
        func step(_ at: Moment?, _ words: String) -> Step? {
            guard let at else { return nil }
            return Step(at: at, what: "refund", words: "\(refund.id) \(words)")
        }
        let why = refund.automatic.map { "by itself, \($0.rawValue)" } ?? refund.reason ?? "no reason given"
        let tokens = refund.tokens > 0 ? "\(Figures.count(refund.tokens, "token")), " : ""
        return [
            step(refund.requestedAt, "requested: \(tokens)\(refund.total.shown) of \(refund.transaction) (\(why))"),
            step(refund.sentAt, "sent to \(refund.gateway.rawValue)"), step(refund.endedAt, refund.status.rawValue),
            step(refund.failedLateAt, "failed at the gateway after it had succeeded"),
        ].compactMap { $0 }
    }

    private static func steps(of entry: StoredDispute) -> [Step] {
        func step(_ at: Moment?, _ words: String) -> Step? {
            guard let at else { return nil }
            return Step(at: at, what: "dispute", words: "\(entry.gatewayDispute) \(words)")
        }
        let reason = entry.reason.map { " (\($0))" } ?? ""
        return [
            step(entry.openedAt, "opened over \(entry.dispute.amount.shown)\(reason)"), step(entry.withdrawnAt, "money withdrawn"),
            step(entry.endedAt, entry.dispute.status.rawValue),
        ].compactMap { $0 }
    }
}
