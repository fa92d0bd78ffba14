/// Refunds on Paystack's side: pending, processing, then processed or failed.
enum PaystackRefunding {
    static func open(_ transaction: Node, amount: Int64, notes: (customer: String?, merchant: String?), _ state: inout BookState) -> Node {
        let id = 3_018_280 + Int64(state.count(.paystackRefund))
        let refund = PaystackObjects.refund(id: id, of: transaction, amount: amount, notes: notes, now: state.now)
        state.put(.paystackRefund, String(id), refund)
        count(amount, on: transaction["reference"].text ?? "", &state)
        announce("refund.pending", refund, &state)
        Due.put("paystack.refund.process", String(id), after: state.settleMilliseconds / 2, &state)
        return refund
    }

    /// A transaction of which everything went back is reversed; one of which a part did stays a success.
    private static func count(_ amount: Int64, on reference: String, _ state: inout BookState) {
        state.update(.paystackTransaction, reference) {
            let refunded = ($0["_refunded"].number ?? 0) + amount
            $0["_refunded"] = .number(refunded)
            $0["status"] = refunded >= $0["amount"].number ?? 0 ? "reversed" : "success"
        }
    }

    static func process(_ id: String, _ state: inout BookState) {
        guard state.find(.paystackRefund, id)?["status"].text == "pending" else { return }
        let refund = state.update(.paystackRefund, id) { $0["status"] = "processing" }
        announce("refund.processing", refund, &state)
        Due.put("paystack.refund.settle", id, after: state.settleMilliseconds / 2, &state)
    }

    static func settle(_ id: String, _ state: inout BookState) {
        guard let refund = state.find(.paystackRefund, id), refund["status"].text == "processing" else { return }
        let reference = refund["_reference"].text ?? ""
        let code = state.find(.paystackTransaction, reference)?["authorization"]["authorization_code"].text ?? ""
        let card = PaystackCard.named(state.find(.paystackAuthorization, code)?["_card"].text ?? "")
        let now = state.now
        let changed = state.update(.paystackRefund, id) {
            $0["status"] = card.refundsFail ? "failed" : "processed"
            $0["updatedAt"] = PaystackObjects.time(now)
            guard !card.refundsFail else { return }
            $0["refunded_at"] = PaystackObjects.time(now)
            $0["deducted_amount"] = $0["amount"]
            $0["fully_deducted"] = 1
        }
        if card.refundsFail { count(-(refund["amount"].number ?? 0), on: reference, &state) }
        announce(card.refundsFail ? "refund.failed" : "refund.processed", changed, &state)
    }

    private static func announce(_ event: String, _ refund: Node, _ state: inout BookState) {
        PaystackCharging.announce(
            event,
            [
                "status": refund["status"], "transaction_reference": refund["transaction_reference"], "refund_reference": nil,
                "amount": .text(String(refund["amount"].number ?? 0)), "currency": refund["currency"], "processor": "mpgs_zen",
                "customer": [
                    "first_name": refund["customer"]["first_name"], "last_name": refund["customer"]["last_name"],
                    "email": refund["customer"]["email"],
                ],
                "integration": refund["integration"], "domain": "test", "id": refund["id"],
            ], &state)
    }
}
