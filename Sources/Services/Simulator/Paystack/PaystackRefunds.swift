/// `/refund`, `/dispute` and `/customer/authorization/deactivate`.
enum PaystackRefunds {
    static func create(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let named = call.text("transaction") else { throw .missing("transaction") }
        guard let transaction = PaystackCharging.find(named, state) else { throw PaystackProblem(404, "Transaction not found") }
        switch transaction["status"].text {
        case "success": break
        case "reversed": throw .wrong("Transaction has been fully reversed")
        default: throw .wrong("You can only refund a successful transaction")
        }
        let left = (transaction["amount"].number ?? 0) - (transaction["_refunded"].number ?? 0)
        let amount = try refundAmount(call, left)
        if let currency = call.text("currency"), currency.uppercased() != transaction["currency"].text { throw .currency }
        let notes = (customer: call.text("customer_note"), merchant: call.text("merchant_note"))
        var refund = PaystackRefunding.open(transaction, amount: amount, notes: notes, &state)
        // Here, and only here, the whole transaction stands where its number stands elsewhere.
        refund["transaction"] = transaction.shown
        refund["fully_deducted"] = false
        return Envelope.make("Refund has been queued for processing", refund.shown)
    }

    private static func refundAmount(_ call: PaystackCall, _ left: Int64) throws(PaystackProblem) -> Int64 {
        guard !call.parameters["amount"].isNull else { return left }
        let amount = try call.amount()
        guard amount <= left else { throw .wrong("Refund amount cannot be more than transaction amount") }
        return amount
    }

    static func fetch(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let refund = state.find(.paystackRefund, call.id) else { throw .notFound }
        return Envelope.make("Refund retrieved", refund.shown)
    }

    static func list(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        let named = call.text("transaction") ?? call.text("reference")
        let currency = call.text("currency")
        let found = state.all(.paystackRefund).filter {
            (named == nil || $0["_reference"].text == named || $0["transaction"].number.map { String($0) } == named)
                && (currency == nil || $0["currency"].text == currency)
        }
        return PaystackPages.page("Refunds retrieved", found, call)
    }

    static func disputes(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        let status = call.text("status")
        let transaction = call.number("transaction")
        let found = state.all(.paystackDispute).filter {
            (status == nil || $0["status"].text == status) && (transaction == nil || $0["transaction"]["id"].number == transaction)
        }
        return PaystackPages.page("Disputes retrieved", found, call)
    }

    static func dispute(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let dispute = state.find(.paystackDispute, call.id) else { throw .notFound }
        return Envelope.make("Dispute retrieved", dispute.shown)
    }

    static func disputeOfTransaction(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let dispute = state.all(.paystackDispute).first(where: { $0["transaction"]["id"].number.map { String($0) } == call.id })
        else { throw .notFound }
        return Envelope.make("Dispute retrieved", dispute.shown)
    }

    static func openDispute(_ transaction: Node, reason: String, _ state: inout BookState) -> Node {
        let id = 358_900 + Int64(state.count(.paystackDispute))
        let dispute = PaystackObjects.dispute(id: id, of: transaction, reason: reason, now: state.now)
        state.put(.paystackDispute, String(id), dispute)
        PaystackCharging.announce("charge.dispute.create", dispute, &state)
        return dispute
    }

    static func deactivate(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let code = call.text("authorization_code") else { throw .missing("authorization_code") }
        guard state.find(.paystackAuthorization, code)?["_active"].flag == true else {
            throw PaystackProblem(404, "Authorization code not found.")
        }
        state.update(.paystackAuthorization, code) { $0["_active"] = false }
        return ["status": true, "message": "Authorization has been deactivated"]
    }
}
