import HTTP
import Testing

@testable import Simulator

@Suite("Payments")
struct PaymentTests {
    private let desk: Desk

    init() throws {
        desk = try Desk()
    }

    private static let amountsAndCodes: [(Int64, String, String?)] = [
        (49, "usd", "amount_too_small"), (50, "usd", nil), (99_999_999, "usd", nil), (100_000_000, "usd", "amount_too_large"),
        (30, "gbp", nil), (29, "gbp", "amount_too_small"), (50, "jpy", nil), (1001, "kwd", "parameter_invalid_integer"),
        (1010, "kwd", nil), (150, "isk", "parameter_invalid_integer"), (0, "ngn", "parameter_invalid_integer"), (1, "ngn", nil),
    ]

    @Test("amounts that Stripe does not take", arguments: amountsAndCodes)
    func amounts(amount: Int64, currency: String, code: String?) {
        let answer = desk.post("/v1/payment_intents", "amount=\(amount)&currency=\(currency)")
        #expect(answer["error"]["code"].text == code)
        #expect(answer["amount"].number == (code == nil ? amount : nil))
    }

    @Test("what a decline says, and what it leaves behind")
    func decline() {
        let (response, body) = desk.send(
            "POST", "/v1/payment_intents", "amount=1000&currency=usd&confirm=true&payment_method=pm_card_chargeDeclinedInsufficientFunds")
        let error = body["error"]
        #expect(response.status == 402 && error["type"].text == "card_error" && error["code"].text == "card_declined")
        #expect(error["decline_code"].text == "insufficient_funds" && error["advice_code"].text == "try_again_later")
        #expect(error["network_decline_code"].text == "51")
        #expect(error["payment_intent"]["payment_method"].isNull && error["payment_method"]["id"].text?.hasPrefix("pm_") == true)
        #expect(desk.charges.map { $0["status"].text } == ["failed"])
        let types = desk.get("/v1/events")["data"].elements.map { $0["type"].text }
        #expect(types == ["payment_intent.payment_failed", "charge.failed", "payment_intent.created"])
    }

    @Test("the simulator's own words are shown to nobody")
    func hidden() {
        let paid = desk.pay("pm_card_visa", "&expand[]=payment_method&expand[]=latest_charge")
        for node in [paid, paid["payment_method"], paid["latest_charge"]] {
            #expect(!node.fields.contains { $0.name.hasPrefix("_") })
        }
    }

    @Test("a checkout session expires by itself")
    func expiry() {
        let form = "success_url=https://s&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=900"
        let session = desk.post("/v1/checkout/sessions", form + "&line_items[0][price_data][product_data][name]=T")["id"].text ?? ""
        desk.advance(seconds: 86_399)
        desk.settle()
        #expect(desk.get("/v1/checkout/sessions/\(session)")["status"].text == "open")
        desk.advance(seconds: 2)
        desk.settle()
        #expect(desk.get("/v1/checkout/sessions/\(session)")["status"].text == "expired")
    }

    @Test(
        "the search language",
        arguments: [
            ("metadata['a']:'1'", true), ("metadata[\"a\"]:\"1\" AND status:'succeeded'", true), ("metadata['a']:'2'", false),
            ("-metadata['a']:'2'", true), ("amount:1000", true), ("metadata['a']:'1' AND amount:1001", false), ("description~'x'", false),
        ])
    func search(query: String, isFound: Bool) throws {
        let paid = desk.pay("pm_card_visa", "&metadata[a]=1")
        #expect(try SearchQuery(query).matches(paid) == isFound)
    }

    @Test("queries that cannot be read are refused", arguments: ["", "a", "metadata['a']", "metadata[a]:'1'", "a:'1' OR b:'2'"])
    func wrongSearch(query: String) {
        #expect(throws: StripeProblem.self) { try SearchQuery(query) }
    }

    @Test("every decline code has an outcome, with and without another advice")
    func declineNames() {
        #expect(TestMethod.named("pm_sim_decline_do_not_honor")?.charge == .declines(Decline("do_not_honor")))
        #expect(
            TestMethod.named("pm_sim_decline_do_not_honor__do_not_try_again")?.charge
                == .declines(Decline("do_not_honor", advice: "do_not_try_again")))
        #expect(TestMethod.named("pm_sim_decline_Bad-Name") == nil && TestMethod.named("pm_card_nothing") == nil)
        #expect(TestMethod.named("pm_card_visa_chargeDeclined") == TestMethod.named("pm_card_chargeDeclined"))
    }
}
