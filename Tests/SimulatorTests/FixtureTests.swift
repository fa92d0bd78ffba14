import Glibc
import Testing

@testable import Simulator

/// Every answer has every member that Stripe's own sample of its resource has, also within objects (Tests/Data/README.md).
@Suite("Answers against Stripe's fixtures")
struct FixtureTests {
    private let desk: Desk
    private let fixtures: Node

    init() throws {
        desk = try Desk()
        let path = #filePath.replacing("SimulatorTests/FixtureTests.swift", with: "Data/stripe-fixtures.json")
        fixtures = try #require(Node(json: FixtureTests.bytes(of: path)))["resources"]
    }

    private static func bytes(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Paths of members that the sample has and the answer lacks. Where Stripe shows an object and we have null, null is meant.
    private func missing(_ answer: Node, _ sample: Node, _ path: String) -> [String] {
        sample.fields.flatMap { field -> [String] in
            let place = "\(path).\(field.name)"
            guard answer.has(field.name) else { return [place] }
            let value = answer[field.name]
            // Maps with the customer's own keys, and whatever an event is about.
            guard field.name != "metadata", place != "event.data.object", value.isObject else { return [] }
            return missing(value, field.value, place)
        }
    }

    private func check(_ answer: Node, _ resource: String, required: [String] = []) {
        #expect(answer["object"].text == fixtures[resource]["object"].text)
        #expect(missing(answer, fixtures[resource], resource) == [])
        for path in required {
            var value = answer
            for step in path.split(separator: ".") { value = value[String(step)] }
            #expect(!value.isNull, "\(resource).\(path) is null")
        }
    }

    @Test("customers, methods and set-ups")
    func customers() {
        let customer = desk.post("/v1/customers", "email=a@b.c&address[city]=Lagos")
        check(customer, "customer", required: ["address.city", "invoice_settings", "created"])
        check(
            desk.post("/v1/payment_methods/pm_card_visa/attach", "customer=\(customer["id"].text ?? "")"), "payment_method",
            required: ["card.networks.available", "card.checks", "billing_details.address", "customer"])
        check(desk.post("/v1/setup_intents", "payment_method=pm_card_visa&confirm=true"), "setup_intent", required: ["client_secret"])
        check(desk.send("DELETE", "/v1/customers/\(customer["id"].text ?? "")").body, "deleted_customer")
    }

    @Test("payments, succeeded and failed")
    func payments() {
        let paid = desk.pay("pm_card_visa", "&expand[]=latest_charge.balance_transaction")
        check(paid, "payment_intent", required: ["amount_details.tip", "payment_method_options.card", "latest_charge"])
        let charge = paid["latest_charge"]
        check(
            charge, "charge",
            required: ["outcome.network_status", "payment_method_details.card.network", "refunds.data", "billing_details"])
        check(charge["balance_transaction"], "balance_transaction", required: ["net", "source"])
        let error = desk.pay("pm_card_chargeDeclined")["error"]
        check(error["payment_intent"], "payment_intent", required: ["last_payment_error.code", "last_payment_error.payment_method"])
        check(error["payment_method"], "payment_method")
        check(desk.get("/v1/charges/\(error["charge"].text ?? "")"), "charge", required: ["failure_code", "outcome.reason"])
    }

    @Test("refunds and disputes")
    func afterwards() {
        let paid = desk.pay("pm_card_createDispute")
        let disputes = desk.get("/v1/disputes?payment_intent=\(paid["id"].text ?? "")")
        check(
            disputes["data"].elements.first ?? .null, "dispute",
            required: ["evidence", "evidence_details.due_by", "payment_method_details.card"])
        let refund = desk.post("/v1/refunds", "payment_intent=\(desk.pay()["id"].text ?? "")")
        check(refund, "refund", required: ["balance_transaction", "charge", "destination_details.card.type"])
    }

    @Test("checkout")
    func checkout() {
        let form = "success_url=https://s&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=900"
        let item = "&line_items[0][price_data][product_data][name]=Tokens&mode=payment"
        let session = desk.post("/v1/checkout/sessions", form + item)
        check(session, "checkout.session", required: ["url", "automatic_tax", "total_details.amount_tax", "invoice_creation.invoice_data"])
        let items = desk.get("/v1/checkout/sessions/\(session["id"].text ?? "")/line_items")
        check(items["data"].elements.first ?? .null, "item", required: ["price.unit_amount", "quantity"])
        let withCustomer = desk.post("/v1/customers", "email=a@b.c")["id"].text ?? ""
        let named = desk.post("/v1/checkout/sessions", form + item + "&customer=\(withCustomer)")
        check(named, "checkout.session", required: ["customer_details.address"])
    }

    @Test("events and endpoints")
    func events() {
        _ = desk.pay()
        check(desk.get("/v1/events?limit=1")["data"].elements.first ?? .null, "event", required: ["data.object", "request", "api_version"])
        let endpoint = desk.post("/v1/webhook_endpoints", "url=https://x/y&enabled_events[]=charge.failed")
        check(endpoint, "webhook_endpoint", required: ["secret"])
        check(desk.send("DELETE", "/v1/webhook_endpoints/\(endpoint["id"].text ?? "")").body, "deleted_webhook_endpoint")
    }
}
