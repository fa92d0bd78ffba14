import AMQP
import Crypto
import HTTP
import Domain
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// Webhooks that are not what they claim to be, or about nothing of ours (`payments.md`, Webhooks).
@Suite("Webhooks at the door")
struct SignatureTests {
    private func body(_ shop: Shop, _ gateway: Gateway) throws -> [UInt8] {
        switch gateway {
        case .stripe: shop.event("payment_intent.succeeded", #"{"id":"pi_1","object":"payment_intent"}"#, id: "1")
        case .paystack: Array(#"{"event":"charge.success","data":{"id":1,"reference":"r-1"}}"#.utf8)
        }
    }

    @Test("A wrong signature is answered, buried and stored nowhere", arguments: Gateway.allCases)
    func wrong(gateway: Gateway) throws {
        try Shop.with("badsignature") { shop in
            let genuine = shop.webhook(try body(shop, gateway), gateway, secret: "whsec_wrong")
            let reply = try shop.world.ask(genuine)
            #expect(reply.refusal == "signature_invalid -" && reply.error?["reason"]?.text == "signature_invalid")
            #expect(reply.deadReason == "signature_invalid")
            // Nobody asked: a dead letter all the same.
            let silent = try shop.world.ask(
                shop.world.delivery(String(decoding: genuine.body, as: UTF8.self), key: "billing.gateway_event", asked: false))
            #expect(silent.text == nil && silent.deadReason == "signature_invalid")
            let unsigned =
                #"{"gateway":"\#(gateway.rawValue)","headers":{},"body":"\#(TextCoding.base64.encode(try body(shop, gateway)))"}"#
            let reason = try shop.ask("billing.gateway_event", unsigned, organization: nil)
            #expect(reason.error?["reason"]?.text == "signature_missing" && reason.deadReason == "signature_invalid")
            #expect(try shop.world.column("SELECT event_id FROM gateway_events").isEmpty)
            #expect(try shop.world.column("SELECT 1 FROM token_audit_logs").isEmpty)
        }
    }

    @Test(
        "Stripe's signatures are good for 300 seconds in both directions",
        arguments: [(301, false), (300, true), (0, true), (-300, true), (-301, false)])
    func age(seconds: Int64, isGood: Bool) throws {
        try Shop.with("oldsignature") { shop in
            let reply = try shop.world.ask(shop.webhook(try body(shop, .stripe), age: seconds))
            #expect(reply.isOK == isGood && (reply.deadReason == nil) == isGood)
            if !isGood { #expect(reply.error?["reason"]?.text == "timestamp_outside") }
        }
    }

    @Test("While a secret is rolled both are good")
    func rolled() throws {
        try Shop.with("rolledsecret", [.stripeWebhookSecret: "whsec_new,\(RunningSimulator.stripeSecret)"]) { shop in
            let body = try body(shop, .stripe)
            #expect(try shop.hear(body).isOK)
            #expect(try shop.world.ask(shop.webhook(body, secret: "whsec_new")).result?["duplicate"]?.bool == true)
        }
    }

    @Test("A body that was signed and is no event is buried as unreadable", arguments: Gateway.allCases)
    func unreadable(gateway: Gateway) throws {
        try Shop.with("nobody") { shop in
            for text in ["[]", "{", #"{"id":"evt_1","type":"x"}"#] {
                let reply = try shop.hear(Array(text.utf8), gateway)
                #expect(reply.error?["reason"]?.text == "unreadable" && reply.deadReason == "signature_invalid", "\(text)")
            }
            #expect(try shop.world.column("SELECT event_id FROM gateway_events").isEmpty)
        }
    }

    @Test("Unknown types are ignored and recorded with their bytes; duplicates are counted")
    func ignored() throws {
        try Shop.with("unknowntype") { shop in
            let body = shop.event("customer.created", #"{"id":"cus_1"}"#, id: "7")
            #expect(try shop.hear(body).result?["outcome"]?.text == "ignored")
            let again = try shop.hear(body)
            #expect(again.result?["duplicate"]?.bool == true && again.result?["outcome"]?.text == "ignored")
            #expect(
                try shop.world.column(
                    "SELECT concat_ws(' ', gateway, event_id, type, deliveries, outcome, encode(body, 'escape') ~ 'cus_1') FROM gateway_events"
                )
                    == ["stripe evt_7 customer.created 2 ignored t"])
            let paystack = Array(#"{"event":"transfer.success","data":{"id":4}}"#.utf8)
            #expect(try shop.hear(paystack, .paystack).result?["event_id"]?.text == "transfer.success/4")
        }
    }

    @Test("What is about nothing of ours is unmatched, and changes nothing")
    func foreign() throws {
        try Shop.with("notours") { shop in
            try shop.stripe(.post, "/v1/payment_intents", "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true")
            #expect(try shop.hear("payment_intent.succeeded").result?["outcome"]?.text == "unmatched")
            let stranger = #"{"id":"pi_x","metadata":{"purchase_reference_id":"REF-AAAAAAAAAAAAAAAAAAAAAAAAAA"}}"#
            #expect(try shop.hear(shop.event("payment_intent.succeeded", stranger, id: "2")).result?["outcome"]?.text == "unmatched")
            let dispute = #"{"id":"dp_1","amount":1000,"currency":"usd","payment_intent":"pi_x","status":"needs_response"}"#
            #expect(try shop.hear(shop.event("charge.dispute.created", dispute, id: "3")).result?["outcome"]?.text == "unmatched")
            let refund = #"{"id":"re_1","payment_intent":"pi_x","status":"succeeded"}"#
            #expect(try shop.hear(shop.event("refund.updated", refund, id: "4")).result?["outcome"]?.text == "unmatched")
            #expect(
                try shop.hear(Array(#"{"event":"charge.success","data":{"id":9,"reference":"r-9"}}"#.utf8), .paystack).result?["outcome"]?
                    .text == "unmatched")
            #expect(try shop.world.column("SELECT outcome FROM gateway_events GROUP BY outcome") == ["unmatched"])
            #expect(try shop.world.events().isEmpty)
        }
    }
}
