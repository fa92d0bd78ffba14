import Messages
import PurserTesting
import Testing

@testable import Billing

/// Charges that succeed when nobody wants them any more are given back (`domain.md` 7.8).
@Suite("Late successes")
struct LateSuccessTests {
    @Test("After the wish to cancel it, with the money back in the gateway's books", arguments: ["drop", "error_500_after"])
    func cancelled(_ fault: String) throws {
        try Shop.with("latecancelled") { shop in
            try shop.card()
            try shop.fault(fault)
            let reference = try shop.bought()
            let reply = try shop.cancel(reference)
            #expect(reply.refusal == "charge_in_progress -" && reply.error?["phase"]?.text == "unknown")
            try shop.pass(10)
            #expect(try shop.row(reference, "status, cancel_wished::text") == "cancelled true")
            #expect(try shop.givenBack() == ["cancelled requested"])
            #expect(try shop.alerts() == ["charge_given_back"])
            let reminder = try shop.world.value(
                "SELECT exchange || ' ' || (convert_from(body, 'UTF8')::json->'data') FROM outbox ORDER BY id DESC LIMIT 1")
            #expect(reminder?.hasPrefix("purser.commands {\"refund_id\":") == true)
            #expect(try shop.tick() == 1)
            #expect(try shop.givenBack() == ["cancelled succeeded"])
            let charge = try #require(try shop.simulator.charges("status=succeeded").first)
            #expect(charge["refunded"]?.whole == 26_100 && charge["amount"]?.whole == 26_100)
            let event = try #require(try shop.newest("purchase.refunded"))
            #expect(event["automatic_reason"]?.text == "cancelled" && event["status"]?.text == "cancelled")
            #expect(try shop.pass(86_400) == 0)
            #expect(try shop.world.value("SELECT count(*) FROM credit_notes") == "0")
        }
    }

    @Test(
        "After another purchase took its place, whatever becomes of the refund's first call",
        arguments: ["drop", "drop_before", "rate_limit"])
    func superseded(_ fault: String) throws {
        try Shop.with("superseded") { shop in
            try shop.card()
            try shop.fault("drop")
            let first = try shop.bought()
            shop.world.clock.advance(seconds: 3_600)
            let second = try shop.bought(#""package_id":"starter""#)
            try shop.fault(fault, "/v1/refunds")
            try shop.tick()
            #expect(try shop.row(first, "status, failure_reason") == "failed superseded")
            #expect(try shop.newest("purchase.failed")?["reason"]?.text == "superseded")
            try shop.tick()
            #expect(try shop.givenBack() == ["superseded sent"])
            try shop.pass(60)
            #expect(try shop.givenBack() == ["superseded succeeded"])
            let refunded = try shop.simulator.charges("status=succeeded").map { $0["refunded"]?.whole ?? 0 }.sorted()
            #expect(refunded == [0, 26_100])
            #expect(try shop.row(second, "status") == "completed")
        }
    }

    @Test("A success that comes while it is parked still completes it")
    func parked() throws {
        try Shop.with("parked") { shop in
            _ = try shop.paystackCard()
            let naira = try shop.sell("naira", "5000.00", "NGN")
            try shop.fault("drop", "/transaction/charge_authorization")
            try shop.fault("error_500", "/transaction/verify/*", count: 10)
            let reference = try shop.bought(naira)
            for wait in [10, 60, 600, 3_600, 21_600, 86_400, 86_400, 86_400, 86_400, 86_400] as [Int64] { try shop.pass(wait) }
            #expect(try shop.row(reference, "phase") == "parked")
            #expect(try shop.tellPaystackSuccess("\(reference)-1", of: reference).isOK)
            #expect(try shop.row(reference, "status") == "completed")
            #expect(try shop.charged() == [reference])
        }
    }
}
