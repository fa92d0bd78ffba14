import HTTP
import Testing

@testable import Simulator

@Suite("Idempotency keys")
struct IdempotencyTests {
    private let desk: Desk

    init() throws {
        desk = try Desk()
    }

    @Test("a success and a decline are answered again, not carried out again", arguments: ["pm_card_visa", "pm_card_chargeDeclined"])
    func replay(method: String) {
        let form = "amount=1000&currency=usd&confirm=true&payment_method=\(method)"
        let first = desk.send("POST", "/v1/payment_intents", form, key: "k").response
        let second = desk.send("POST", "/v1/payment_intents", form, key: "k").response
        #expect(first.body == second.body && first.status == second.status)
        #expect(second.headers.contains { $0.name == "Idempotent-Replayed" && $0.value == "true" })
        #expect(!first.headers.contains { $0.name == "Idempotent-Replayed" })
        #expect(desk.charges.count == 1)
    }

    @Test("the order and the spelling of parameters do not matter, their values do")
    func parameters() {
        _ = desk.post("/v1/customers", "name=A&email=a@b.c", key: "k")
        #expect(desk.post("/v1/customers", "email=a%40b.c&name=A", key: "k")["error"].isNull)
        let other = desk.send("POST", "/v1/customers", "name=B&email=a@b.c", key: "k")
        #expect(other.response.status == 400 && other.body["error"]["type"].text == "idempotency_error")
        #expect(other.body["error"]["code"].isNull)
        let elsewhere = desk.send("POST", "/v1/payment_intents", "name=A&email=a@b.c", key: "k")
        #expect(elsewhere.body["error"]["message"].text?.contains("('/v1/payment_intents' vs '/v1/customers')") == true)
    }

    @Test("nothing is kept of a request that never began")
    func notStored() {
        #expect(desk.pay(amount: 0, key: "k")["error"]["code"].text == "parameter_invalid_integer")
        #expect(desk.pay(amount: 49, key: "k")["error"]["code"].text == "amount_too_small")
        desk.faults.arm(FaultRule(.tooMany).once)
        #expect(desk.pay(key: "k")["error"]["code"].text == "rate_limit")
        #expect(desk.pay(key: "k")["status"].text == "succeeded")
    }

    @Test("a server error is kept")
    func serverError() {
        desk.faults.arm(FaultRule(.serverError).once)
        #expect(desk.send("POST", "/v1/customers", "", key: "k").response.status == 500)
        #expect(desk.send("POST", "/v1/customers", "", key: "k").response.status == 500)
        #expect(desk.send("POST", "/v1/customers", "", key: "other").response.status == 200)
    }

    @Test("a key in flight refuses another, and a key is forgotten after a day")
    func lifetime() {
        desk.books.change { $0.keysInFlight.insert("busy") }
        let refused = desk.send("POST", "/v1/customers", "", key: "busy")
        #expect(refused.response.status == 409 && refused.body["error"]["code"].text == "idempotency_key_in_use")
        let first = desk.pay(key: "k")["id"]
        desk.advance(seconds: 86_399)
        #expect(desk.pay(key: "k")["id"] == first)
        desk.advance(seconds: 1)
        #expect(desk.pay(key: "k")["id"] != first)
    }

    @Test("a key on a request that only looks is ignored")
    func looks() {
        #expect(desk.send("GET", "/v1/customers?limit=1", key: "k").response.status == 200)
        #expect(desk.send("GET", "/v1/customers?limit=2", key: "k").response.status == 200)
    }
}

extension FaultRule {
    /// For the next request only.
    var once: FaultRule {
        var rule = self
        rule.left = 1
        return rule
    }
}
