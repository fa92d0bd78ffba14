import HTTP

/// `/_sim/...`: what a test tells the simulator and asks of it. JSON, without a key: it listens where only its users are.
struct ControlSide: Sendable {
    let books: Books
    let faults: Faults
    let sender: WebhookSender
    let settler: Settler

    func answer(_ request: ServerRequest) -> ServerResponse {
        let body = request.body.isEmpty ? [:] : Node(json: request.body)
        guard let body, body.isObject else { return ControlSide.wrong("the body must be a JSON object") }
        let steps = request.path.split(separator: "/").dropFirst().map(String.init)
        switch (request.method, steps) {
        case ("GET", ["health"]): return ControlSide.json(["status": "ok"])
        case ("GET", ["charges"]): return charges(request)
        case ("GET", ["events"]): return events()
        case ("GET", ["faults"]): return ControlSide.json(["delay_ms": .number(faults.delay), "faults": .list(faults.rules.map(\.shown))])
        case ("POST", ["faults"]): return arm(body)
        case ("DELETE", ["faults"]):
            faults.clear()
            faults.delay = 0
            return ControlSide.json(["faults": []])
        case ("POST", ["delay"]): return delay(body)
        case ("POST", ["settle"]): return settle(body)
        case ("POST", ["disputes"]): return dispute(body)
        case ("POST", ["paystack", "authorizations"]): return authorize(body)
        case (_, let steps) where steps.first == "webhooks": return webhooks(request.method, Array(steps.dropFirst()), body)
        default: return ControlSide.json(["error": "there is no such thing to control"], 404)
        }
    }

    private func charges(_ request: ServerRequest) -> ServerResponse {
        let filter = (try? FormDecoder.decode(request.query)) ?? [:]
        let all = books.read { ChargeListing.all($0) }
        let found = all.elements.filter { charge in
            filter.fields.allSatisfy { field in
                let value = charge[field.name]
                return (value.text ?? value.number.map { String($0) }) == field.value.text
            }
        }
        return ControlSide.json(["count": .number(Int64(found.count)), "charges": .list(found)])
    }

    private func events() -> ServerResponse {
        let (stripe, paystack) = books.read { (Array($0.all(.event)), Array($0.all(.paystackEvent))) }
        return ControlSide.json(["stripe": .list(stripe.map(\.shown)), "paystack": .list(paystack.map(\.shown))])
    }

    private func arm(_ body: Node) -> ServerResponse {
        do {
            let rule = try FaultRule(body)
            faults.arm(rule)
            return ControlSide.json(rule.shown)
        } catch {
            return ControlSide.wrong(error.reason)
        }
    }

    private func delay(_ body: Node) -> ServerResponse {
        guard let time = body["ms"].number, (0...60_000).contains(time) else { return ControlSide.wrong("ms must be from 0 to 60000") }
        faults.delay = time
        return ControlSide.json(["delay_ms": .number(time)])
    }

    private func settle(_ body: Node) -> ServerResponse {
        guard let time = body["after_ms"].number, (0...86_400_000).contains(time) else {
            return ControlSide.wrong("after_ms must be from 0 to 86400000")
        }
        books.change { $0.settleMilliseconds = time }
        settler.wake()
        return ControlSide.json(["after_ms": .number(time)])
    }

    private func dispute(_ body: Node) -> ServerResponse {
        let reason = body["reason"].text ?? "fraudulent"
        let opened = books.change { state -> Node? in
            if let id = body["charge"].text, let charge = state.find(.charge, id) {
                return Disputing.open(charge, reason: reason, isInquiry: body["inquiry"].flag == true, &state)
            }
            guard let reference = body["reference"].text, let transaction = PaystackCharging.find(reference, state) else { return nil }
            return PaystackRefunds.openDispute(transaction, reason: reason, &state)
        }
        return opened.map { ControlSide.json($0.shown) } ?? ControlSide.wrong("charge or reference must name a charge")
    }

    /// A saved Paystack card without the way over the hosted page.
    private func authorize(_ body: Node) -> ServerResponse {
        guard let email = body["email"].text, email.contains("@") else { return ControlSide.wrong("email must be an e-mail address") }
        let authorization = PaystackObjects.authorization(card: body["card"].text ?? "", email: email)
        books.change { state in
            _ = PaystackCharging.customer(email, &state)
            state.put(.paystackAuthorization, authorization["authorization_code"].text ?? "", authorization)
        }
        return ControlSide.json(authorization.shown)
    }

    private func webhooks(_ method: String, _ steps: [String], _ body: Node) -> ServerResponse {
        switch (method, steps) {
        case ("GET", []): return ControlSide.json(sender.shown)
        case ("POST", ["settings"]): sender.change { $0.take(body) }
        case ("POST", ["hold"]): sender.change { $0.isHolding = true }
        case ("POST", ["release"]):
            guard let order = WebhookSender.Order(rawValue: body["order"].text ?? "in_order") else {
                return ControlSide.wrong("order must be in_order, reversed or shuffled")
            }
            let count = sender.release(order)
            if body["hold"].flag != true { sender.change { $0.isHolding = false } }
            return ControlSide.json(["released": .number(Int64(count))])
        case ("POST", ["resend"]):
            let times = Int(max(1, min(body["times"].number ?? 1, 1000)))
            guard let id = body["id"].text, sender.resend(id, times: times) else { return ControlSide.wrong("id must name an event") }
        default: return ControlSide.json(["error": "there is no such thing to control"], 404)
        }
        return ControlSide.json(["settings": sender.settings.shown])
    }

    private static func json(_ node: Node, _ status: Int = 200) -> ServerResponse {
        ServerResponse(status, headers: [HTTPHeader("Content-Type", "application/json")], body: node.json)
    }

    private static func wrong(_ reason: String) -> ServerResponse { json(["error": .text(reason)], 400) }
}
