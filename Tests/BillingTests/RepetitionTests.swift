import AMQP
import Messages
import Postgres
import PurserTesting
import Runtime
import Synchronization
import Testing

@testable import Billing

/// A request is done once, however often it comes (`messages.md`, Answers).
@Suite struct RepetitionTests {
    static let requests: [(String, String, String)] = [
        ("billing.wallet_open", #"{"name":"Acme"}"#, #"{"name":"Ecma"}"#),
        ("billing.wallet_suspend", #"{"reason":"a"}"#, #"{"reason":"b"}"#),
        ("billing.wallet_reactivate", #"{"reason":"a"}"#, #"{}"#),
        (
            "billing.wallet_settings", #"{"overdraft_limit":5,"unlimited_services":["a"],"unlimited_until":"2027-01-01T00:00:00Z"}"#,
            #"{"overdraft_limit":6}"#
        ),
        ("billing.grant", #"{"tokens":5}"#, #"{"tokens":6}"#),
        ("billing.adjust", #"{"tokens":-5,"reason":"a"}"#, #"{"tokens":5,"reason":"a"}"#),
    ]

    @Test(arguments: requests)
    func aRepetitionGetsItsFirstAnswerAndOtherContentAConflict(_ type: String, _ data: String, _ other: String) throws {
        try BillingWorld.with("repeat", WalletOpenTests.gifts) { world in
            if type != "billing.wallet_open" { try world.ask("billing.grant", #"{"tokens":100}"#) }
            let first = try world.ask(type, data, id: "once")
            #expect(first.isOK)
            world.clock.advance(days: 3)
            if type != "billing.wallet_suspend" { try world.ask("billing.wallet_suspend") }
            let before = try world.snapshot()
            // The same in other words: order and space of the fields are no content.
            #expect(try world.ask(type, " \(data) ", id: "once").text == first.text)
            #expect(try world.ask(type, other, id: "once").refusal == "request_conflict id")
            #expect(try world.ask(type, data, organization: "org-2", id: "once").refusal == "request_conflict id")
            let elsewhere = type == "billing.grant" ? "billing.wallet_open" : "billing.grant"
            #expect(try world.ask(elsewhere, #"{"tokens":5}"#, id: "once").refusal == "request_conflict id")
            #expect(try world.snapshot() == before)
            // Another source has ids of its own.
            #expect(try world.ask(world.delivery(type, data, id: "once", source: "/erp")).text != nil)
        }
    }

    @Test func withinABatchTheFirstOneCounts() throws {
        try BillingWorld.with("repeatbatch") { world in
            let batch = ["org-1", "org-1", "org-2"].map { world.delivery("billing.grant", #"{"tokens":5}"#, organization: $0, id: "same") }
            let replies = try world.handle(batch).outcomes.map { try Reply($0) }
            #expect(replies[0].text == replies[1].text && replies[0].isOK)
            #expect(replies[2].refusal == "request_conflict id")
            #expect(try world.column("SELECT organization_id || current_balance FROM organization_token_wallets") == ["org-15"])
            #expect(try world.value("SELECT count(*) FROM processed_requests WHERE consumer = 'billing'") == "1")
        }
    }

    @Test func aRefusalIsKeptToo() throws {
        try BillingWorld.with("keptrefusal") { world in
            let refused = try world.ask("billing.adjust", #"{"tokens":5,"reason":"a"}"#, id: "early")
            #expect(refused.refusal == "unknown_organization subject")
            try world.ask("billing.wallet_open")
            #expect(try world.ask("billing.adjust", #"{"tokens":5,"reason":"a"}"#, id: "early").text == refused.text)
        }
    }

    @Test func theAnswerIsKeptWhetherSomebodyWaitsOrNot() throws {
        try BillingWorld.with("unasked") { world in
            let first = try world.ask(world.delivery("billing.grant", #"{"tokens":5}"#, id: "once", asked: false))
            #expect(first.outcome == .done && first.text == nil)
            #expect(try world.ask("billing.grant", #"{"tokens":5}"#, id: "once").result?.number("balance") == 5)
        }
    }

    /// No lock stands between two lanes while the wallet does not exist; the key of the kept answers does.
    @Test(arguments: [
        ("billing.grant", #"{"tokens":5}"#, true), ("billing.grant", #"{"tokens":5,"idempotency_key":"k"}"#, false),
        ("billing.wallet_open", "{}", true), ("billing.adjust", #"{"tokens":5,"reason":"a"}"#, true),
    ])
    func twoLanesThatRaceDoItOnce(_ type: String, _ data: String, _ sameID: Bool) throws {
        try BillingWorld.with("race", [.tokenWelcomeGrant: "7"]) { world in
            let rounds = 12
            let deliveries = (0..<2).map { lane in
                (0..<rounds).map { world.delivery(type, data, organization: "org-\($0)", id: sameID ? "r\($0)" : "r\($0)-\(lane)") }
            }
            let database = world.database
            let clock = world.clock
            let lanes = (0..<2).map { lane in
                TestThread {
                    let context = try database.lane(of: "billing", [.tokenWelcomeGrant: "7"], clock)
                    defer { context.database.close() }
                    let step = BillingStep(context.configuration)
                    return try deliveries[lane].map { delivery in
                        let reply = try Reply(try step.handle([delivery], context).outcomes[0])
                        try context.database.rollbackIfNeeded()
                        return reply.text ?? ""
                    }
                }
            }
            let texts = try lanes.map { try $0.result() }
            #expect(texts[0] == texts[1])
            let each = type == "billing.grant" ? "12" : "7"
            let wallets = type == "billing.adjust" ? [] : Array(repeating: each, count: rounds)
            #expect(try world.column("SELECT current_balance FROM organization_token_wallets") == wallets)
        }
    }
}
