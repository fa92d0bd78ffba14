/// Everybody's charges, for tests that count how often anybody was charged.
enum ChargeListing {
    static func all(_ state: BookState) -> Node {
        let stripe = state.all(.charge).map(stripe)
        let paystack = state.all(.paystackTransaction).filter { $0["status"].text != "abandoned" }.map(paystack)
        return .list(Array(stripe) + paystack)
    }

    private static func stripe(_ charge: Node) -> Node {
        let captured = charge["amount_captured"].number ?? 0
        return [
            "gateway": "stripe", "id": charge["id"], "reference": charge["metadata"]["reference"], "payment": charge["payment_intent"],
            "metadata": charge["metadata"], "amount": charge["amount"], "captured": .number(captured), "currency": charge["currency"],
            "customer": charge["customer"], "status": charge["status"], "refunded": charge["amount_refunded"],
            "disputed": charge["disputed"], "failure": charge["outcome"]["reason"], "created": charge["created"],
        ]
    }

    private static func paystack(_ transaction: Node) -> Node {
        // A reversed transaction was a success once.
        let status = transaction["status"].text == "reversed" ? "success" : transaction["status"].text ?? ""
        return [
            "gateway": "paystack", "id": transaction["id"], "reference": transaction["reference"], "payment": transaction["reference"],
            "metadata": transaction["metadata"], "amount": transaction["amount"],
            "captured": status == "success" ? transaction["amount"] : 0, "currency": transaction["currency"],
            "customer": transaction["customer"]["email"], "status": status == "success" ? "succeeded" : .text(status),
            "refunded": transaction["_refunded"].isNull ? 0 : transaction["_refunded"], "disputed": false,
            "failure": status == "failed" ? transaction["gateway_response_code"] : .null, "created": transaction["created_at"],
        ]
    }
}
