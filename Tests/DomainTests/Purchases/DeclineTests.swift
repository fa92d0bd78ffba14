import Domain
import Testing

@Suite("Every decline ends in its class (payments.md, payment-facts.md 1.8, 2.4)")
struct DeclineTests {
    @Test("Stripe: every soft code", arguments: StripeDeclines.soft)
    func soft(row: StripeDeclines.Row) throws {
        #expect(StripeDeclines.decline(code: "card_declined", declineCode: row.code) == Decline(.soft, code: row.code))
        #expect(StripeDeclines.decline(code: row.code, declineCode: nil) == Decline(.soft, code: row.code), "as `code` alone")
        var world = try PurchaseFixture.charging()
        #expect(world.end(.declined(StripeDeclines.decline(code: nil, declineCode: row.code))) == [.fail(reason: row.code)])
    }

    @Test("Stripe: every hard code", arguments: StripeDeclines.hard)
    func hard(row: StripeDeclines.Row) throws {
        let decline = StripeDeclines.decline(code: "card_declined", declineCode: row.code)
        #expect(decline == Decline(.hard, code: row.code) && decline.retiresMethod)
        var world = try PurchaseFixture.charging()
        #expect(world.end(.declined(decline)) == [.retireMethod(reason: row.code), .fail(reason: row.code)])
    }

    @Test("Stripe: every code that needs the customer", arguments: StripeDeclines.needsCustomer)
    func needsCustomer(row: StripeDeclines.Row) throws {
        let decline = StripeDeclines.decline(code: "card_declined", declineCode: row.code)
        #expect(decline == Decline(.needsCustomer, code: row.code) && !decline.retiresMethod)
        var world = try PurchaseFixture.charging()
        #expect(world.end(.declined(decline)).first == .requireCustomer(until: world.now.adding(.days(7))))
    }

    @Test("Stripe: the fifty codes, each once, each with its source; those that Stripe never retries are not soft")
    func table() {
        let rows = StripeDeclines.soft + StripeDeclines.hard + StripeDeclines.needsCustomer
        #expect(rows.count == 50 && Set(rows.map(\.code)).count == 50 && rows.allSatisfy { $0.source.hasPrefix("1.8 ") })
        let never = """
            incorrect_number lost_card pickup_card stolen_card revocation_of_authorization revocation_of_all_authorizations \
            authentication_required transaction_not_allowed
            """
        let soft = Set(StripeDeclines.soft.map(\.code))
        for code in never.split(separator: " ") { #expect(!soft.contains(String(code)), "\(code)") }
    }

    @Test("advice about this charge beats the table, in both directions")
    func advice() {
        func kind(_ code: String, _ advice: String?) -> DeclineClass {
            StripeDeclines.decline(code: "card_declined", declineCode: code, adviceCode: advice).kind
        }
        #expect(kind("insufficient_funds", "do_not_try_again") == .hard)
        #expect(kind("generic_decline", "confirm_card_data") == .needsCustomer)
        #expect(kind("lost_card", "try_again_later") == .soft)
        #expect(kind("lost_card", "new_advice") == .hard && kind("lost_card", nil) == .hard)
        #expect(StripeDeclines.decline(code: "x", declineCode: "new", adviceCode: "do_not_try_again").isKnown)
        #expect(StripeDeclines.decline(code: nil, declineCode: "generic_decline", outcomeReason: "highest_risk_level").kind == .hard)
    }

    @Test("an unknown code is soft and says that it is unknown")
    func unknown() {
        #expect(StripeDeclines.decline(code: "card_declined", declineCode: "new_code") == Decline(.soft, code: "new_code", isKnown: false))
        #expect(StripeDeclines.decline(code: "card_declined", declineCode: nil) == Decline(.soft, code: "card_declined", isKnown: false))
        #expect(StripeDeclines.decline(code: nil, declineCode: nil).isKnown == false)
        #expect(PaystackDeclines.decline(responseCode: "Z9", name: "unknown") == Decline(.soft, code: "unknown", isKnown: false))
        #expect(PaystackDeclines.decline(responseCode: nil, name: nil).isKnown == false)
    }

    @Test("Paystack: every code, by number and by name", arguments: PaystackDeclines.rows)
    func paystack(row: PaystackDeclines.Row) throws {
        #expect(PaystackDeclines.decline(responseCode: row.responseCode, name: nil) == Decline(row.kind, code: row.responseCode))
        #expect(PaystackDeclines.decline(responseCode: row.responseCode, name: row.name).kind == row.kind)
        if let name = row.name { #expect(PaystackDeclines.decline(responseCode: nil, name: name) == Decline(row.kind, code: name)) }
        var world = try PurchaseFixture.charging()
        let actions = world.end(.declined(PaystackDeclines.decline(responseCode: row.responseCode, name: row.name)))
        switch row.kind {
        case .soft: #expect(world.status == .failed && actions.count == 1)
        case .hard: #expect(world.status == .failed && actions.first == .retireMethod(reason: row.name ?? row.responseCode))
        case .needsCustomer: #expect(world.phase == .customerAction)
        }
    }

    @Test("Paystack: Visa's first category is never tried again, its third needs the customer, and the stricter of two words holds")
    func visa() {
        for code in "04 07 12 14 15 41 43 46 57 R0 R1 R3".split(separator: " ") {
            #expect(PaystackDeclines.decline(responseCode: String(code), name: nil).kind == .hard, "\(code)")
        }
        for code in ["54", "55", "82"] {
            #expect(PaystackDeclines.decline(responseCode: code, name: nil).kind == .needsCustomer, "\(code)")
        }
        #expect(PaystackDeclines.decline(responseCode: "41", name: "do_not_honor").kind == .hard)
        #expect(PaystackDeclines.decline(responseCode: "51", name: "expired_card").kind == .needsCustomer)
        #expect(PaystackDeclines.rows.count == 36)
    }

    @Test("Paystack: what the answers of status 400 mean, with and without their full stop", arguments: PaystackAnswers.messages)
    func messages(row: PaystackAnswers.Row) {
        for text in [row.message, row.message + ".", row.message.uppercased()] {
            #expect(PaystackAnswers.outcome(status: 400, message: text) == row.outcome)
        }
    }

    @Test("Paystack: other answers")
    func paystackAnswers() {
        #expect(PaystackAnswers.outcome(status: 400, message: "Invalid amount") == .refused(code: "http_400"))
        #expect(PaystackAnswers.outcome(status: 400, message: nil) == .refused(code: "http_400"))
        #expect(PaystackAnswers.outcome(status: 401, message: "Invalid key") == .refused(code: "http_401"))
        #expect(PaystackAnswers.outcome(status: 429, message: nil) == .slowDown)
        for status in [200, 302, 409, 500, 502, 503, 504] { #expect(PaystackAnswers.outcome(status: status, message: nil) == .unknown) }
        #expect(PaystackAnswers.isNotFound(status: 400, message: "Transaction reference not found."))
        #expect(PaystackAnswers.isNotFound(status: 404, message: "Transaction reference not found"))
        #expect(!PaystackAnswers.isNotFound(status: 500, message: "Transaction reference not found"))
        #expect(!PaystackAnswers.isNotFound(status: 400, message: "Invalid key"))
        let states: [String: PaystackAnswers.TransactionState?] = [
            "success": .paid, "failed": .failed, "abandoned": .notPaid, "reversed": .notPaid, "ongoing": .underWay, "pending": .underWay,
            "processing": .underWay, "queued": .underWay, "new": nil,
        ]
        for (status, state) in states { #expect(PaystackAnswers.state(of: status) == state, "\(status)") }
    }

    @Test("Stripe: what statuses of answers and intents mean")
    func stripeAnswers() {
        #expect(StripeAnswers.outcome(status: 402, type: "card_error", code: "card_declined") == nil)
        #expect(StripeAnswers.outcome(status: 429, type: nil, code: "lock_timeout") == .slowDown)
        #expect(StripeAnswers.outcome(status: 400, type: nil, code: "rate_limit") == .slowDown)
        #expect(
            StripeAnswers.outcome(status: 400, type: "invalid_request_error", code: "amount_too_small")
                == .refused(code: "amount_too_small"))
        #expect(StripeAnswers.outcome(status: 400, type: "idempotency_error", code: nil) == .unknown, "an attempt with this key exists")
        for status in [401, 403, 404] {
            #expect(StripeAnswers.outcome(status: status, type: nil, code: nil) == .refused(code: "http_\(status)"))
        }
        #expect(StripeAnswers.outcome(status: 409, type: "invalid_request_error", code: "idempotency_key_in_use") == .unknown)
        for status in [200, 500, 502, 503, 504] { #expect(StripeAnswers.outcome(status: status, type: nil, code: nil) == .unknown) }
        let states: [String: StripeAnswers.IntentState?] = [
            "succeeded": .paid, "requires_action": .needsCustomer, "requires_payment_method": .declined, "processing": .underWay,
            "requires_confirmation": .underWay, "requires_capture": .underWay, "canceled": .closed, "new": nil,
        ]
        for (status, state) in states { #expect(StripeAnswers.state(ofIntent: status) == state, "\(status)") }
    }
}
