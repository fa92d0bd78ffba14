import HTTP

/// Paystack's hosted payment page, and the challenge of a saved card. A card may be chosen in the form field `card`.
struct PaystackPage: Sendable {
    let books: Books
    let faults: Faults
    let publicURL: String

    func show(_ reference: String) -> ServerResponse {
        guard let transaction = books.read({ $0.find(.paystackTransaction, reference) }) else { return missing }
        guard PaystackPage.isOpen(transaction) else { return Page.message(410, title: "Closed", "This payment is no longer open.") }
        let currency = transaction["currency"].text ?? "NGN"
        let amount = Amounts.shown(transaction["amount"].number ?? 0, currency.lowercased())
        let buttons = [
            Page.Button(name: "pay", label: "Pay"), Page.Button(name: "decline", label: "Decline"),
            Page.Button(name: "cancel", label: "Cancel"),
        ]
        return Page.form(title: "Paystack Checkout", lines: ["Total: \(amount) \(currency)"], buttons: buttons)
    }

    func submit(_ reference: String, _ request: ServerRequest) -> ServerResponse {
        let form = (try? FormDecoder.decode(request.text)) ?? [:]
        let action = form["action"].text ?? ""
        let plan = faults.take(gateway: "paystack", method: "POST", path: request.path, charges: action == "pay")
        faults.hold(plan.delay)
        var card = form["card"].text ?? ""
        if action == "decline" { card = "4084080000005408" }
        let transaction = books.change { [card] state in
            action == "cancel"
                ? state.find(.paystackTransaction, reference) : PaystackPage.pay(reference, card, plan.decline, &state)
        }
        guard let transaction else { return missing }
        if transaction["status"].text == "failed" {
            return Page.message(402, title: "Declined", transaction["gateway_response"].text ?? "")
        }
        guard let callback = transaction["_callback"].text, !callback.isEmpty else {
            return Page.message(200, title: "Done", "You may close this page.")
        }
        return Page.redirect(to: Page.adding("reference", reference, to: Page.adding("trxref", reference, to: callback)))
    }

    private static func isOpen(_ transaction: Node) -> Bool {
        ["abandoned", "ongoing"].contains(transaction["status"].text ?? "")
    }

    private static func pay(_ reference: String, _ card: String, _ forced: Decline?, _ state: inout BookState) -> Node? {
        guard let transaction = state.find(.paystackTransaction, reference) else { return nil }
        guard isOpen(transaction) else { return transaction }
        let email = transaction["customer"]["email"].text ?? ""
        let known = transaction["_authorization"].text.flatMap { state.find(.paystackAuthorization, $0) }
        let authorization = known ?? PaystackObjects.authorization(card: card, email: email)
        let decline = forced.map { GatewayResponse.decline($0.code) } ?? PaystackCard.named(card).firstDecline
        if let decline { return PaystackCharging.fail(transaction, with: authorization, decline, &state) }
        state.put(.paystackAuthorization, authorization["authorization_code"].text ?? "", authorization)
        return PaystackCharging.succeed(transaction, with: authorization, &state)
    }

    private var missing: ServerResponse { Page.message(404, title: "Not found", "There is no such payment.") }
}
