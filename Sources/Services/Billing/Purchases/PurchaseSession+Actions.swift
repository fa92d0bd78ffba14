import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store

/// What decisions on purchases lead to (`PurchaseAction`).
extension PurchaseSession {
    /// Does what was decided, and gives the call that is to be made once it is committed.
    func act(_ actions: [PurchaseAction], on id: Int64) throws -> PlannedCall? {
        var call: PlannedCall?
        for action in actions {
            switch action {
            case .charge(let attempt), .openPage(let attempt): call = try beginAttempt(attempt, of: id)
            case .complete(let payment): try complete(id, payment)
            case .fail(let reason): tellOfWallet(PurchaseFailed(facts: facts(id), reason: reason))
            case .cancel:
                tellOfWallet(
                    PurchaseFailed(facts: facts(id), reason: stored(id).purchase.state.failure ?? ClosingReason.cancelled.rawValue))
            case .wake(let due): remind(.purchase(stored(id).purchase.reference), at: due)
            case .requireCustomer(let end): requireCustomer(id, until: end)
            case .retireMethod(let reason): try retireMethod(of: id, reason)
            case .closeAtGateway: call = try close(id)
            case .refundCharge(let payment, let reason): try giveBack(payment, of: id, reason)
            case .alertOperator(let kind): alert(kind, id)
            }
        }
        return call
    }

    // MARK: Attempts

    /// Stores the attempt with its key, which commits before the gateway is called (`payments.md`, Charging, 1).
    private func beginAttempt(_ number: Int, of id: Int64) throws(DatabaseError) -> PlannedCall {
        let stored = stored(id)
        let attempt = PaymentAttempt(
            purchase: id, number: number, gateway: stored.purchase.gateway, key: PaymentAttempt.key(stored.purchase.reference, number),
            method: stored.paymentMethod, amount: stored.purchase.total, startedAt: moment, request: cause)
        requests.append(PaymentAttempts.beginning(attempt))
        let charge = try chargeAttempt(attempt, stored)
        guard let page = stored.terms.page else { return PlannedCall(attempt.gateway, .charge(purchase: id, charge)) }
        return PlannedCall(
            attempt.gateway,
            .openPage(
                purchase: id, charge, PageRequest(successURL: page.success, cancelURL: page.cancel, email: contact.email)))
    }

    private func chargeAttempt(_ attempt: PaymentAttempt, _ stored: StoredPurchase) throws(DatabaseError) -> ChargeAttempt {
        var method: PaymentMethod?
        if let id = attempt.method { method = PaymentMethods.found(in: try transaction.run([PaymentMethods.loading(id: id)])[0]).first }
        return ChargeAttempt(
            reference: stored.purchase.reference.text, number: attempt.number, key: attempt.key, total: attempt.amount,
            organization: organization, description: stored.terms.line.description, method: method)
    }

    /// The call that asks what became of the newest attempt.
    func asking(_ id: Int64) throws(DatabaseError) -> PlannedCall? {
        let stored = stored(id)
        let purchase = stored.purchase
        guard let calledAt = purchase.state.calledAt,
            let attempt = PaymentAttempts.found(in: try transaction.run([PaymentAttempts.finding(id, purchase.state.attempts)])[0])
        else { return nil }
        let charge = try chargeAttempt(attempt, stored)
        // With the same key the question may be the charge, so it must be wanted as it was. What another purchase has taken the place of
        // would only be charged to be given back, and a card that was taken away is not charged any more.
        let isWanted =
            !purchase.state.isCancelWished && purchase.state.status == .processing && attempt.method == stored.paymentMethod
            && attempt.amount == purchase.total && transaction.system.isEnabled && !stored.hasSuccessor && charge.method?.isRemoved != true
        let way = AskingWay.of(purchase.gateway, calledAt: calledAt, isWanted: isWanted, at: moment)
        return PlannedCall(purchase.gateway, .ask(purchase: id, charge, way))
    }

    /// The call that closes what the gateway keeps open. Where no page of it is known nobody has an address to pay at, so it is as good
    /// as closed.
    private func close(_ id: Int64) throws -> PlannedCall? {
        let stored = stored(id)
        guard let object = stored.gatewayObject else { return try act(decide(id) { $0.closed(.closed, circumstances(id)) }, on: id) }
        return PlannedCall(stored.purchase.gateway, .close(purchase: id, .page(object), stored.purchase.total.currency))
    }

    // MARK: Outcomes

    /// Everything that a completed purchase changes, in this one transaction (`domain.md` 7.5).
    private func complete(_ id: Int64, _ payment: GatewayPayment) throws {
        var stored = stored(id)
        let (purchase, terms) = (stored.purchase, stored.terms)
        var lot: Int64?
        if purchase.tokens > 0 {
            let days = terms.expirationDays ?? configuration.expirationDays.map { Int64($0) }
            let credit = PurchaseCredit(
                tokens: purchase.tokens, sale: LotSale(reference: purchase.reference, net: terms.net, tax: terms.tax),
                expiresAt: days.map { PurchaseCredit.end(completedAt: moment, days: $0) }, description: terms.line.description,
                metadata: terms.metadata)
            lot = try changeWallet { wallet throws(AmountError) in try wallet.credit(credit, cause: cause, at: moment) }
        }
        stored.ownAfter = wallet?.own(at: moment, handledAt: moment)
        purchases[id] = stored
        invoices.append(PendingInvoice(purchase: id, transaction: payment.transaction, lot: lot, tellsCompletion: true))
    }

    private func requireCustomer(_ id: Int64, until end: Moment) {
        let stored = stored(id)
        let reason = stored.purchase.state.failure ?? "payment_required"
        tellOfWallet(PurchaseActionRequired(facts: facts(id), reason: reason, url: link(to: stored), until: end.microseconds))
    }

    /// Where the customer pays or acts: the gateway's page, else the purchase's page in the console.
    func link(to stored: StoredPurchase) -> String? {
        guard stored.purchase.state.phase == .customerAction else { return nil }
        if let url = stored.pageURL { return url }
        guard let console = configuration.text(.url) else { return nil }
        return "\(console)/tokens/purchases/\(stored.purchase.reference.text)"
    }

    private func retireMethod(of id: Int64, _ reason: String) throws(DatabaseError) {
        guard let method = stored(id).paymentMethod else { return }
        requests.append(PaymentMethods.retiring(method, reason: reason))
        tell(PaymentMethodUnusable(id: method, gateway: stored(id).purchase.gateway.rawValue, reason: reason))
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("payment_method_id", method)
        writer.member("unusable_reason", reason)
        writer.endObject()
        note("payment_method.unusable", before: nil, after: writer.text)
    }

    /// A charge that nobody wants is given back by a message of its own, which any lane handles.
    private func giveBack(_ payment: GatewayPayment, of id: Int64, _ reason: AutomaticRefund) throws(DatabaseError) {
        let stored = stored(id)
        let refund = StoredRefund(
            purchase: id, tokens: 0, net: stored.terms.net, tax: stored.terms.tax, total: stored.purchase.total,
            gateway: stored.purchase.gateway, transaction: payment.transaction, automatic: reason, nextAttemptAt: moment,
            requestedAt: moment)
        let number = try transaction.run([PurchaseRefunds.inserting(refund)])[0].int64(0, 0)
        remind(.refund(number), at: moment)
        alert("charge_given_back", "a charge came for a purchase that was \(reason.rawValue)", purchase: stored.purchase.reference)
    }

    private func alert(_ kind: OperatorAlert, _ id: Int64) {
        let reference = stored(id).purchase.reference
        switch kind {
        case .refused(let code):
            wasRefused = true
            alert("gateway_refused", "the gateway refused the call: \(code)", purchase: reference)
        case .outcomeUnknown: alert("outcome_unknown", "the gateway was asked as often as planned and nobody knows", purchase: reference)
        case .paymentMismatch: alert("payment_mismatch", "the gateway's object is not this purchase, or not paid", purchase: reference)
        case .refundFailedLate: alert("refund_failed_late", "a refund failed after it had succeeded", purchase: reference)
        }
    }
}
