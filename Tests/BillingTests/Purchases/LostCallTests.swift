import Messages
import PurserTesting
import Testing

@testable import Billing

/// A program that dies in the middle of a call: what it committed before is all that the next one needs (`payments.md`, Charging, 1).
@Suite("Lost calls")
struct LostCallTests {
    /// Whether the call arrived before the program died.
    private static let deaths = ["drop", "drop_before"]

    @Test("The message that is delivered again asks first, and charges at most once", arguments: deaths)
    func redelivered(_ fault: String) throws {
        try Shop.with("redelivered") { shop in
            try shop.card()
            try shop.fault(fault)
            let data = #"{"package_id":"business"}"#
            let first = try shop.ask("billing.purchase", data, id: "lost")
            let reference = try #require(first.result?["purchase_reference_id"]?.text)
            try shop.dieDuringCall(reference, request: "lost")
            let second = try shop.ask("billing.purchase", data, id: "lost")
            #expect(second.result?["purchase_reference_id"]?.text == reference && second.result?["status"]?.text == "completed")
            #expect(try shop.row(reference, "attempts") == "1")
            #expect(try shop.charged() == [reference])
            #expect(try shop.ask("billing.purchase", data, id: "lost").text == second.text)
        }
    }

    @Test("A lost execution, too", arguments: deaths)
    func execution(_ fault: String) throws {
        try Shop.with("lostexecution") { shop in
            try shop.card()
            let reference = try shop.bought(#""package_id":"business""#, #""execute":false"#)
            try shop.fault(fault)
            #expect(try shop.execute(reference, id: "lost").result?["phase"]?.text == "unknown")
            try shop.dieDuringCall(reference, request: "lost")
            // Somebody else's execution does not touch the call that may be under way.
            let other = try shop.execute(reference)
            #expect(other.refusal == "charge_in_progress -")
            #expect(try shop.execute(reference, id: "lost").result?["status"]?.text == "completed")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("A reminder finds it when it cannot be under way any more, after 30 seconds", arguments: deaths)
    func reminded(_ fault: String) throws {
        try Shop.with("remindedcall") { shop in
            try shop.card()
            try shop.fault(fault)
            let reference = try shop.bought(id: "lost")
            try shop.dieDuringCall(reference, request: "lost")
            #expect(try shop.pass(29) == 0)
            try shop.remind(reference)
            #expect(try shop.row(reference, "phase") == "charging")
            #expect(try shop.buy().refusal == "purchase_in_progress -")
            #expect(try shop.pass(1) == 1)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
            #expect(try shop.charged() == [reference])
        }
    }

    @Test("A wish to cancel that comes in the middle of it is kept, and a success is given back", arguments: deaths)
    func cancelled(_ fault: String) throws {
        try Shop.with("cancelledcall") { shop in
            try shop.card()
            try shop.fault(fault)
            let reference = try shop.bought(id: "lost")
            try shop.dieDuringCall(reference, request: "lost")
            #expect(try shop.cancel(reference).refusal == "charge_in_progress -")
            try shop.pass(30)
            if fault == "drop" {
                #expect(try shop.row(reference, "status") == "cancelled")
                try shop.tick()
                #expect(try shop.givenBack() == ["cancelled succeeded"])
            } else {
                // It is searched for, not asked for with the same key: that might be the charge.
                for _ in 0..<6 { try shop.pass(86_400) }
                #expect(try shop.row(reference, "status, failure_reason") == "cancelled not_charged")
                #expect(try shop.simulator.charges().isEmpty)
            }
        }
    }

    @Test("A page whose opening was lost is opened with the same key", arguments: deaths)
    func page(_ fault: String) throws {
        try Shop.with("lostpage") { shop in
            try shop.fault(fault, "/v1/checkout/sessions")
            let data = #"{"package_id":"business",\#(Shop.checkout)}"#
            let first = try shop.ask("billing.purchase", data, id: "lost")
            let reference = try #require(first.result?["purchase_reference_id"]?.text)
            try shop.dieDuringCall(reference, request: "lost")
            let second = try shop.ask("billing.purchase", data, id: "lost")
            #expect(second.result?["phase"]?.text == "customer_action")
            try shop.simulator.press("pay", at: try #require(second.result?["url"]?.text))
            try shop.pass(86_400)
            #expect(try shop.row(reference, "status, attempts") == "completed 1")
            #expect(try shop.charged() == [reference])
        }
    }
}
