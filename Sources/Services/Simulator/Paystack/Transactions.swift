import Messages

/// `/transaction`.
enum Transactions {
    static func initialize(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        let transaction = try PaystackCharging.open(call, &state)
        PaystackCharging.put(transaction, &state)
        let access = transaction["_access"].text ?? ""
        return Envelope.make(
            "Authorization URL created",
            [
                "authorization_url": .text("\(call.publicURL)/_pages/paystack/\(transaction["reference"].text ?? "")"),
                "access_code": .text(access), "reference": transaction["reference"],
            ])
    }

    static func chargeAuthorization(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let code = call.text("authorization_code") else { throw .missing("authorization_code") }
        // Everything is checked before the transaction is made: a refusal leaves its reference free.
        guard let authorization = state.find(.paystackAuthorization, code) else { throw .unknownAuthorization }
        let email = try call.email()
        guard authorization["_email"].text == email.lowercased(), authorization["_active"].flag == true,
            authorization["reusable"].flag == true
        else { throw .otherEmail }
        let transaction = try PaystackCharging.open(call, &state)
        let card = PaystackCard.named(authorization["_card"].text ?? "")
        if let decline = call.forcedDecline {
            return attempted(PaystackCharging.fail(transaction, with: authorization, .decline(decline.code), &state))
        }
        if card.isChallenged { return challenge(transaction, code, call, &state) }
        if let decline = card.laterDecline {
            return attempted(PaystackCharging.fail(transaction, with: authorization, decline, &state))
        }
        return attempted(PaystackCharging.succeed(transaction, with: authorization, &state))
    }

    private static func attempted(_ transaction: Node) -> Node {
        Envelope.make("Charge attempted", transaction.shown)
    }

    private static func challenge(_ transaction: Node, _ code: String, _ call: PaystackCall, _ state: inout BookState) -> Node {
        var waiting = transaction
        waiting["status"] = "ongoing"
        waiting["_authorization"] = .text(code)
        PaystackCharging.put(waiting, &state)
        return Envelope.make(
            "Please, redirect your customer to the authorization url provided",
            [
                "authorization_url": .text("\(call.publicURL)/_pages/paystack/\(transaction["reference"].text ?? "")"),
                "reference": transaction["reference"], "access_code": transaction["_access"], "paused": true,
            ])
    }

    static func verify(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let transaction = state.find(.paystackTransaction, call.id) else { throw .unknownReference }
        return Envelope.make("Verification successful", transaction.shown)
    }

    static func fetch(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        guard let transaction = PaystackCharging.find(call.id, state) else { throw .notFound }
        return Envelope.make("Transaction retrieved", transaction.shown)
    }

    private static func time(_ text: String?) -> Int64? {
        guard let text else { return nil }
        return EventTime.microseconds(text)
    }

    private static func isWithin(_ moment: Int64?, _ from: Int64, _ to: Int64) -> Bool {
        guard let moment else { return false }
        return from <= moment && moment <= to
    }

    static func list(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        let status = call.text("status")
        let amount = call.number("amount")
        let customer = call.number("customer")
        let from = time(call.text("from")) ?? .min
        let to = time(call.text("to")) ?? .max
        let found = state.all(.paystackTransaction).filter {
            (status == nil || $0["status"].text == status) && (amount == nil || $0["amount"].number == amount)
                && (customer == nil || $0["customer"]["id"].number == customer)
                && isWithin(time($0["created_at"].text), from, to)
        }
        return PaystackPages.page("Transactions retrieved", found, call)
    }
}

/// Paystack's lists: by page and size.
enum PaystackPages {
    static func page(_ message: String, _ found: [Node], _ call: PaystackCall) -> Node {
        let size = max(1, min(Int(call.number("perPage") ?? 50), 100))
        let page = max(1, min(Int(call.number("page") ?? 1), 1_000_000))
        let skipped = min(found.count, (page - 1) * size)
        let part = found.dropFirst(skipped).prefix(size).map(\.shown)
        let volume = found.reduce(Int64(0)) { $0 + ($1["amount"].number ?? 0) }
        return Envelope.make(
            message, .list(part),
            meta: [
                "total": .number(Int64(found.count)), "total_volume": .number(volume), "skipped": .number(Int64(skipped)),
                "perPage": .number(Int64(size)), "page": .number(Int64(page)),
                "pageCount": .number(Int64((found.count + size - 1) / size)),
            ])
    }
}
