import HTTP

/// Stripe's hosted checkout page. A card may be chosen by its number in the form field `card`; without one the usual card pays.
struct CheckoutPage: Sendable {
    let books: Books
    let faults: Faults
    let publicURL: String

    func show(_ id: String) -> ServerResponse {
        guard let session = books.read({ $0.find(.session, id) }) else { return missing }
        guard session["status"].text == "open" else { return closed(session) }
        let currency = session["currency"].text ?? "usd"
        var lines = session["_items"].elements.map { item in
            let amount = Amounts.shown(item["amount_total"].number ?? 0, currency)
            return "\(item["quantity"].number ?? 1) × \(item["description"].text ?? "") — \(amount) \(currency.uppercased())"
        }
        if let total = session["amount_total"].number { lines.append("Total: \(Amounts.shown(total, currency)) \(currency.uppercased())") }
        if session["mode"].text == "setup" { lines.append("Save a card for later payments.") }
        var buttons = [Page.Button(name: "pay", label: session["mode"].text == "setup" ? "Save" : "Pay")]
        buttons.append(Page.Button(name: "decline", label: "Decline"))
        buttons.append(Page.Button(name: "cancel", label: "Cancel"))
        return Page.form(title: "Checkout", lines: lines, buttons: buttons)
    }

    func submit(_ id: String, _ request: ServerRequest) -> ServerResponse {
        let form = (try? FormDecoder.decode(request.text)) ?? [:]
        guard let session = books.read({ $0.find(.session, id) }) else { return missing }
        if form["action"].text == "cancel" {
            guard let url = session["cancel_url"].text else { return Page.message(200, title: "Cancelled", "Nothing was charged.") }
            return Page.redirect(to: url.replacing("{CHECKOUT_SESSION_ID}", with: id))
        }
        guard session["status"].text == "open" else { return closed(session) }
        let plan = faults.take(gateway: "stripe", method: "POST", path: request.path, charges: true)
        faults.hold(plan.delay)
        let given = form["card"].text ?? form["payment_method"].text ?? ""
        let method = form["action"].text == "decline" ? "pm_card_chargeDeclined" : given.isEmpty ? "pm_card_visa" : given
        let email = form["email"].text
        var call = StripeCall(
            method: "POST", path: request.path, parameters: Parameters([:]), requestID: "", idempotencyKey: nil,
            version: StripeCall.defaultVersion, publicURL: publicURL)
        call.forcedDecline = plan.decline
        let problem = books.change { [call] state in
            CheckoutPage.complete(id, method, email, call, &state)
        }
        if let problem { return refused(problem) }
        let url = session["success_url"].text ?? publicURL
        return Page.redirect(to: url.replacing("{CHECKOUT_SESSION_ID}", with: id))
    }

    /// Pays a session. - Returns: why not.
    private static func complete(
        _ id: String, _ named: String, _ email: String?, _ call: StripeCall, _ state: inout BookState
    ) -> StripeProblem? {
        // Two buttons pressed at once: the second finds it done.
        guard state.find(.session, id)?["status"].text == "open" else { return nil }
        let session = withCustomer(id, email, &state)
        let name = TestMethod.numbered(named)?.name ?? named
        do {
            let method = try PaymentMethods.resolve(name, param: "payment_method", &state)
            if session["mode"].text == "setup" {
                try completeSetup(session, method, call, &state)
            } else {
                try completePayment(session, method, call, &state)
            }
        } catch {
            return error
        }
        let changed = state.update(.session, id) {
            $0["status"] = "complete"
            if $0["mode"].text == "payment" { $0["payment_status"] = "paid" }
            $0["url"] = nil
            if $0["customer_details"].isNull {
                $0["customer_details"] = Sessions.details(email: address($0, email), name: nil)
            }
        }
        state.remove(.due, "session.expire \(id)")
        Announcer.tell("checkout.session.completed", changed, of: nil, &state)
        return nil
    }

    private static func address(_ session: Node, _ typed: String?) -> Node {
        if let typed { return .text(typed) }
        return session["customer_email"].isNull ? "customer@example.com" : session["customer_email"]
    }

    /// Under `customer_creation=always` the first try makes a customer, whatever becomes of it. - Returns: the session.
    private static func withCustomer(_ id: String, _ email: String?, _ state: inout BookState) -> Node {
        let session = state.find(.session, id) ?? [:]
        guard session["customer"].isNull, session["customer_creation"].text == "always" else { return session }
        var customer = CustomerResource.make(now: state.nowSeconds)
        customer["email"] = address(session, email)
        state.put(.customer, customer)
        Announcer.tell("customer.created", customer, of: nil, &state)
        if let setup = session["setup_intent"].text { state.update(.setupIntent, setup) { $0["customer"] = customer["id"] } }
        return state.update(.session, id) { $0["customer"] = customer["id"] }
    }

    private static func completePayment(
        _ session: Node, _ method: Node, _ call: StripeCall, _ state: inout BookState
    ) throws(StripeProblem) {
        // One intent for all tries of a session, as with Stripe; it is shown only once the customer has tried.
        var intent =
            session["payment_intent"].text.flatMap { state.find(.paymentIntent, $0) }
            ?? PaymentIntentResource.make(
                amount: session["amount_total"].number ?? 0, currency: session["currency"].text ?? "usd", now: state.nowSeconds)
        if session["payment_intent"].isNull {
            let data = session["_data"]
            intent["customer"] = session["customer"]
            for name in ["metadata", "description", "setup_future_usage", "receipt_email"] { intent[name] = data[name] }
            intent["automatic_payment_methods"] = ["allow_redirects": "always", "enabled": true]
        }
        intent["payment_method"] = method["id"]
        state.put(.paymentIntent, intent)
        if session["payment_intent"].isNull {
            state.update(.session, session["id"].text ?? "") { $0["payment_intent"] = intent["id"] }
            Announcer.tell("payment_intent.created", intent, of: nil, &state)
        }
        // The customer sits before the page, so he can authenticate: the page does it for him.
        var terms = Charging.Terms()
        terms.isAuthenticated = true
        _ = try Charging.confirm(intent["id"].text ?? "", terms, call, &state)
    }

    private static func completeSetup(
        _ session: Node, _ method: Node, _ call: StripeCall, _ state: inout BookState
    ) throws(StripeProblem) {
        let test = PaymentMethodResource.testMethod(of: method)
        if case .declines(let decline) = test.charge, !test.canBeAttached {
            throw StripeProblem(402, type: "card_error", code: decline.errorCode, decline.message)
        }
        var intent = session["setup_intent"].text.flatMap { state.find(.setupIntent, $0) } ?? [:]
        intent["payment_method"] = method["id"]
        _ = SetupIntents.succeed(intent, call, &state)
    }

    private func refused(_ problem: StripeProblem) -> ServerResponse {
        let buttons = [Page.Button(name: "pay", label: "Pay"), Page.Button(name: "cancel", label: "Cancel")]
        return Page.form(title: "Declined", lines: [problem.body["message"].text ?? ""], buttons: buttons, status: 402)
    }

    private func closed(_ session: Node) -> ServerResponse {
        let isPaid = session["status"].text == "complete"
        return Page.message(410, title: isPaid ? "Already paid" : "Expired", "This page is no longer open.")
    }

    private var missing: ServerResponse { Page.message(404, title: "Not found", "There is no such checkout.") }
}
