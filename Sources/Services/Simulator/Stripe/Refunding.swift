/// Money given back. The only place of the Stripe side where money moves away from us, disputes aside.
enum Refunding {
    static func refund(
        _ charge: Node, amount: Int64, reason: String?, metadata: Node, _ call: StripeCall, _ state: inout BookState
    ) -> Node {
        let method = charge["payment_method"].text.flatMap { state.find(.paymentMethod, $0) } ?? [:]
        let test = PaymentMethodResource.testMethod(of: method)
        var refund = RefundResource.make(charge: charge, amount: amount, now: state.nowSeconds)
        refund["reason"] = .maybe(reason)
        refund["metadata"] = metadata
        refund["balance_transaction"] = Charging.post(refund, -amount, "refund", &state)
        if test.refund == .isPending { refund["status"] = "pending" }
        state.put(.refund, refund)
        let id = refund["id"].text ?? ""
        switch test.refund {
        case .succeeds: break
        case .isPending: Due.put("refund.succeed", id, after: state.settleMilliseconds, &state)
        case .failsLater: Due.put("refund.fail", id, after: state.settleMilliseconds, &state)
        }
        let changed = count(amount, on: charge["id"].text ?? "", &state)
        Announcer.tell("refund.created", refund, of: call, &state)
        Announcer.tell("charge.refunded", changed, of: call, &state)
        return refund
    }

    /// Changes how much of a charge went back.
    @discardableResult
    private static func count(_ amount: Int64, on charge: String, _ state: inout BookState) -> Node {
        state.update(.charge, charge) { charge in
            let refunded = (charge["amount_refunded"].number ?? 0) + amount
            charge["amount_refunded"] = .number(refunded)
            charge["refunded"] = .bool(refunded >= charge["amount_captured"].number ?? 0)
        }
    }

    /// A pending refund has arrived.
    static func succeed(_ id: String, _ state: inout BookState) {
        guard state.find(.refund, id)?["status"].text == "pending" else { return }
        let changed = state.update(.refund, id) { $0["status"] = "succeeded" }
        Announcer.tell("refund.updated", changed, previous: ["status": "pending"], of: nil, &state)
    }

    /// A refund that had succeeded comes back: the card's bank did not take it.
    static func fail(_ id: String, _ state: inout BookState) {
        guard let refund = state.find(.refund, id), refund["status"].text == "succeeded" else { return }
        let amount = refund["amount"].number ?? 0
        let entry = Charging.post(refund, amount, "refund_failure", &state)
        let changed = state.update(.refund, id) {
            $0["status"] = "failed"
            $0["failure_reason"] = "expired_or_canceled_card"
            $0["failure_balance_transaction"] = entry
        }
        count(-amount, on: refund["charge"].text ?? "", &state)
        Announcer.tell("refund.updated", changed, previous: ["status": "succeeded"], of: nil, &state)
        Announcer.tell("refund.failed", changed, of: nil, &state)
    }

    static func cancel(_ id: String, _ call: StripeCall, _ state: inout BookState) -> Node {
        let changed = state.update(.refund, id) { $0["status"] = "canceled" }
        count(-(changed["amount"].number ?? 0), on: changed["charge"].text ?? "", &state)
        Announcer.tell("refund.updated", changed, previous: ["status": "pending"], of: call, &state)
        return changed
    }
}
