import Domain
import Messages
import Store

/// Everything that `purchase show` tells of one purchase.
struct PurchaseView {
    let facts: Facts
    let parts: [(title: String, list: FactList)]

    init(_ trail: PurchaseTrail) {
        facts = PurchaseView.facts(trail)
        parts = [
            ("attempts", PurchaseView.attempts(trail)), ("refunds", PurchaseView.refunds(trail)),
            ("disputes", PurchaseView.disputes(trail)), ("credit notes", PurchaseView.creditNotes(trail)),
        ]
    }

    /// For a person.
    var lines: [String] {
        var lines = ["purchase \(facts["purchase_reference_id"]?.shown ?? "")"] + facts.lines
        for (title, list) in parts where !list.items.isEmpty { lines += ["", title] + list.table.lines.map { "  " + $0 } }
        return lines
    }

    /// For a program.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        facts.writeMembers(to: &writer)
        for (_, list) in parts { list.writeMember(to: &writer) }
        writer.endObject()
    }

    private static func facts(_ trail: PurchaseTrail) -> Facts {
        let stored = trail.purchase
        let (purchase, terms, state) = (stored.purchase, stored.terms, stored.purchase.state)
        return Facts([
            Fact("purchase_reference_id", .text(purchase.reference.text)), Fact("organization", .text(stored.organization)),
            Fact("purchase_type", .text(purchase.scope.type.rawValue)), Fact("status", .text(state.status.rawValue)),
            Fact("phase", .text(state.phase?.rawValue)), Fact("failure_reason", .text(state.failure)),
            Fact("description", .text(terms.line.description)), Fact("tokens", .number(purchase.tokens)),
            Fact("net_amount", .amount(terms.net)), Fact("tax_amount", .amount(terms.tax)), Fact("total_amount", .amount(purchase.total)),
            Fact("currency", .text(purchase.total.currency.code)), Fact("refunded_tokens", .number(state.refundedTokens)),
            Fact("gateway", .text(purchase.gateway.rawValue)), Fact("gateway_transaction_id", .text(state.transaction)),
            Fact("invoice_number", .text(trail.invoice?.number)), Fact("package_id", .text(terms.package)),
            Fact("payment_method_id", .text(stored.paymentMethod)), Fact("url", .text(stored.pageURL)),
            Fact("created_at", .moment(purchase.createdAt)), Fact("completed_at", .moment(state.completedAt)),
            Fact("next_attempt_at", .moment(state.nextActionAt)), Fact("cancel_wished", .flag(state.isCancelWished)),
            Fact("idempotency_key", .text(terms.idempotencyKey)), Fact("actor", .text(terms.actor)),
            Fact("request_source", .text(terms.request?.source)), Fact("request_id", .text(terms.request?.id)),
            Fact("metadata", .json(terms.metadata)),
        ])
    }

    private static func attempts(_ trail: PurchaseTrail) -> FactList {
        let columns: [FactList.Column] = [
            ("attempt", "attempt"), ("outcome", "outcome"), ("code", "code"), ("gateway", "gateway"), ("key", "key"), ("amount", "amount"),
            ("payment_method_id", "method"), ("started_at", "called"), ("ended_at", "ended"),
        ]
        return FactList(
            "attempts", columns,
            trail.attempts.map { entry in
                Facts([
                    Fact("attempt", .number(Int64(entry.attempt.number))),
                    Fact("outcome", .text(entry.outcome?.rawValue ?? "none yet")), Fact("code", .text(entry.code)),
                    Fact("gateway", .text(entry.attempt.gateway.rawValue)), Fact("key", .text(entry.attempt.key)),
                    Fact("gateway_object_id", .text(entry.object)), Fact("amount", .amount(entry.attempt.amount)),
                    Fact("currency", .text(entry.attempt.amount.currency.code)), Fact("payment_method_id", .text(entry.attempt.method)),
                    Fact("started_at", .moment(entry.attempt.startedAt)), Fact("ended_at", .moment(entry.endedAt)),
                ])
            })
    }

    private static func refunds(_ trail: PurchaseTrail) -> FactList {
        let columns: [FactList.Column] = [
            ("refund_id", "refund"), ("status", "status"), ("tokens", "tokens"), ("total_amount", "total"),
            ("automatic_reason", "automatic"),
            ("reason", "reason"), ("credit_note_number", "credit note"), ("requested_at", "requested"), ("ended_at", "ended"),
        ]
        return FactList(
            "refunds", columns,
            trail.refunds.map { refund in
                Facts([
                    Fact("refund_id", .number(refund.id)), Fact("status", .text(refund.status.rawValue)),
                    Fact("tokens", .number(refund.tokens)), Fact("net_amount", .amount(refund.net)),
                    Fact("tax_amount", .amount(refund.tax)),
                    Fact("total_amount", .amount(refund.total)), Fact("currency", .text(refund.total.currency.code)),
                    Fact("gateway_transaction_id", .text(refund.transaction)), Fact("gateway_refund_id", .text(refund.gatewayRefund)),
                    Fact("automatic_reason", .text(refund.automatic?.rawValue)), Fact("reason", .text(refund.reason)),
                    Fact("actor", .text(refund.actor)),
                    Fact("credit_note_number", .text(trail.creditNotes.first { $0.refund == refund.id }?.number)),
                    Fact("requested_at", .moment(refund.requestedAt)), Fact("sent_at", .moment(refund.sentAt)),
                    Fact("ended_at", .moment(refund.endedAt)), Fact("next_attempt_at", .moment(refund.nextAttemptAt)),
                    Fact("failed_late_at", .moment(refund.failedLateAt)),
                ])
            })
    }

    private static func disputes(_ trail: PurchaseTrail) -> FactList {
        let columns: [FactList.Column] = [
            ("gateway_dispute_id", "dispute"), ("status", "status"), ("amount", "amount"), ("reason", "reason"), ("opened_at", "opened"),
            ("withdrawn_at", "withdrawn"), ("ended_at", "ended"),
        ]
        return FactList(
            "disputes", columns,
            trail.disputes.map { entry in
                Facts([
                    Fact("gateway_dispute_id", .text(entry.gatewayDispute)), Fact("status", .text(entry.dispute.status.rawValue)),
                    Fact("amount", .amount(entry.dispute.amount)), Fact("currency", .text(entry.dispute.amount.currency.code)),
                    Fact("reason", .text(entry.reason)), Fact("opened_at", .moment(entry.openedAt)),
                    Fact("withdrawn_at", .moment(entry.withdrawnAt)), Fact("ended_at", .moment(entry.endedAt)),
                ])
            })
    }

    private static func creditNotes(_ trail: PurchaseTrail) -> FactList {
        FactList(
            "credit_notes", [("number", "number"), ("tokens", "tokens"), ("total_amount", "total"), ("issued_at", "issued")],
            trail.creditNotes.map { note in
                Facts([
                    Fact("number", .text(note.number)), Fact("refund_id", .number(note.refund)), Fact("tokens", .number(note.tokens)),
                    Fact("total_amount", .amount(note.total)), Fact("currency", .text(note.total.currency.code)),
                    Fact("issued_at", .moment(note.issuedAt)),
                ])
            })
    }
}
