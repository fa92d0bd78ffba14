import Domain
import Messages
import PurserTesting
import Runtime
import Store
import Testing

@testable import Metering

/// What is asked of the meter beside usage and holds: checks, refunds, rates; and what becomes of requests that are none.
@Suite struct CommandTests {
    @Test func aCheckAnswersAndChangesNothing() throws {
        try MeterWorld.with("check") { world in
            try world.open(tokens: 5, overdraft: .limited(3), trialUses: 1)
            let before = try world.snapshot()
            let cases: [(String, String?, String, Int64, Int64)] = [
                (#"{"service":"tasting","quantity":9}"#, "trial", "trial", 18, 0), (#"{"service":"chat"}"#, "tokens", "debited", 2, 2),
                (#"{"service":"chat","quantity":4}"#, "overdraft", "overdrawn", 8, 8),
                (#"{"service":"chat","quantity":5}"#, nil, "rejected", 10, 0),
            ]
            for (data, payer, outcome, required, tokens) in cases {
                let answer = try world.ask("meter.check", data)
                #expect(answer.isOK && answer.result?["enough"]?.bool == (payer != nil), "\(data)")
                #expect(answer.result?["by"]?.text == payer && answer.result?["outcome"]?.text == outcome)
                #expect(answer.result?.number("required") == required && answer.result?.number("tokens") == tokens)
                #expect(answer.figures == [5, 8, 0])
            }
            let short = try world.ask("meter.check", #"{"service":"chat","quantity":5}"#)
            #expect(short.result?["reason"]?.text == "insufficient_tokens")
            #expect(try world.ask("meter.check", #"{"service":"none"}"#).refusal == "unknown_service")
            for _ in 0..<2 {
                let unknown = try world.ask("meter.check", #"{"service":"chat"}"#, organization: "x", id: "again")
                #expect(unknown.refusal == "unknown_organization")
            }
            #expect(try world.snapshot() == before)
            #expect(try world.value("SELECT count(*) FROM processed_requests") == "0")
        }
    }

    @Test func aDebitIsRefundedInPartsAndNotBeyond() throws {
        try MeterWorld.with("refund") { world in
            try world.open(tokens: 20)
            try world.record(#"{"service":"chat","quantity":5}"#, id: "u")
            let part = #"{"source":"/crm","id":"u","tokens":4,"reason":"by mistake","actor":"ann"}"#
            let first = try world.ask("meter.usage_refund", part)
            #expect(first.summary == "refunded 4" && first.figures == [14, 14, 0])
            let tooMuch = try world.ask("meter.usage_refund", #"{"source":"/crm","id":"u","tokens":7}"#)
            #expect(tooMuch.refusal == "refund_exceeds_debit" && tooMuch.error?["field"]?.text == "tokens")
            #expect(tooMuch.figures == [14, 14, 0] && tooMuch.error?["outcome"]?.text == "rejected")
            #expect(try world.ask("meter.usage_refund", #"{"source":"/crm","id":"u"}"#).summary == "refunded 6")
            #expect(try world.ask("meter.usage_refund", #"{"source":"/crm","id":"u"}"#).refusal == "already_refunded")
            let told = try world.events("usage.refunded")
            #expect(told.map { $0.number("tokens") } == [4, 6] && told.allSatisfy { $0["event_id"]?.text == "u" })
            #expect(told[0]["reason"]?.text == "by mistake" && told[0]["actor"]?.text == "ann" && told[0]["service"]?.text == "chat")
            #expect(told[0]["trial_returned"]?.bool == false && told[0].number("balance_after") == 14)
        }
    }

    @Test func aRefundedTrialGivesTheUseBack() throws {
        try MeterWorld.with("trialback") { world in
            try world.open(tokens: 0, trialUses: 1)
            try world.record(#"{"service":"tasting"}"#, id: "u")
            let answer = try world.ask("meter.usage_refund", #"{"source":"/crm","id":"u"}"#)
            #expect(answer.summary == "refunded 0" && answer.result?.number("trial_uses_left") == 1)
            #expect(try world.events("usage.refunded").first?["trial_returned"]?.bool == true)
            try world.record(#"{"service":"chat"}"#, id: "poor")
            #expect(try world.ask("meter.usage_refund", #"{"source":"/crm","id":"poor"}"#).refusal == "nothing_debited")
        }
    }

    @Test func aRefundWaitsTwiceForItsDebit() throws {
        try MeterWorld.with("unknown") { world in
            try world.open(tokens: 20)
            let data = #"{"source":"/crm","id":"u"}"#
            for attempts in [0, 1] as [Int64] {
                let reply = try world.ask("meter.usage_refund", data, id: "refund", attempts: attempts)
                #expect(reply.outcome == .retryLater(reason: "usage_not_found", atLeast: .tenSeconds))
            }
            let last = try world.ask("meter.usage_refund", data, id: "refund", attempts: 2)
            #expect(last.refusal == "usage_not_found" && last.error?["field"]?.text == "id")
            try world.record(#"{"service":"chat"}"#, id: "u")
            #expect(try world.ask("meter.usage_refund", data, id: "refund").refusal == "usage_not_found")
            #expect(try world.ask("meter.usage_refund", data).summary == "refunded 2")
        }
    }

    @Test func aRateIsSetToldAndAudited() throws {
        try MeterWorld.with("rate") { world in
            let data = #"{"service":"new","tokens_per_unit":3,"trial_eligible":true,"actor":"ann"}"#
            let answer = try world.ask("meter.rate_set", data, organization: nil)
            #expect(answer.result?["service"]?.text == "new" && answer.result?.number("tokens_per_unit") == 3)
            #expect(answer.result?["effective_from"]?.text == world.clock.text(0) && answer.result?["trial_eligible"]?.bool == true)
            let told = try #require(try world.events("rate.changed").first)
            #expect(told["actor"]?.text == "ann" && told.number("tokens_per_unit") == 3 && told["unlimited_eligible"]?.bool == false)
            let audit = try world.value("SELECT actor || ' ' || action FROM token_audit_logs ORDER BY id DESC LIMIT 1")
            #expect(audit == "ann meter.rate_set")
            #expect(try world.ask("meter.rate_set", #"{"service":"free","pass_through":true}"#, organization: nil).isOK)
            #expect(try world.events("rate.changed").last?["pass_through"]?.bool == true)
        }
    }

    @Test(arguments: [
        (
            "meter.hold", #"{"hold_id":"h","service":"chat","timeout_seconds":60}"#,
            #"{"hold_id":"h","service":"chat","timeout_seconds":61}"#
        ),
        ("meter.hold_capture", #"{"hold_id":"there","tokens":1}"#, #"{"hold_id":"there","tokens":2}"#),
        ("meter.hold_release", #"{"hold_id":"there"}"#, #"{"hold_id":"here"}"#),
        ("meter.usage_refund", #"{"source":"/crm","id":"u","tokens":1}"#, #"{"source":"/crm","id":"u"}"#),
        ("meter.rate_set", #"{"service":"chat","tokens_per_unit":1}"#, #"{"service":"chat","tokens_per_unit":2}"#),
    ])
    func aRepetitionGetsItsFirstAnswerAndOtherContentAConflict(_ type: String, _ data: String, _ other: String) throws {
        try MeterWorld.with("repeat") { world in
            try world.open(tokens: 20)
            try world.record(#"{"service":"chat"}"#, id: "u")
            try world.ask("meter.hold", #"{"hold_id":"there","service":"chat","timeout_seconds":60}"#)
            let first = try world.ask(type, data, id: "once")
            #expect(first.isOK)
            let before = try world.snapshot()
            world.clock.advance(seconds: 10)
            #expect(try world.ask(type, " \(data) ", id: "once").text == first.text)
            #expect(try world.ask(type, other, id: "once").refusal == "request_conflict")
            #expect(try world.snapshot() == before)
        }
    }

    @Test func aBatchIsAnsweredByAnArrayAndItsUnreadableElementIsBuried() throws {
        try MeterWorld.with("batch") { world in
            try world.open(tokens: 20)
            let elements = [
                world.event("meter.hold", #"{"hold_id":"h","service":"chat","timeout_seconds":60}"#), "{}",
                world.event("meter.hold", #"{"hold_id":"h","service":"chat","timeout_seconds":0}"#),
                world.event("meter.hold_release", #"{"hold_id":"h"}"#),
                world.event("meter.hold", #"{"hold_id":"i","service":"chat","timeout_seconds":60}"#),
            ]
            let delivery = world.delivery(
                "[\(elements.joined(separator: ","))]", key: "meter.hold", contentType: "application/cloudevents-batch+json")
            let result = try world.commands.handle([delivery], world.lane)
            let answers = try #require(try Reply(result.outcomes[0]).json?.elements)
            #expect(answers.map { $0["ok"]?.bool } == [true, false, false, false, true])
            #expect(
                answers.map { $0["error"]?["code"]?.text } == [nil, "unreadable", "invalid_field", "type_mismatch", nil])
            #expect(result.fragments.map(\.reason) == ["missing_field", "type_mismatch"])
            #expect(result.outbox.map(\.message.type) == ["hold.placed", "hold.placed"])
        }
    }

    @Test func whatTheMeterCannotHandleGoesToTheDeadLetters() throws {
        try MeterWorld.with("intake") { world in
            for type in ["billing.grant", "usage.recorded", "meter.nonsense"] {
                let reply = try world.ask(type, "{}")
                #expect(reply.deadReason == "unknown_type" && reply.refusal == "unknown_type")
            }
            let mismatch = world.delivery(world.event("meter.rate_set", #"{"service":"a","tokens_per_unit":1}"#), key: "meter.check")
            #expect(try Reply(try world.commands.handle([mismatch], world.lane).outcomes[0]).deadReason == "type_mismatch")
            #expect(try world.ask("meter.hold", #"{"hold_id":"","service":"a","timeout_seconds":1}"#).error?["field"]?.text == "hold_id")
            let unasked = world.delivery(world.event("meter.rate_set", "{}"), key: "meter.rate_set", asked: false)
            #expect(try Reply(try world.commands.handle([unasked], world.lane).outcomes[0]).deadReason == "invalid_field")
            #expect(try world.events().isEmpty)
        }
    }
}
