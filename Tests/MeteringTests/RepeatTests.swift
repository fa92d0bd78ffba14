import AMQP
import Messages
import Postgres
import PurserTesting
import Runtime
import Store
import Testing

@testable import Metering

/// Large batches are decided as if all of their events were new (`RepeatWatch`); what comes again is met when they are stored.
@Suite struct RepeatTests {
    /// Events of one token each, with ids of their own.
    private func events(_ ids: Range<Int>, of world: MeterWorld) -> [Delivery] {
        ids.map { world.use(#"{"service":"tokens","tokens":1}"#, id: "e\($0)") }
    }

    private func outcomes(_ result: StepResult) throws -> [String] {
        try result.outcomes.map { outcome in
            let reply = try Reply(outcome)
            let word = reply.result?["outcome"]?.text ?? reply.refusal
            return reply.result?["duplicate"]?.bool == true ? word + ", again" : word
        }
    }

    @Test func aLargeBatchWithEventsThatCameBeforeChargesThemOnce() throws {
        try MeterWorld.with { world in
            try world.open(tokens: 1000)
            #expect(try outcomes(world.handle(usage: events(0..<100, of: world))) == Array(repeating: "debited", count: 100))
            let mixed = try outcomes(world.handle(usage: events(50..<150, of: world)))
            #expect(mixed == Array(repeating: "debited, again", count: 50) + Array(repeating: "debited", count: 50))
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "850")
            #expect(try world.value("SELECT count(*) FROM token_balance_history WHERE type = 'usage'") == "150")
        }
    }

    @Test func anEventWithinALargeBatchTwiceIsChargedOnce() throws {
        try MeterWorld.with { world in
            try world.open(tokens: 1000)
            let batch = events(0..<80, of: world) + events(0..<1, of: world)
            #expect(try outcomes(world.handle(usage: batch)) == Array(repeating: "debited", count: 80) + ["debited, again"])
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "920")
        }
    }

    /// Too old by now, but decided long ago: its first outcome holds (`domain.md` 5.1).
    @Test func aRefusalInALargeBatchIsNotBelievedBeforeTheLedgerWasAsked() throws {
        try MeterWorld.with { world in
            try world.open(tokens: 1000)
            let old = world.use(#"{"service":"tokens","tokens":5}"#, id: "old")
            #expect(try outcomes(world.handle(usage: [old])) == ["debited"])
            world.clock.advance(days: 36)
            let longAgo = world.clock.text(-36 * 86_400)
            let late = world.use(#"{"service":"tokens","tokens":5}"#, id: "late", time: longAgo)
            let result = try outcomes(world.handle(usage: events(0..<70, of: world) + [old, late]))
            #expect(result == Array(repeating: "debited", count: 70) + ["debited, again", "too_old"])
            #expect(try world.column("SELECT event_id FROM usage_refusals") == ["late"])
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "925")
        }
    }

    @Test func otherContentInALargeBatchIsAConflict() throws {
        try MeterWorld.with { world in
            try world.open(tokens: 1000)
            _ = try world.handle(usage: [world.use(#"{"service":"tokens","tokens":5}"#, id: "e3")])
            var wanted = Array(repeating: "debited", count: 70)
            wanted[3] = "event_conflict"
            #expect(try outcomes(world.handle(usage: events(0..<70, of: world))) == wanted)
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "926")
        }
    }

    @Test func trustReturnsWhenNothingHasComeAgainForLong() throws {
        try MeterWorld.with { world in
            func reader(_ count: Int, redelivered: Bool = false) -> UsageReader {
                var deliveries = events(0..<count, of: world)
                if redelivered { deliveries[0].redelivered = true }
                return UsageReader(deliveries, operators: [], sources: .none)
            }
            let large = reader(RepeatWatch.smallestBatch)
            let small = reader(RepeatWatch.smallestBatch - 1)
            let again = reader(RepeatWatch.smallestBatch, redelivered: true)
            var watch = RepeatWatch()
            var trusted = [large, small, again].map { watch.trusts($0) }
            #expect(trusted == [true, false, false])
            watch.met()
            trusted = (0...RepeatWatch.span).map { _ in watch.trusts(large) }
            #expect(trusted == Array(repeating: false, count: RepeatWatch.span) + [true])
        }
    }

    /// A database that was put in place of another under a living lane.
    @Test func aWalletThatHasGotAnotherIDIsFound() throws {
        try MeterWorld.with { world in
            try world.open(tokens: 0)
            try world.open("org-2", tokens: 10)
            // The lane has met the wallet now, and the ledger has no row of it.
            #expect(try world.record(#"{"service":"nothing"}"#).refusal == "unknown_service")
            let id = try world.value("SELECT id FROM organization_token_wallets WHERE organization_id = 'org-1'")
            try world.owner.run("DELETE FROM wallet_contacts; DELETE FROM organization_token_wallets WHERE organization_id = 'org-1'")
            try world.open(tokens: 10)
            #expect(try world.value("SELECT id FROM organization_token_wallets WHERE organization_id = 'org-1'") != id)
            let events = ["org-1", "org-2"].map { world.use(#"{"service":"chat"}"#, organization: $0) }
            #expect(try outcomes(world.handle(usage: events)) == ["debited", "debited"])
            #expect(try world.column("SELECT current_balance FROM organization_token_wallets ORDER BY organization_id") == ["8", "8"])
        }
    }

    /// What a lane's directory forgets while it learns is still known to the transaction that asked it.
    @Test func aDirectoryThatIsFullLosesNobody() throws {
        try MeterWorld.with { world in
            for number in 1...5 { try world.open("org-\(number)", tokens: 10) }
            let directory = WalletDirectory(most: 3)
            for organizations in [["org-1", "org-2"], ["org-1", "org-3", "org-2", "org-4"], ["org-5", "org-4", "org-1", "org-none"]] {
                let transaction = try WalletTransaction(on: world.owner, WalletLoad(organizations: organizations), directory: directory)
                #expect(organizations.filter { transaction.place(of: $0) == nil } == organizations.filter { $0 == "org-none" })
                try transaction.rollback()
            }
        }
    }
}
