import Crypto
import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// What tests of selling do to a shop: faults, dead programs, time that passes, other lanes.
extension Shop {
    /// A page of the gateway instead of a saved method.
    static let checkout = #""checkout":{"success_url":"https://shop.example/done","cancel_url":"https://shop.example/gone"}"#
    static let paystackCheckout =
        #""checkout":{"success_url":"https://shop.example/done","cancel_url":"https://shop.example/gone","gateway":"paystack"}"#
    private static let email = "ann@example.com"

    /// Saves a card of Paystack's and gives the payment method's id.
    func paystackCard(_ name: String = "", organization: String = "org-1") throws -> String {
        let code = try simulator.authorize(name, email: Self.email)
        let reply = try ask(
            "billing.payment_method_add", #"{"gateway":"paystack","reference":"\#(code)","email":"\#(Self.email)"}"#,
            organization: organization)
        return try #require(reply.result?["payment_method_id"]?.text, "\(reply.text ?? "no answer")")
    }

    /// Sells a package.
    @discardableResult
    func sell(_ id: String, tokens: Int64 = 100, _ price: String, _ currency: String, _ more: String = "") throws -> String {
        let reply = try ask(
            "billing.package_set",
            #"{"id":"\#(id)","name":"\#(id)","tokens":\#(tokens),"price":"\#(price)","currency":"\#(currency)"\#(more)}"#,
            organization: nil)
        try #require(reply.isOK, "\(reply.text ?? "no answer")")
        return #""package_id":"\#(id)""#
    }

    /// Buys what must be begun, and gives its reference.
    func bought(_ item: String = #""package_id":"business""#, _ more: String = "", organization: String = "org-1", id: String? = nil) throws
        -> String
    {
        let reply = try buy(item, more, organization: organization, id: id)
        let text = reply.result?["purchase_reference_id"]?.text ?? reply.error?["purchase_reference_id"]?.text
        return try #require(text, "\(reply.text ?? "no answer")")
    }

    /// Charges a purchase, or tries again.
    @discardableResult
    func execute(_ reference: String, method: String? = nil, id: String? = nil) throws -> Reply {
        let more = if let method { #","payment_method_id":"\#(method)""# } else { "" }
        return try ask("billing.purchase_execute", #"{"purchase_reference_id":"\#(reference)"\#(more)}"#, id: id)
    }

    @discardableResult
    func cancel(_ reference: String, id: String? = nil) throws -> Reply {
        try ask("billing.purchase_cancel", #"{"purchase_reference_id":"\#(reference)"}"#, id: id)
    }

    /// Arms a fault for some requests; 0 means all.
    func fault(_ kind: String, _ path: String = "/v1/payment_intents", count: Int = 1) throws {
        try simulator.control("faults", #"{"kind":"\#(kind)","path":"\#(path)","count":\#(count)}"#)
    }

    /// Switches the system on or off.
    func switchSystem(on: Bool) throws {
        try world.owner.run("UPDATE system_settings SET enabled = \(on)")
    }

    // MARK: Time

    /// Lets time pass and a tick come; how many reminders that made.
    @discardableResult
    func pass(_ seconds: Int64) throws -> Int {
        world.clock.advance(seconds: seconds)
        return try tick()
    }

    /// The tick that looks for due work, and the reminders that it sends.
    @discardableResult
    func tick() throws -> Int {
        let last = try world.value("SELECT coalesce(max(id), 0) FROM outbox") ?? "0"
        let time = world.clock.text(0)
        let body = """
            {"specversion":"1.0","id":"due-work/\(time)","source":"/purser/scheduler","type":"tick.due-work","time":"\(time)",
            "data":{"job":"due-work","slot":"\(time)"}}
            """
        try world.ask(world.delivery(body, key: "tick.due-work", asked: false, exchange: "purser.ticks"))
        let sent = try world.column(
            "SELECT convert_from(body, 'UTF8') FROM outbox WHERE id > \(last) AND routing_key = 'billing.due_work' ORDER BY id")
        for body in sent.compactMap({ $0 }) { try world.ask(world.delivery(body, key: "billing.due_work", asked: false)) }
        return sent.count
    }

    /// How many seconds from now the purchase has something to do by itself; nil: nothing.
    func due(_ reference: String) throws -> Double? {
        let now = Double(world.clock.now) / 1_000_000
        return try row(reference, "extract(epoch FROM next_attempt_at)").flatMap { Double($0) }.map { $0 - now }
    }

    // MARK: Death

    /// Puts a purchase back to what was committed before its newest call was made, as if the program had died in the middle of that call.
    func dieDuringCall(_ reference: String, request: String) throws {
        try world.owner.run(
            """
            UPDATE token_purchases SET phase = 'charging', asks = 0, repeats_attempt = false, slow_downs = 0, page_url = NULL,
                gateway_object_id = NULL, failure_reason = NULL, next_attempt_at = called_at + interval '30 seconds'
            WHERE purchase_reference_id = '\(reference)';
            UPDATE payment_attempts a SET outcome = NULL, code = NULL, gateway_object_id = NULL, ended_at = NULL
            FROM token_purchases p
            WHERE p.id = a.purchase_id AND a.attempt = p.attempts AND p.purchase_reference_id = '\(reference)';
            DELETE FROM processed_requests WHERE id = '\(request)'
            """)
    }

    // MARK: Lanes

    /// Handles messages on lanes of their own at the same time, each lane a share of them, and gives all answers.
    func race(_ requests: [(type: String, data: String)], lanes: Int, organization: String = "org-1") throws -> [Reply] {
        let deliveries = requests.map { world.delivery($0.type, $0.data, organization: organization) }
        let database = world.database
        let clock = world.clock
        let settings = settings
        let threads = (0..<lanes).map { lane in
            TestThread {
                let context = try database.lane(of: "billing", settings, clock)
                defer { context.database.close() }
                let step = BillingStep(context.configuration)
                return try deliveries.indices.filter { $0 % lanes == lane }.map { index in
                    let outcome = try step.handle([deliveries[index]], context).outcomes[0]
                    try context.database.rollbackIfNeeded()
                    return outcome
                }
            }
        }
        return try threads.flatMap { try $0.result() }.map { try Reply($0) }
    }

    // MARK: News

    /// Paystack tells that a charge succeeded, with what its own books say about it.
    @discardableResult
    func tellPaystackSuccess(_ key: String, of reference: String) throws -> Reply {
        let body = Array(
            #"{"event":"charge.success","data":{"id":1,"reference":"\#(key)","metadata":{"purchase_reference_id":"\#(reference)"}}}"#.utf8)
        let signature = Hex.encode(MessageAuthentication.sha512(key: Array(RunningSimulator.key.utf8), body))
        return try ask(
            "billing.gateway_event",
            #"{"gateway":"paystack","headers":{"x-paystack-signature":"\#(signature)"},"body":"\#(TextCoding.base64.encode(body))"}"#,
            organization: nil)
    }

    // MARK: Looking

    /// Everything that a request about purchases may change, but for the kept answers.
    func snapshot() throws -> [String?] {
        try world.snapshot()
            + world.digests(of: [
                "token_purchases", "payment_attempts", "payment_methods", "purchase_refunds", "invoices", "token_packages",
            ])
    }

    /// The types of the events so far, without reminders.
    func told() throws -> [String] {
        try world.column("SELECT routing_key FROM outbox WHERE exchange = 'purser.events' ORDER BY id").compactMap { $0 }
    }

    /// The data of the newest event of a type.
    func newest(_ type: String) throws -> JSONValue? {
        try world.events().last { $0.type == type }?.event["data"]
    }

    /// What operators were told.
    func alerts() throws -> [String] {
        try world.column("SELECT after->>'kind' FROM token_audit_logs WHERE action = 'operator_alert' ORDER BY id").compactMap { $0 }
    }

    /// What came of giving money back by itself.
    func givenBack() throws -> [String] {
        try world.column(
            "SELECT automatic_reason || ' ' || status FROM purchase_refunds WHERE automatic_reason IS NOT NULL ORDER BY id"
        ).compactMap { $0 }
    }
}
