import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// However often a purchase is asked for, it is sold once (`domain.md` 7.4, `messages.md`, Answers).
@Suite("Buying once")
struct BuyingOnceTests {
    private static func intent(_ key: String, _ more: String = "") -> String {
        #"{"package_id":"business","idempotency_key":"\#(key)"\#(more)}"#
    }

    @Test("The same key and content gives the same purchase as it stands, other content a conflict")
    func keys() throws {
        try Shop.with("keys") { shop in
            try shop.card()
            let waiting = try shop.ask("billing.purchase", Self.intent("once", #","execute":false"#))
            let reference = try #require(waiting.result?["purchase_reference_id"]?.text)
            // Asked for again it shows where it stands; that it is not executed by that is what `purchase_execute` is for.
            let again = try shop.ask("billing.purchase", Self.intent("once"))
            #expect(again.result?["purchase_reference_id"]?.text == reference && again.result?["status"]?.text == "pending")
            try shop.execute(reference)
            let paid = try shop.ask("billing.purchase", Self.intent("once"))
            #expect(paid.result?["purchase_reference_id"]?.text == reference && paid.result?["status"]?.text == "completed")
            let before = try shop.snapshot()
            for other in [
                #"{"package_id":"starter","idempotency_key":"once"}"#, #"{"tokens":500,"idempotency_key":"once"}"#,
                Self.intent("once", #","catalog":"organization""#), Self.intent("once", #","metadata":{}"#),
                Self.intent("once", ",\(Shop.checkout)"),
            ] {
                #expect(try shop.ask("billing.purchase", other).refusal == "idempotency_conflict idempotency_key", "\(other)")
            }
            #expect(try shop.snapshot() == before)
            #expect(try shop.charged() == [reference])
            // Keys belong to their organization.
            try shop.card(organization: "org-2")
            #expect(try shop.ask("billing.purchase", Self.intent("once"), organization: "org-2").isOK)
            #expect(try shop.charged().count == 2)
        }
    }

    @Test("A declined purchase stays declined under its key")
    func declined() throws {
        try Shop.with("declinedkey") { shop in
            try shop.card("pm_sim_decline_insufficient_funds")
            let first = try shop.ask("billing.purchase", Self.intent("once"))
            #expect(first.refusal == "payment_declined -" && first.error?["reason"]?.text == "insufficient_funds")
            try shop.ask("billing.payment_method_add", #"{"gateway":"stripe","reference":"pm_card_visa","default":true}"#)
            let again = try shop.ask("billing.purchase", Self.intent("once"))
            #expect(again.refusal == "payment_declined -" && again.error?["reason"]?.text == "insufficient_funds")
            #expect(try shop.charged().isEmpty)
        }
    }

    @Test("The same message gets the same answer, other content under its identity a conflict")
    func messages() throws {
        try Shop.with("messages") { shop in
            try shop.card()
            let first = try shop.ask("billing.purchase", #"{"package_id":"business"}"#, id: "once")
            #expect(first.isOK)
            shop.world.clock.advance(days: 20)
            #expect(try shop.ask("billing.purchase", #" {"package_id" : "business"} "#, id: "once").text == first.text)
            #expect(try shop.ask("billing.purchase", #"{"package_id":"starter"}"#, id: "once").refusal == "request_conflict id")
            #expect(try shop.ask("billing.wallet_open", "{}", id: "once").refusal == "request_conflict id")
            #expect(try shop.charged().count == 1)
            // A refusal is kept too.
            let refused = try shop.ask("billing.purchase", #"{"package_id":"gone"}"#, id: "refused")
            try shop.sell("gone", "5.00", "USD")
            #expect(try shop.ask("billing.purchase", #"{"package_id":"gone"}"#, id: "refused").text == refused.text)
        }
    }

    @Test("A batch is done one after another, and answered by an array")
    func batch() throws {
        try Shop.with("batch") { shop in
            try shop.card()
            let events = [("a", "one"), ("b", "two"), ("c", "one"), ("a", "one")].map { id, key in
                #"{"specversion":"1.0","id":"\#(id)","source":"/crm","type":"billing.purchase","subject":"org-1","data":\#(Self.intent(key))}"#
            }
            let reply = try shop.world.ask(
                shop.world.delivery(
                    "[\(events.joined(separator: ","))]", key: "billing.purchase", contentType: "application/cloudevents-batch+json"))
            let answers = try #require(reply.json?.elements, "\(reply.text ?? "")")
            let references = answers.compactMap { $0["result"]?["purchase_reference_id"]?.text }
            #expect(references.count == 4 && references[0] == references[2] && references[0] == references[3])
            #expect(Set(try shop.charged()) == Set(references) && Set(references).count == 2)
        }
    }

    @Test("Ten copies of one intent on four lanes at once make one purchase and one charge", arguments: [true, false])
    func copies(_ isNew: Bool) throws {
        try Shop.with("copies") { shop in
            try shop.card()
            if !isNew { try shop.ask("billing.wallet_open", "{}") }
            let requests = (0..<10).map { _ in (type: "billing.purchase", data: Self.intent("once")) }
            let replies = try shop.race(requests, lanes: 4)
            let references = Set(replies.compactMap { $0.result?["purchase_reference_id"]?.text })
            #expect(replies.allSatisfy(\.isOK) && references.count == 1, "\(replies.map(\.text))")
            #expect(try shop.charged() == Array(references))
            #expect(try shop.world.column("SELECT status FROM token_purchases") == ["completed"])
        }
    }

    @Test("The same message on four lanes at once is done once")
    func deliveries() throws {
        try Shop.with("deliveries") { shop in
            try shop.card()
            let delivery = shop.world.delivery("billing.purchase", #"{"package_id":"business"}"#, id: "once")
            let (database, clock, settings) = (shop.world.database, shop.world.clock, shop.settings)
            let lanes = (0..<4).map { _ in
                TestThread {
                    let context = try database.lane(of: "billing", settings, clock)
                    defer { context.database.close() }
                    let outcome = try BillingStep(context.configuration).handle([delivery], context).outcomes[0]
                    try context.database.rollbackIfNeeded()
                    return outcome
                }
            }
            for lane in lanes { #expect(try Reply(try lane.result()).isOK) }
            // Who met the call of another one may have had to ask: then it is known after a step of the ladder.
            try shop.pass(30)
            #expect(try shop.world.column("SELECT status FROM token_purchases") == ["completed"])
            #expect(try shop.charged().count == 1)
        }
    }

    @Test("Of several first purchases of a new organization at once, one begins")
    func firstOnes() throws {
        try Shop.with("firstones") { shop in
            for round in 0..<4 {
                let requests = (0..<4).map {
                    (type: "billing.purchase", data: Self.intent("first-\($0)", #","execute":false,\#(Shop.checkout)"#))
                }
                let replies = try shop.race(requests, lanes: 4, organization: "new-\(round)")
                #expect(replies.filter(\.isOK).count == 1, "\(replies.map(\.text))")
                #expect(replies.filter { $0.refusal == "purchase_in_progress -" }.count == 3)
            }
            #expect(try shop.world.value("SELECT count(*) FROM token_purchases") == "4")
        }
    }

    @Test("Two intents make two transactions, one after the other; at once the second one has to wait", arguments: [true, false])
    func intents(_ isNew: Bool) throws {
        try Shop.with("intents") { shop in
            try shop.card()
            if !isNew { try shop.ask("billing.wallet_open", "{}") }
            let requests = (0..<4).map { (type: "billing.purchase", data: Self.intent("race-\($0)")) }
            let replies = try shop.race(requests, lanes: 4)
            let done = replies.filter(\.isOK)
            #expect(!done.isEmpty && replies.allSatisfy { $0.isOK || $0.refusal == "purchase_in_progress -" }, "\(replies.map(\.text))")
            #expect(try shop.charged().count == done.count)
            #expect(try shop.ask("billing.purchase", Self.intent("one")).isOK)
            #expect(try shop.ask("billing.purchase", Self.intent("two")).isOK)
            #expect(Set(try shop.charged()).count == done.count + 2)
        }
    }
}
