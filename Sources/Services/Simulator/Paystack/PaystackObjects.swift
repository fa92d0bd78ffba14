import Messages

/// Paystack's objects, with every member of its published samples.
enum PaystackObjects {
    /// `2024-08-22T09:15:02.000Z`.
    static func time(_ milliseconds: Int64) -> Node {
        // Whole seconds, as Paystack writes them.
        let text = EventTime.text(microseconds: milliseconds / 1000 * 1_000_000)
        let whole = text.prefix { $0 != "." && $0 != "Z" }
        return .text("\(whole).000Z")
    }

    static func customer(email: String, id: Int64, now: Int64) -> Node {
        [
            "id": .number(id), "first_name": nil, "last_name": nil, "email": .text(email),
            "customer_code": .text("CUS_\(Identifiers.random(15).lowercased())"), "phone": nil, "metadata": nil, "risk_action": "default",
            "international_format_phone": nil, "_created": time(now),
        ]
    }

    static func authorization(card name: String, email: String) -> Node {
        let card = PaystackCard.named(name)
        return [
            "authorization_code": .text(Identifiers.paystack("AUTH")), "bin": .text(String(card.number.prefix(6))),
            "last4": .text(String(card.number.suffix(4))), "exp_month": "12", "exp_year": "2034", "channel": "card", "card_type": "visa ",
            "bank": "TEST BANK", "country_code": "NG", "brand": "visa", "reusable": .bool(card.isReusable),
            "signature": .text("SIG_" + Identifiers.random(20)), "account_name": nil, "receiver_bank_account_number": nil,
            "receiver_bank": nil, "_email": .text(email.lowercased()), "_card": .text(name), "_active": true,
        ]
    }

    /// A transaction that has not been paid.
    static func transaction(id: Int64, reference: String, amount: Int64, currency: String, customer: Node, now: Int64) -> Node {
        [
            "id": .number(id), "domain": "test", "status": "abandoned", "reference": .text(reference), "receipt_number": nil,
            "amount": .number(amount), "message": nil, "gateway_response": "The transaction was not completed",
            "gateway_response_code": nil, "response_code": nil, "helpdesk_link": nil, "paid_at": nil, "created_at": time(now),
            "channel": "card", "currency": .text(currency), "ip_address": "127.0.0.1", "metadata": "", "log": nil, "fees": nil,
            "fees_split": nil, "authorization": [:], "customer": customer.shown, "plan": nil, "split": [:], "order_id": nil, "paidAt": nil,
            "createdAt": time(now), "requested_amount": .number(amount), "pos_transaction_data": nil, "source": nil,
            "fees_breakdown": nil, "connect": nil, "transaction_date": time(now), "plan_object": [:], "subaccount": [:],
        ]
    }

    static func log(success: Bool, now: Int64) -> Node {
        [
            "start_time": .number(now / 1000), "time_spent": 2, "attempts": 1, "errors": success ? 0 : 1, "success": .bool(success),
            "mobile": false, "input": [],
            "history": [
                ["type": "action", "message": "Attempted to pay with card", "time": 1],
                ["type": success ? "success" : "error", "message": success ? "Successfully paid with card" : "Error: Declined", "time": 2],
            ],
        ]
    }

    static func refund(id: Int64, of transaction: Node, amount: Int64, notes: (customer: String?, merchant: String?), now: Int64) -> Node {
        let reference = transaction["reference"].text ?? ""
        return [
            "integration": 100_043, "transaction": transaction["id"], "dispute": nil, "settlement": nil, "id": .number(id),
            "domain": "test",
            "currency": transaction["currency"], "amount": .number(amount), "status": "pending", "refunded_at": nil,
            "refunded_by": "purser@example.com", "customer_note": .text(notes.customer ?? "Refund for transaction \(reference)"),
            "merchant_note": .text(notes.merchant ?? "Refund for transaction \(reference) by purser@example.com"),
            "deducted_amount": 0, "fully_deducted": 0, "createdAt": time(now), "updatedAt": time(now),
            "expected_at": time(now + 604_800_000),
            "bank_reference": nil, "transaction_reference": .text(reference), "reason": "MERCHANT_REQUEST",
            "customer": transaction["customer"], "refund_type": "ONLINE", "transaction_amount": transaction["amount"],
            "initiated_by": "purser@example.com", "refund_channel": "MIGS", "session_id": nil, "collect_account_number": false,
            "channel": nil, "_reference": .text(reference),
        ]
    }

    static func dispute(id: Int64, of transaction: Node, reason: String, now: Int64) -> Node {
        [
            "id": .number(id), "refund_amount": transaction["amount"], "currency": transaction["currency"],
            "status": "awaiting-merchant-feedback", "resolution": nil, "domain": "test", "transaction": transaction.shown,
            "transaction_reference": nil, "category": .text(reason), "customer": transaction["customer"],
            "bin": transaction["authorization"]["bin"], "last4": transaction["authorization"]["last4"], "dueAt": time(now + 172_800_000),
            "resolvedAt": nil, "evidence": nil, "attachments": nil, "note": nil,
            "history": [["status": "pending", "by": "customer@example.com", "createdAt": time(now)]],
            "messages": [["sender": "customer@example.com", "body": "Customer complained", "createdAt": time(now)]],
            "createdAt": time(now), "updatedAt": time(now), "_reference": transaction["reference"],
        ]
    }
}
