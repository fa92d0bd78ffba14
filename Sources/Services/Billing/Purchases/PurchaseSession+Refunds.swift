import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store

/// Refunds: those that are asked for, and those of charges that nobody wanted (`domain.md` 7.6, 7.8).
extension PurchaseSession {
    /// `billing.purchase_refund`: takes the tokens and tells the gateway; `succeeded` makes the credit note.
    func refund(_ request: PurchaseRefund, _ id: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        try loadRefunds(of: id)
        if let mine = refunds.values.first(where: { $0.request == cause }) {
            // Delivered again: whether the gateway was told is not known, so it is asked first.
            if news == nil, mine.status.isUnderWay, !mayBeArriving(mine) { return .call(askingRefund(mine)) }
            return .answer(try refundAnswer(mine.id))
        }
        if refunds.values.contains(where: { $0.automatic == nil && $0.status.isUnderWay }) {
            return .answer(figures(id).refusal(.refundInProgress, detail: "another refund of this purchase is under way"))
        }
        let state = stored(id).purchase.state
        if state.status == .refunded {
            return .answer(figures(id).refusal(.nothingToRefund, detail: "all tokens of this purchase were refunded"))
        }
        guard [.completed, .partiallyRefunded].contains(state.status), let transaction = state.transaction else {
            return .answer(figures(id).refusal(.purchaseNotCompleted, detail: "only a completed purchase can be refunded"))
        }
        switch try takeTokens(request, id) {
        case .refused(let answer): return .answer(answer)
        case .chosen(let taken): return .call(try sendRefund(try create(request, taken, id, transaction)))
        }
    }

    private func takeTokens(_ request: PurchaseRefund, _ id: Int64) throws -> Chosen<TakenTokens> {
        guard let wallet else { preconditionFailure("a purchase has a wallet") }
        let sold = try transaction.loadSoldLots(of: request.reference, wallet: wallet.id)
        do throws(TakingRefusal) {
            return .chosen(
                try changeWallet { wallet throws(TakingRefusal) in
                    try wallet.takeForRefund(request.tokens, of: sold, reason: request.reason, cause: cause, at: moment)
                })
        } catch {
            let (code, detail): (ErrorCode, String) =
                switch error {
                case .nothingLeft: (.nothingToRefund, "all tokens of this purchase are spent, held, expired or refunded")
                case .exceedsUnspent: (.refundExceedsUnspent, "fewer tokens of this purchase are neither spent nor held")
                case .worthNothing: (.refundAmountZero, "so few tokens are worth nothing")
                case .otherCurrency: (.currencyNotSupported, "the purchase is in another currency")
                case .overflow: (.overflow, "the amount does not fit")
                }
            return .refused(figures(id).refusal(code, detail: detail))
        }
    }

    private func create(
        _ request: PurchaseRefund, _ taken: TakenTokens, _ id: Int64, _ charge: String
    ) throws(DatabaseError) -> StoredRefund {
        var refund = StoredRefund(
            purchase: id, tokens: taken.tokens, net: taken.net, tax: taken.tax, total: taken.total,
            gateway: stored(id).purchase.gateway, transaction: charge, reason: request.reason, actor: request.actor,
            takenSequence: wallet?.sequence, nextAttemptAt: moment, requestedAt: moment, request: cause)
        refund.id = try transaction.run([PurchaseRefunds.inserting(refund)])[0].int64(0, 0)
        requests.append(PurchaseRefunds.storing(taken, by: .refund(refund.id)))
        note(item.command.type.rawValue, before: nil, after: auditText(refund))
        return refund
    }

    func loadRefunds(of id: Int64) throws(DatabaseError) {
        for refund in PurchaseRefunds.found(in: try transaction.run([PurchaseRefunds.loading(purchase: id)])[0])
        where refunds[refund.id] == nil {
            refunds[refund.id] = refund
        }
    }

    // MARK: Telling the gateway

    /// Stores that the gateway is about to be told, and gives the call; with the same key when it may have been told before.
    private func sendRefund(_ stored: StoredRefund) throws(DatabaseError) -> PlannedCall {
        var refund = stored
        if refund.status == .requested {
            refund.status = .sent
            refund.sentAt = moment
        }
        keep(refund, calledIn: RetryPlan.callIsLost)
        return PlannedCall(refund.gateway, .refund(refund: refund.id, call(refund)))
    }

    private func askingRefund(_ stored: StoredRefund) -> PlannedCall {
        keep(stored, calledIn: RetryPlan.callIsLost)
        return PlannedCall(stored.gateway, .askRefund(refund: stored.id, call(stored)))
    }

    private func keep(_ stored: StoredRefund, calledIn span: Span) {
        var refund = stored
        refund.calls += 1
        refund.nextAttemptAt = moment.adding(span)
        refunds[refund.id] = refund
        requests.append(PurchaseRefunds.storing(refund))
    }

    func call(_ refund: StoredRefund) -> RefundCall {
        let reference = stored(refund.purchase).purchase.reference
        let told = moment.since(refund.sentAt ?? moment).microseconds
        return RefundCall(
            key: "\(reference.text)-refund-\(refund.id)", round: told / RetryPlan.notFoundMeansNotCharged.microseconds,
            transaction: refund.transaction, amount: refund.total, reference: reference.text)
    }

    /// A reminder of a refund came: tell the gateway, or ask what became of it.
    func remindedOfRefund(_ number: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        guard news == nil, let refund = refunds[number], refund.status.isUnderWay, let due = refund.nextAttemptAt else {
            return .answer(Self.reminded)
        }
        guard due <= moment else {
            remind(.refund(number), at: due)
            return .answer(Self.reminded)
        }
        return .call(refund.calls == 0 ? try sendRefund(refund) : askingRefund(refund))
    }

    static let reminded = Answer.success { _ in }

    // MARK: News

    func applyRefund(_ number: Int64, _ outcome: RefundOutcome) throws -> PlannedCall? {
        if refunds[number] == nil, let owner = try PurchaseRefunds.owner(of: number, on: lane.database) {
            try load([owner.purchase])
            try loadRefunds(of: owner.purchase)
        }
        guard var refund = refunds[number] else { return nil }
        switch outcome {
        case .news(let news, let id):
            refund.gatewayRefund = id
            refunds[number] = refund
            try hear(news, of: refund)
        // Told again: what the gateway does not find has not arrived.
        case .notFound where refund.status.isUnderWay && !mayBeArriving(refund): return try sendRefund(refund)
        case .notFound, .unknown, .slowDown:
            if refund.status.isUnderWay { askLater(refund) }
        case .refused(let code):
            alert("refund_refused", "the gateway refuses the refund: \(code)", purchase: stored(refund.purchase).purchase.reference)
            try hear(.failed, of: refund)
        }
        return nil
    }

    /// Paystack takes no key with a refund: told again while the first call is still on its way, it would pay twice. So it is told again only
    /// when that call has surely ended.
    private func mayBeArriving(_ refund: StoredRefund) -> Bool {
        guard refund.gateway == .paystack, let sentAt = refund.sentAt else { return false }
        return moment < sentAt.adding(.hours(1))
    }

    /// Refunds that are under way are asked for until they end: a webhook may be lost.
    private func askLater(_ stored: StoredRefund) {
        var refund = stored
        let due = moment.adding(RetryPlan.askDelay(after: max(0, refund.calls - 1)) ?? .days(1))
        refund.nextAttemptAt = due
        refunds[refund.id] = refund
        requests.append(PurchaseRefunds.storing(refund))
        remind(.refund(refund.id), at: due)
    }

    /// News of a refund, in any order and as often as they come.
    func hear(_ news: RefundNews, of stored: StoredRefund) throws {
        var refund = stored
        let parts = try transaction.run([PurchaseRefunds.loadingParts(of: .refund(refund.id))])[0]
        let reference = self.stored(refund.purchase).purchase.reference
        let taken = try PurchaseRefunds.taken(in: parts, of: reference, refund.total.currency)
        var rules = Refund(taken: taken, total: refund.total, status: refund.status, failedLate: refund.failedLateAt != nil)
        let actions = rules.heard(news)
        if news == .pending, rules.status.isUnderWay { return askLater(refund) }
        if rules.status != refund.status { refund.endedAt = moment }
        refund.status = rules.status
        refund.nextAttemptAt = rules.status.isUnderWay ? refund.nextAttemptAt : nil
        for action in actions {
            switch action {
            case .completeRefund: try complete(refund)
            case .returnTokens:
                guard let taken else { continue }
                try changeWallet { wallet throws(AmountError) in try wallet.returnRefund(taken, cause: cause, at: moment) }
                refund.returnedSequence = wallet?.sequence
            case .alertOperator:
                refund.failedLateAt = moment
                alert("refund_failed_late", "a refund failed after it had succeeded", purchase: reference)
            }
        }
        if refund.status == .failed, refund.automatic != nil {
            alert("automatic_refund_failed", "a charge that nobody wants could not be given back", purchase: reference)
        }
        if refund.status != stored.status {
            note("purchase_refund.\(refund.status.rawValue)", before: auditText(stored), after: auditText(refund))
        }
        refunds[refund.id] = refund
        requests.append(PurchaseRefunds.storing(refund))
    }

    /// The money is back: the purchase changes and a credit note is issued, but for a charge that never completed anything.
    private func complete(_ refund: StoredRefund) throws {
        guard refund.automatic == nil else { return tellRefund(refund, creditNote: nil) }
        var stored = stored(refund.purchase)
        do throws(ReversalRefusal) {
            try stored.purchase.refunded(refund.tokens)
        } catch {
            // Charged back meanwhile: the money went twice, and only people can sort that out.
            alert(
                "refund_after_charge_back", "a refund succeeded for a purchase that was charged back", purchase: stored.purchase.reference)
        }
        purchases[stored.id] = stored
        let rows = try transaction.run([SaleDocuments.loadingInvoice(purchase: stored.id)])
        guard let invoice = try SaleDocuments.invoice(in: rows[0]) else {
            alert("invoice_missing", "a refund needs the invoice that it takes back", purchase: stored.purchase.reference)
            return tellRefund(refund, creditNote: nil)
        }
        creditNotes.append(PendingCreditNote(refund: refund, invoice: invoice))
    }

    // MARK: Words

    /// Known once the documents of this transaction are issued: the answer is written after them.
    private func refundAnswer(_ number: Int64) throws -> [UInt8] {
        try issueDocuments()
        guard let refund = refunds[number] else { preconditionFailure("a refund is loaded before it is answered") }
        let wallet = wallet?.figures(at: moment)
        let answer = RefundAnswer(
            refundID: refund.id, reference: stored(refund.purchase).purchase.reference, status: refund.status.rawValue,
            tokens: refund.tokens, netAmount: refund.net.text, taxAmount: refund.tax.text, totalAmount: refund.total.text,
            currency: refund.total.currency.code, creditNoteNumber: creditNoteNumbers[number],
            purchaseStatus: stored(refund.purchase).purchase.state.status.rawValue, balance: wallet?.balance, available: wallet?.available)
        guard refund.status == .failed else { return answer.success() }
        return answer.refusal(.gatewayRefused, detail: "the payment gateway did not make the refund; the tokens are back")
    }

    private func auditText(_ refund: StoredRefund) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("refund_id", refund.id)
        writer.member("purchase_reference_id", stored(refund.purchase).purchase.reference.text)
        writer.member("status", refund.status.rawValue)
        writer.member("tokens", refund.tokens)
        writer.member("total_amount", refund.total.text)
        writer.member("currency", refund.total.currency.code)
        writer.member("reason", ifPresent: refund.reason)
        writer.endObject()
        return writer.text
    }
}
