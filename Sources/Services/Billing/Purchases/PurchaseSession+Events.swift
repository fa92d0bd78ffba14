import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store

/// Webhooks that came as messages (`payments.md`, Webhooks): each is stored once, and what it says is news that the gateway is asked about.
extension PurchaseSession {
    func handle(_ event: GatewayEvent, _ request: GatewayEventReceived, owner: Purchases.Owner?, _ news: GatewayNews?) throws
        -> PurchaseStepEnd
    {
        // Counted once per delivery, not once per transaction.
        let rows = try transaction.run([
            news == nil
                ? GatewayEvents.receiving(
                    event.gateway, id: event.id, type: event.type, object: event.object, body: request.body, at: moment)
                : GatewayEvents.finding(event.gateway, id: event.id)
        ])
        let before = GatewayEvents.outcome(in: rows[0])
        guard before == .received else { return .answer(Self.answer(event, before, isDuplicate: true)) }
        if event.subject == .other { return end(event, .ignored, nil, nil) }
        if case .methodPage(let organization, let page) = event.subject { return try methodPage(event, organization, page, news) }
        guard let owner else { return end(event, .unmatched, "no purchase of ours", nil) }
        try load([owner.purchase])
        return try handle(event, owner.purchase, news)
    }

    private func handle(_ event: GatewayEvent, _ id: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        let stored = stored(id)
        let reference = stored.purchase.reference
        let currency = stored.purchase.total.currency
        switch event.subject {
        case .payment(_, let transaction):
            if let call = try askingInstead(news, stored) { return .call(call) }
            if let end = ending(event, news, stored) { return end }
            return .call(PlannedCall(event.gateway, .readCharge(purchase: id, transaction: transaction, currency)))
        case .page(_, let page):
            if let end = try endingPage(event, page, news, id) { return end }
            return .call(
                PlannedCall(
                    event.gateway, .readPage(purchase: id, attempt: attempt(ofPage: page, stored), page: page, currency)))
        case .refund(_, let name, let told):
            return try handleRefund(event, name, told, id, news)
        case .dispute(_, let name, let amount, let told):
            guard stored.purchase.state.status.wasCompleted else {
                alert("dispute_unmatched", "a bank disputes a charge that completed no purchase", purchase: reference)
                return end(event, .unmatched, "the purchase was not completed by this charge", reference)
            }
            try hear(told, ofDispute: name, event.gateway, amount: amount, purchase: id)
            return end(event, .done, told.rawValue, reference)
        case .methodPage, .other: return end(event, .ignored, nil, reference)
        }
    }

    /// The charge of the webhook was not paid, and what became of the newest attempt is not known: asking about that one may tell.
    private func askingInstead(_ news: GatewayNews?, _ stored: StoredPurchase) throws(DatabaseError) -> PlannedCall? {
        guard case .asked(_, nil, let result) = news, stored.purchase.state.phase == .unknown else { return nil }
        if case .paid = result { return nil }
        return try asking(stored.id)
    }

    /// Nil for a page that another one has taken the place of.
    private func attempt(ofPage page: String, _ stored: StoredPurchase) -> Int? {
        let isNewest = stored.gatewayObject.map { ExactText($0) == ExactText(page) } ?? false
        return isNewest ? stored.purchase.state.attempts : nil
    }

    /// Somebody may have given money of the same charge back by hand, so a refund is ours only by the gateway's id, which we know from its
    /// answer. Where that answer is still awaited, the gateway is asked for the refund with our key.
    private func handleRefund(
        _ event: GatewayEvent, _ name: String, _ told: RefundNews, _ id: Int64, _ news: GatewayNews?
    ) throws -> PurchaseStepEnd {
        let reference = stored(id).purchase.reference
        try loadRefunds(of: id)
        let named = refunds.values.first { $0.gatewayRefund.map { ExactText($0) == ExactText(name) } ?? false }
        if let named {
            if news == nil { try hear(told, of: named) }
            return end(event, .done, told.rawValue, reference)
        }
        let waiting = refunds.values.first { $0.purchase == id && $0.gatewayRefund == nil && $0.status == .sent }
        if news == nil, let waiting { return .call(PlannedCall(waiting.gateway, .askRefund(refund: waiting.id, call(waiting)))) }
        // It may be the one whose call has not come back yet.
        if waiting != nil { return .later(reason: "refund_under_way") }
        alert("refund_unknown", "the gateway tells of a refund that nobody asked for here", purchase: reference)
        return end(event, .unmatched, "no refund of ours", reference)
    }

    /// A page of Stripe's that has expired is closed: nobody waits for the day that a page has. Paystack's can still be paid on.
    private func endingPage(
        _ event: GatewayEvent, _ page: String, _ news: GatewayNews?, _ id: Int64
    ) throws -> PurchaseStepEnd? {
        let stored = stored(id)
        if case .asked(_, _, .notPaid(.neverArrived)) = news, event.gateway == .stripe,
            stored.gatewayObject.map({ ExactText($0) == ExactText(page) }) ?? false
        {
            _ = try act(decide(id) { $0.pageExpired() }, on: id)
        }
        return ending(event, news, stored)
    }

    /// Once the gateway was asked, the event is done.
    private func ending(_ event: GatewayEvent, _ news: GatewayNews?, _ stored: StoredPurchase) -> PurchaseStepEnd? {
        guard case .asked(_, _, let result) = news else { return nil }
        let reference = stored.purchase.reference
        switch result {
        case .paid: return end(event, .done, "paid", reference)
        case .notPaid(let decline): return end(event, .done, decline.code, reference)
        // What the gateway does not know yet is asked for by the purchase's own ladder, where it stands on one.
        case .stillUnknown where event.saysPaid && !stored.purchase.state.isAsked: return .later(reason: "gateway_unavailable")
        case .stillUnknown: return end(event, .done, "still_unknown", reference)
        case .notFound: return end(event, .unmatched, "the gateway knows no such charge", reference)
        }
    }

    private func methodPage(_ event: GatewayEvent, _ name: String?, _ page: String, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        guard name != nil, !organization.isEmpty else { return end(event, .unmatched, "no organization of ours", nil) }
        guard case .method(let outcome) = news else { return .call(PlannedCall(event.gateway, .readMethodPage(page))) }
        // The customer's card is there, and nobody else will ever look for it.
        if case .unknown = outcome { return .later(reason: "gateway_unavailable") }
        guard case .found(let details) = outcome, details.isReusable else { return end(event, .done, "no payment method was saved", nil) }
        _ = try keep(details, event.gateway, email: nil, isDefault: nil)
        return end(event, .done, "payment_method_added", nil)
    }

    private func end(
        _ event: GatewayEvent, _ outcome: GatewayEventOutcome, _ detail: String?, _ purchase: PurchaseReference?
    ) -> PurchaseStepEnd {
        requests.append(
            GatewayEvents.ending(event.gateway, id: event.id, outcome, detail: detail, purchase: purchase, at: moment))
        return .answer(Self.answer(event, outcome, isDuplicate: false))
    }

    private static func answer(_ event: GatewayEvent, _ outcome: GatewayEventOutcome, isDuplicate: Bool) -> [UInt8] {
        GatewayEventAnswer(eventID: event.id, type: event.type, outcome: outcome.rawValue, duplicate: isDuplicate).success()
    }
}

extension PurchaseState {
    /// Whether the gateway will be asked what became of the newest attempt, whatever webhooks say.
    fileprivate var isAsked: Bool { status == .processing && (phase == .charging || phase == .unknown) }
}

extension GatewayEvent {
    /// Whether the money has surely come, so that a gateway that cannot tell has only not answered.
    fileprivate var saysPaid: Bool {
        ["payment_intent.succeeded", "checkout.session.async_payment_succeeded", "charge.success"].contains(type)
    }

    /// The gateway's id of what the event is about.
    var object: String? {
        switch subject {
        case .payment(_, let id), .page(_, let id), .refund(_, let id, _), .dispute(_, let id, _, _), .methodPage(_, let id): id
        case .other: nil
        }
    }

    /// The charge that it is about, where it names one.
    var charge: String? {
        switch subject {
        case .payment(_, let transaction): transaction
        case .refund(let transaction, _, _), .dispute(let transaction, _, _, _): transaction
        case .page, .methodPage, .other: nil
        }
    }

    /// Our own reference, where the gateway repeats it.
    var reference: PurchaseReference? {
        switch subject {
        case .payment(let reference, _), .page(let reference, _): reference.flatMap { PurchaseReference($0) }
        case .refund, .dispute, .methodPage, .other: nil
        }
    }
}
