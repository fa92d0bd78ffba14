import HTTP

/// The page of a customer's bank, on which he proves who he is: for intents that are in `requires_action`.
struct AuthenticationPage: Sendable {
    let books: Books
    let publicURL: String

    func show(_ id: String) -> ServerResponse {
        guard find(id)?["status"].text == "requires_action" else { return gone }
        let buttons = [Page.Button(name: "complete", label: "Complete"), Page.Button(name: "fail", label: "Fail")]
        return Page.form(title: "Your bank", lines: ["Is it you who pays?"], buttons: buttons)
    }

    func submit(_ id: String, _ request: ServerRequest) -> ServerResponse {
        let form = (try? FormDecoder.decode(request.text)) ?? [:]
        let isProven = form["action"].text == "complete"
        let call = StripeCall(
            method: "POST", path: request.path, parameters: Parameters([:]), requestID: "", idempotencyKey: nil,
            version: StripeCall.defaultVersion, publicURL: publicURL)
        let outcome = books.change { AuthenticationPage.finish(id, isProven, call, &$0) }
        guard let outcome else { return gone }
        guard let url = outcome["_return_url"].text else { return Page.message(200, title: "Done", "You may close this page.") }
        let name = id.hasPrefix("seti_") ? "setup_intent" : "payment_intent"
        return Page.redirect(to: Page.adding(name, id, to: url))
    }

    private static func finish(_ id: String, _ isProven: Bool, _ call: StripeCall, _ state: inout BookState) -> Node? {
        if let intent = state.find(.setupIntent, id), intent["status"].text == "requires_action" {
            guard !isProven else { return SetupIntents.succeed(intent, call, &state) }
            return state.update(.setupIntent, id) {
                $0["status"] = "requires_payment_method"
                $0["next_action"] = nil
            }
        }
        guard let intent = state.find(.paymentIntent, id), intent["status"].text == "requires_action" else { return nil }
        guard isProven else { return Charging.failAuthentication(id, call, &state) }
        var terms = Charging.Terms()
        terms.isAuthenticated = true
        do {
            return try Charging.confirm(id, terms, call, &state)
        } catch {
            return state.find(.paymentIntent, id)
        }
    }

    private func find(_ id: String) -> Node? {
        books.read { $0.find(.paymentIntent, id) ?? $0.find(.setupIntent, id) }
    }

    private var gone: ServerResponse { Page.message(410, title: "Gone", "Nothing waits for you here.") }
}
