import AMQP
import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Store
import Telemetry
import Testing

@testable import Metering

/// Usage events, from the message to the rows and events that they leave (U1 to U4, U9 to U11).
@Suite struct UsageTests {
    @Test func aDebitIsMadeOnceHoweverOftenItsEventComes() throws {
        try MeterWorld.with { world in
            try world.open(tokens: 10)
            let first = try world.record(#"{"service":"chat","quantity":3,"metadata":{"a":1}}"#, id: "u-1")
            #expect(first.summary == "debited 6" && first.figures == [4, 4, 0] && first.result?["duplicate"] == nil)
            let before = try world.snapshot()
            let second = try world.record(#"{"quantity":3,"service":"chat"}"#, id: "u-1")
            #expect(second.summary == "debited 6" && second.figures == [4, 4, 0] && second.result?["duplicate"]?.bool == true)
            let twice = [world.use(#"{"service":"chat"}"#, id: "u-2"), world.use(#"{"service":"chat"}"#, id: "u-2")]
            let outcomes = try world.handle(usage: twice).outcomes.map(Reply.init)
            #expect(outcomes.map { $0.result?["duplicate"]?.bool } == [nil, true])
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "2")
            #expect(try world.value("SELECT metadata FROM token_balance_history WHERE event_id = 'u-1'") == #"{"a":1}"#)
            #expect(try world.snapshot() != before)
        }
    }

    @Test func thePayersComeInTheirOrder() throws {
        try MeterWorld.with("payers") { world in
            try world.open(tokens: 5, overdraft: .limited(3), trialUses: 1)
            #expect(try world.record(#"{"service":"tasting","quantity":100}"#, id: "t").summary == "trial 0")
            #expect(try world.record(#"{"service":"tasting"}"#).summary == "debited 2")
            #expect(try world.record(#"{"service":"tokens","tokens":5}"#, id: "o").summary == "overdrawn 5")
            let rejected = try world.record(#"{"service":"chat"}"#, id: "r")
            #expect(rejected.refusal == "insufficient_tokens" && rejected.figures == [-2, 1, 0])
            #expect(rejected.error?.number("required") == 2 && rejected.error?.number("missing") == 1)
            let again = try world.record(#"{"service":"chat"}"#, id: "r")
            #expect(again.error?["duplicate"]?.bool == true)
            #expect(again.error?.number("required") == 2 && again.error?.number("missing") == 1)
            try world.owner.run("UPDATE system_settings SET enabled = false")
            #expect(try world.record(#"{"service":"chat"}"#).summary == "shadow 0")

            let exhausted = try #require(try world.events("wallet.trial_exhausted").first)
            #expect(exhausted["event_id"]?.text == "t" && exhausted["service"]?.text == "tasting")
            let overdrawn = try #require(try world.events("usage.overdrawn").first)
            #expect(overdrawn["event_source"]?.text == "/crm" && overdrawn["event_id"]?.text == "o")
            #expect(["tokens", "overdrawn", "overdraft_debt", "balance_after"].map { overdrawn.number($0) } == [5, 2, 2, -2])
            #expect(overdrawn["review"]?.bool == false)
            let told = try #require(try world.events("usage.rejected").first)
            #expect(told["reason"]?.text == "insufficient_tokens" && told.number("required") == 2 && told.number("missing") == 1)
            #expect(told.number("sequence") == 5)
        }
    }

    @Test func anUnlimitedOverdraftIsShownAndReviewed() throws {
        try MeterWorld.with("unlimited") { world in
            try world.open(tokens: 0, overdraft: .unlimited)
            let answer = try world.record(#"{"service":"chat","quantity":50}"#)
            #expect(answer.summary == "overdrawn 100" && answer.result?["overdraft_limit"]?.text == "unlimited")
            #expect(try world.events("usage.overdrawn").first?["review"]?.bool == true)
        }
    }

    @Test func otherContentUnderAnIdentityIsAConflictToldOnce() throws {
        try MeterWorld.with("conflict") { world in
            try world.open(tokens: 10)
            try world.open("org-2", tokens: 10)
            try world.record(#"{"service":"chat","quantity":2}"#, id: "u")
            for _ in 0..<3 {
                #expect(try world.record(#"{"service":"chat","quantity":3}"#, id: "u").refusal == "event_conflict")
            }
            #expect(try world.record(#"{"service":"chat","quantity":2}"#, organization: "org-2", id: "u").refusal == "event_conflict")
            let told = try world.events("usage.conflict")
            // Another organization does not learn what this one was charged.
            #expect(told.map { $0.number("tokens") } == [4, nil] && told.allSatisfy { $0["event_id"]?.text == "u" })
            #expect(try world.column("SELECT count FROM usage_refusals ORDER BY count") == ["1", "3"])
            #expect(try world.value("SELECT count(*) FROM token_balance_history WHERE type = 'usage'") == "1")
        }
    }

    @Test func whatWasRefusedBeforeIsToldOnceMoreWhenItBecomesAConflict() throws {
        try MeterWorld.with("turned") { world in
            try world.open(tokens: 10)
            let refused = #"{"service":"none"}"#
            #expect(try world.record(refused, id: "u").refusal == "unknown_service")
            try world.record(#"{"service":"chat"}"#, id: "u")
            for _ in 0..<2 { #expect(try world.record(refused, id: "u").refusal == "event_conflict") }
            #expect(try world.events().map(\.type) == ["usage.rejected", "usage.conflict"])
            _ = try world.handle(usage: [refused, #"{"service":"chat"}"#, refused].map { world.use($0, id: "v") })
            #expect(try world.events("usage.conflict").map { $0["event_id"]?.text } == ["u", "v"])
            #expect(try world.column("SELECT reason || count FROM usage_refusals ORDER BY event_id") == ["conflict3", "conflict2"])
        }
    }

    private static let refused: [(data: String, seconds: Int64, reason: String, field: String)] = [
        (#"{"service":"new"}"#, 0, "unknown_service", "service"), (#"{"service":"chat","quantity":0}"#, 0, "invalid_quantity", "quantity"),
        (#"{"service":"chat","quantity":1.5}"#, 0, "invalid_quantity", "quantity"),
        (#"{"service":"tokens"}"#, 0, "invalid_quantity", "tokens"), (#"{"service":"chat"}"#, 301, "too_far_ahead", "time"),
        (#"{"service":"chat"}"#, -35 * 86_400 - 1, "too_old", "time"),
    ]

    @Test(arguments: refused)
    func aRefusalIsRecordedAndToldOnce(_ data: String, _ seconds: Int64, _ reason: String, _ field: String) throws {
        try MeterWorld.with("refusal") { world in
            try world.open(tokens: 10)
            let time = world.clock.text(seconds)
            for _ in 0..<2 {
                let reply = try world.record(data, id: "u", time: time)
                #expect(reply.refusal == reason && reply.error?["field"]?.text == field && reply.figures == [10, 10, 0])
            }
            #expect(try world.events("usage.rejected").map { $0["reason"]?.text } == [reason])
            #expect(try world.value("SELECT reason || count FROM usage_refusals") == "\(reason)2")
            #expect(try world.value("SELECT count(*) FROM token_balance_history WHERE type = 'usage'") == "0")
        }
    }

    @Test func aRefusalIsAcceptedLater() throws {
        try MeterWorld.with("accepted") { world in
            let stranger = try world.record(#"{"service":"chat"}"#, id: "a")
            #expect(stranger.refusal == "unknown_organization" && stranger.error?["field"]?.text == "subject")
            #expect(stranger.figures == [nil, nil, nil])
            try world.open(tokens: 10)
            try world.makeRefusalsNew()
            #expect(try world.record(#"{"service":"chat"}"#, id: "a").summary == "debited 2")
            #expect(try world.record(#"{"service":"new"}"#, id: "b").refusal == "unknown_service")
            try world.makeRefusalsNew()
            // A refusal binds no content either; but nothing of the one that was refused is accepted.
            #expect(try world.record(#"{"service":"chat","quantity":2}"#, id: "b").summary == "debited 4")
            #expect(try world.column("SELECT accepted_at IS NOT NULL FROM usage_refusals ORDER BY event_id") == ["true", "false"])
        }
    }

    @Test func aRefusalThatIsNeverSentAgainCostsLaterBatchesNothing() throws {
        try MeterWorld.with("oldrefusal") { world in
            try world.open(tokens: 10)
            for (age, isOpen) in [(35, true), (37, false)] {
                try world.owner.run("DELETE FROM usage_refusals")
                _ = try world.record(#"{"service":"none"}"#)
                try world.owner.run(
                    "UPDATE usage_refusals SET first_seen = now() - interval '\(age) days', last_seen = now() - interval '\(age) days'")
                let transaction = try WalletTransaction(on: world.owner, WalletLoad(organizations: ["org-1"], withRefusals: true))
                #expect(transaction.system.hasOpenRefusals == isOpen)
                try transaction.rollback()
            }
        }
    }

    @Test func tokensThatAreNoNumberAreOtherContentThanNone() throws {
        try MeterWorld.with("badtokens") { world in
            try world.open(tokens: 10)
            #expect(try world.record(#"{"service":"chat"}"#, id: "a").summary == "debited 2")
            #expect(try world.record(#"{"service":"chat","tokens":0}"#, id: "a").refusal == "event_conflict")
        }
    }

    @Test func anUnreadableElementIsBuriedAloneAndTheOthersAreDone() throws {
        try MeterWorld.with("elements") { world in
            try world.open(tokens: 10)
            let elements = [
                world.event("usage.recorded", #"{"service":"chat"}"#, id: "a"), "7",
                world.event("usage.recorded", #"{"quantity":1}"#, id: "c"), world.event("usage.recorded", #"{"service":"none"}"#),
                world.event("usage.recorded", #"{"service":"chat"}"#, id: "a"),
            ]
            let delivery = world.delivery(
                "[\(elements.joined(separator: ","))]", key: "org-1", exchange: "purser.usage",
                contentType: "application/cloudevents-batch+json")
            let result = try world.handle(usage: [delivery, world.use(#"{"service":"chat"}"#)])
            let answers = try #require(try Reply(result.outcomes[0]).json?.elements)
            #expect(answers.map { $0["ok"]?.bool } == [true, false, false, false, true])
            #expect(answers.map { $0["error"]?["code"]?.text } == [nil, "unreadable", "unreadable", "unknown_service", nil])
            #expect(result.fragments.map(\.index) == [1, 2] && result.fragments.map(\.reason) == ["not_an_object", "missing_field"])
            #expect(result.fragments[0].body == Array("7".utf8))
            #expect(try Reply(result.outcomes[1]).figures == [6, 6, 0])
        }
    }

    @Test(arguments: ["", "nonsense", "[]", "{", #"{"specversion":"0.3"}"#, "null"])
    func whatCannotBeReadGoesToTheDeadLettersAndTheRestIsDone(_ body: String) throws {
        try MeterWorld.with("unreadable") { world in
            try world.open(tokens: 10)
            let bad = world.delivery(body, key: "org-1", exchange: "purser.usage")
            let result = try world.handle(usage: [bad, world.use(#"{"service":"chat"}"#)])
            let reply = try Reply(result.outcomes[0])
            #expect(reply.deadReason != nil && reply.refusal == "unreadable" && reply.error?["reason"]?.text == reply.deadReason)
            #expect(try Reply(result.outcomes[1]).isOK)
            #expect(try world.handle(usage: [bad]).outcomes.count == 1)
        }
    }

    @Test func aReplayedEventIsAsOldAsItWasWhenTheOperatorSaysSo() throws {
        try MeterWorld.with("replay") { world in
            try world.open(tokens: 10)
            let time = world.clock.text(-40 * 86_400)
            let headers: Headers = [HeaderName.replayed: .string(world.clock.text(-39 * 86_400))]
            for (user, summary) in [(nil, "too_old 0"), ("crm", "too_old 0"), ("purser-operator", "debited 2")] as [(String?, String)] {
                let body = world.event("usage.recorded", #"{"service":"chat"}"#, id: "old", time: time)
                let delivery = world.delivery(body, key: "org-1", user: user, headers: headers, exchange: "purser.usage")
                #expect(try Reply(try world.handle(usage: [delivery]).outcomes[0]).summary == summary, "\(user ?? "nobody")")
            }
        }
    }

    @Test func ratesAreReadAnewWhenOneWasSet() throws {
        try MeterWorld.with("rates") { world in
            try world.open(tokens: 100)
            #expect(try world.record(#"{"service":"chat"}"#).summary == "debited 2")
            world.clock.advance(seconds: 60)
            #expect(try world.ask("meter.rate_set", #"{"service":"chat","tokens_per_unit":7}"#, organization: nil).isOK)
            #expect(try world.record(#"{"service":"chat"}"#).summary == "debited 7")
            // At the event's own time the old rate holds.
            #expect(try world.record(#"{"service":"chat"}"#, time: world.clock.text(-30)).summary == "debited 2")
        }
    }

    @Test func underTimeTravelTheMomentIsThatOfTheMessage() throws {
        try MeterWorld.with("travel", [.timeTravel: "true"]) { world in
            try world.open(tokens: 1)
            let time = world.clock.text(86_400 * 400)
            #expect(try world.record(#"{"service":"chat"}"#, time: time).refusal == "insufficient_tokens")
            #expect(try world.events().last?.event["time"]?.text == time)
            #expect(try world.value("SELECT occurred_at = created_at FROM token_balance_history WHERE type = 'usage'") == "true")
        }
    }

    @Test func theTraceOfAnEventGoesOnAndNobodyIsAnsweredUnasked() throws {
        try MeterWorld.with("trace") { world in
            try world.open(tokens: 1)
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let body = world.event("usage.recorded", #"{"service":"chat"}"#, traceparent: trace)
            let result = try world.handle(usage: [world.delivery(body, key: "org-1", asked: false, exchange: "purser.usage")])
            #expect(result.outcomes == [.done] && result.outbox.map(\.message.traceparent) == [trace])
        }
    }

    @Test func theLagIsFromPublishingToTheCommit() throws {
        try MeterWorld.with("lag") { world in
            try world.open(tokens: 10)
            let use = #"{"service":"chat"}"#
            let times = [world.clock.text(-2), world.clock.text(0), world.clock.text(60)]
            _ = try world.handle(usage: times.map { world.use(use, time: $0) })
            let replayed = world.delivery(
                world.event("usage.recorded", use, time: world.clock.text(-7200)), key: "org-1", user: "purser-operator",
                headers: [HeaderName.replayed: .string(world.clock.text(-3600))], exchange: "purser.usage")
            _ = try world.handle(usage: [replayed])
            let usage = world.lane.metrics.histogram(.lag, "usage").tally
            #expect(usage.count == 3 && usage.sum == 2)
            try world.ask("meter.check", use, time: world.clock.text(-5))
            try world.ask("meter.usage_refund", #"{"source":"/crm","id":"none"}"#, attempts: 2)
            let commands = world.lane.metrics.histogram(.lag, "meter").tally
            #expect(commands.sum == 5)
        }
    }

    /// Somebody took the switch away: nothing is decided until it is there again, with its first value.
    @Test func withoutTheRowOfTheSwitchTheStepWaits() throws {
        try MeterWorld.with("switch") { world in
            try world.open(tokens: 10)
            try world.record(#"{"service":"chat"}"#)
            try world.owner.run("DELETE FROM system_settings")
            let before = try world.snapshot()
            let error = #expect(throws: DatabaseError.self) { try world.record(#"{"service":"chat"}"#, id: "w") }
            #expect(error.map(SystemState.isMissing) == true)
            try world.lane.database.rollbackIfNeeded()
            #expect(try world.snapshot() == before)
            #expect(try world.record(#"{"service":"chat"}"#, id: "w").summary == "debited 2")
        }
    }
}
