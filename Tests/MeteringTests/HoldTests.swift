import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Metering

/// Holds, their captures, releases and ends (U6, `domain.md` 6).
@Suite struct HoldTests {
    private static let hold = #"{"hold_id":"h","service":"chat","quantity":5,"timeout_seconds":60}"#

    @Test func aHoldIsPlacedAndCapturedInPart() throws {
        try MeterWorld.with("capture") { world in
            try world.open(tokens: 20)
            let placed = try world.ask("meter.hold", Self.hold)
            #expect(placed.summary == "held 10" && placed.figures == [20, 10, 10])
            #expect(placed.result?["hold_id"]?.text == "h" && placed.result?["ends_at"]?.text == world.clock.text(60))
            let again = try world.ask("meter.hold", Self.hold)
            #expect(again.summary == "held 10" && again.figures == [20, 10, 10] && again.result?["duplicate"]?.bool == true)
            let other = try world.ask("meter.hold", #"{"hold_id":"h","service":"chat","quantity":4,"timeout_seconds":60}"#)
            #expect(other.refusal == "event_conflict" && other.error?["field"]?.text == "hold_id")
            #expect(other.error?["hold_id"]?.text == "h" && other.figures == [20, 10, 10])
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":11}"#).refusal == "capture_exceeds_hold")
            let captured = try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":4}"#)
            #expect(captured.summary == "debited 4" && captured.figures == [16, 16, 0])
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":4}"#).result?["duplicate"]?.bool == true)
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":3}"#).refusal == "already_captured")
            #expect(try world.ask("meter.hold_release", #"{"hold_id":"h"}"#).refusal == "already_captured")

            let told = try #require(try world.events("hold.placed").first)
            #expect(told["service"]?.text == "chat" && told["outcome"]?.text == "held" && told.number("tokens") == 10)
            let used = try #require(try world.events("hold.captured").first)
            #expect(used.number("tokens") == 4 && used.number("released") == 6 && used["late"]?.bool == false)
            #expect(used.number("balance_after") == 16 && used["service"]?.text == "chat")
            #expect(try world.events("usage.conflict").count == 1)
            #expect(try world.events().count == 3)
        }
    }

    @Test func aHoldIsReleased() throws {
        try MeterWorld.with("release") { world in
            try world.open(tokens: 20)
            try world.ask("meter.hold", Self.hold)
            let released = try world.ask("meter.hold_release", #"{"hold_id":"h"}"#)
            #expect(released.summary == "released 10" && released.figures == [20, 20, 0])
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":0}"#).result?["duplicate"]?.bool == true)
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":1}"#).refusal == "already_released")
            let unknown = try world.ask("meter.hold_release", #"{"hold_id":"other"}"#)
            #expect(unknown.refusal == "hold_not_found" && unknown.figures == [20, 20, 0] && unknown.error?["outcome"]?.text == "rejected")
            let told = try #require(try world.events("hold.released").first)
            #expect(told["service"]?.text == "chat" && told.number("tokens") == 10)
        }
    }

    @Test func aHoldThatNobodyPaysIsRefusedAndStaysSo() throws {
        try MeterWorld.with("refused") { world in
            try world.open(tokens: 9)
            let refused = try world.ask("meter.hold", Self.hold)
            #expect(refused.refusal == "insufficient_tokens" && refused.error?.number("missing") == 1)
            #expect(refused.error?["hold_id"]?.text == "h")
            let again = try world.ask("meter.hold", Self.hold)
            #expect(again.error?["duplicate"]?.bool == true)
            #expect(again.error?.number("required") == 10 && again.error?.number("missing") == 1)
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":1}"#).refusal == "hold_rejected")
            #expect(try world.ask("meter.hold", Self.hold, organization: "nobody").refusal == "unknown_organization")
            #expect(try world.ask("meter.hold", #"{"hold_id":"i","service":"none","timeout_seconds":1}"#).refusal == "unknown_service")
            #expect(try world.events().isEmpty)
        }
    }

    @Test func aTrialHoldReservesTheUse() throws {
        try MeterWorld.with("trialhold") { world in
            try world.open(tokens: 0, trialUses: 1)
            let hold = #"{"hold_id":"h","service":"tasting","quantity":5,"timeout_seconds":60}"#
            let placed = try world.ask("meter.hold", hold, id: "placing")
            #expect(placed.summary == "trial 0" && placed.result?.number("trial_uses_left") == 0)
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":5}"#).summary == "trial 0")
            let exhausted = try #require(try world.events("wallet.trial_exhausted").first)
            #expect(exhausted["event_id"]?.text == "placing" && exhausted["service"]?.text == "tasting")
            #expect(try world.events("hold.captured").first?.number("released") == 0)
        }
    }

    @Test func theSweepReleasesWhatHasEndedAndALateCaptureIsAnOrdinaryDebit() throws {
        try MeterWorld.with("sweep") { world in
            try world.open(tokens: 20)
            try world.ask("meter.hold", Self.hold)
            try world.ask("meter.hold", #"{"hold_id":"long","service":"chat","timeout_seconds":3600}"#)
            let before = world.clock.text(59)
            try world.commands.tend(world.lane)
            #expect(try world.events("hold.expired").isEmpty)
            world.clock.advance(seconds: 60)
            for _ in 0..<2 { try world.commands.tend(world.lane) }
            let expired = try world.events("hold.expired")
            #expect(expired.map { $0["hold_id"]?.text } == ["h"] && expired.first?.number("tokens") == 10)
            #expect(expired.first?["ended_at"]?.text == world.clock.text(0) && expired.first?["service"]?.text == "chat")
            #expect(try world.column("SELECT status FROM token_holds ORDER BY hold_id") == ["expired", "open"])
            #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":3}"#).refusal == "already_expired")
            let late = try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":3}"#, time: before)
            #expect(late.summary == "debited 3" && late.figures == [17, 15, 2])
            let told = try #require(try world.events("hold.captured").first)
            #expect(told["late"]?.bool == true && told.number("tokens") == 3 && told.number("released") == 0)
            #expect(try world.value("SELECT reason FROM token_balance_history WHERE type = 'usage'") == "late")
        }
    }

    /// What a late capture cost is not what the hold promised.
    @Test func aLateCaptureIsAnsweredAgainAsItWas() throws {
        try MeterWorld.with("lateagain") { world in
            try world.open(tokens: 20, trialUses: 1)
            try world.ask("meter.hold", #"{"hold_id":"h","service":"tasting","quantity":5,"timeout_seconds":60}"#)
            try world.ask("meter.hold", #"{"hold_id":"i","service":"chat","quantity":10,"timeout_seconds":60}"#)
            let before = world.clock.text(59)
            world.clock.advance(seconds: 60)
            try world.commands.tend(world.lane)
            try world.record(#"{"service":"tasting"}"#)
            for isRepeated in [nil, true] as [Bool?] {
                let late = try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":3}"#, time: before)
                #expect(late.summary == "debited 3" && late.result?["duplicate"]?.bool == isRepeated)
            }
            try world.owner.run("UPDATE organization_token_wallets SET overdraft_limit = 10")
            for _ in 0..<2 {
                let late = try world.ask("meter.hold_capture", #"{"hold_id":"i","tokens":20}"#, time: before)
                #expect(late.summary == "overdrawn 20")
            }
        }
    }

    @Test func aQuantityThatIsWrittenOutIsTheSameContent() throws {
        try MeterWorld.with("quantity") { world in
            try world.open(tokens: 20)
            #expect(try world.ask("meter.hold", #"{"hold_id":"h","service":"chat","timeout_seconds":60}"#).summary == "held 2")
            let again = try world.ask("meter.hold", #"{"hold_id":"h","service":"chat","quantity":1,"timeout_seconds":60}"#)
            #expect(again.summary == "held 2" && again.result?["duplicate"]?.bool == true)
        }
    }

    @Test func aConflictIsRecordedAndToldOnce() throws {
        try MeterWorld.with("holdconflict") { world in
            try world.open(tokens: 20)
            try world.record(#"{"service":"chat"}"#, id: "taken")
            try world.ask("meter.hold", Self.hold)
            for _ in 0..<2 {
                #expect(try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":4}"#, id: "taken").refusal == "event_conflict")
                let other = #"{"hold_id":"h","service":"chat","quantity":4,"timeout_seconds":60}"#
                #expect(try world.ask("meter.hold", other, id: "other").refusal == "event_conflict")
            }
            let recorded = try world.column("SELECT event_id || ' ' || reason FROM usage_refusals ORDER BY 1")
            #expect(recorded == ["other conflict", "taken conflict"])
            let told = try world.events("usage.conflict")
            #expect(told.map { $0["event_id"]?.text } == ["taken", "other"] && told.map { $0.number("tokens") } == [2, nil])
        }
    }

    @Test func underTimeTravelNothingIsSwept() throws {
        try MeterWorld.with("nosweep", [.timeTravel: "true"]) { world in
            try world.open(tokens: 20)
            try world.ask("meter.hold", Self.hold)
            world.clock.advance(seconds: 3600)
            try world.commands.tend(world.lane)
            #expect(try world.value("SELECT status FROM token_holds") == "open")
        }
    }

    @Test func aCaptureDoesNotTakeTheIdentityOfAnotherUsage() throws {
        try MeterWorld.with("identity") { world in
            try world.open(tokens: 20)
            try world.record(#"{"service":"chat"}"#, id: "taken")
            try world.ask("meter.hold", Self.hold)
            let refused = try world.ask("meter.hold_capture", #"{"hold_id":"h","tokens":4}"#, id: "taken")
            #expect(refused.refusal == "event_conflict" && refused.figures == [18, 8, 10])
        }
    }
}
