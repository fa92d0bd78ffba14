import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

/// W5, W6, U4: what is set on a wallet.
@Suite struct SettingsTests {
    @Test func theOverdraftIsALimitOrNone() throws {
        try BillingWorld.with("overdraft") { world in
            try world.ask("billing.wallet_open")
            let limited = try world.ask("billing.wallet_settings", #"{"overdraft_limit":70}"#)
            #expect(limited.result?.number("overdraft_limit") == 70 && limited.result?.number("available") == 70)
            let unlimited = try world.ask("billing.wallet_settings", #"{"overdraft_limit":"unlimited"}"#)
            #expect(unlimited.result?["overdraft_limit"]?.text == "unlimited" && unlimited.result?.number("available") == 0)
            #expect(try world.value("SELECT overdraft_unlimited FROM organization_token_wallets") == "true")
            #expect(try world.ask("billing.wallet_settings", #"{"overdraft_limit":0}"#).result?.number("overdraft_limit") == 0)
            #expect(try world.value("SELECT overdraft_unlimited || ' ' || overdraft_limit FROM organization_token_wallets") == "false 0")
            #expect(
                try world.column(
                    "SELECT concat_ws(' ', before->'overdraft_limit', after->'overdraft_limit') FROM token_audit_logs ORDER BY id")
                    == ["0", "0 70", #"70 "unlimited""#, #""unlimited" 0"#])
        }
    }

    @Test func aLimitBelowTheDebtIsRefusedWithEverythingBesideIt() throws {
        try BillingWorld.with("belowdebt") { world in
            try world.ask("billing.wallet_open")
            try world.ask("billing.wallet_settings", #"{"overdraft_limit":100}"#)
            try world.use(30)
            let before = try world.snapshot()
            let reply = try world.ask("billing.wallet_settings", #"{"trial_uses":9,"overdraft_limit":29,"name":"New"}"#)
            #expect(reply.refusal == "overdraft_limit_below_debt overdraft_limit")
            #expect(reply.error?.number("balance") == -30 && reply.error?.number("overdraft_limit") == 100)
            #expect(try world.snapshot() == before)
            #expect(try world.ask("billing.wallet_settings", #"{"overdraft_limit":30}"#).result?.number("available") == 0)
            #expect(try world.ask("billing.grant", #"{"tokens":50}"#).result?.number("balance") == 20)
            #expect(try world.value("SELECT tokens || ' ' || cause FROM debt_repayments") == "30 credit")
        }
    }

    @Test func aLotThatHasBegunRepaysBeforeALimitIsHeldAgainstTheDebt() throws {
        try BillingWorld.with("repay") { world in
            try world.ask("billing.grant", #"{"tokens":25,"effective_at":"2026-11-21T00:00:00Z"}"#)
            try world.ask("billing.wallet_settings", #"{"overdraft_limit":"unlimited"}"#)
            try world.use(30)
            world.clock.advance(days: 1)
            let reply = try world.ask("billing.wallet_settings", #"{"overdraft_limit":5}"#)
            #expect(reply.result?.number("balance") == -5 && reply.result?.number("overdraft_limit") == 5)
            #expect(try world.column("SELECT tokens || ' ' || cause FROM debt_repayments") == ["25 start"])
        }
    }

    @Test func trialUsesAreSetAtOnceAndTheAllowanceFromTheNextMonth() throws {
        try BillingWorld.with("allowance", [.tokenMonthlyAllowance: "40", .tokenTrialUses: "1"]) { world in
            try world.ask("billing.wallet_open")
            let reply = try world.ask("billing.wallet_settings", #"{"trial_uses":7,"monthly_allowance":100}"#)
            #expect(reply.result?.number("trial_uses_left") == 7 && reply.result?.number("balance") == 40)
            #expect(
                try world.value("SELECT monthly_allowance || ' ' || next_monthly_allowance FROM organization_token_wallets") == "40 100")
            world.clock.advance(days: 15)
            // Only a debit, a hold, the tick or another change of the allowance makes the new month's (domain.md 12.3).
            #expect(try world.ask("billing.grant", #"{"tokens":1}"#).result?.number("balance") == 1)
            #expect(try world.ask("billing.wallet_settings", #"{"monthly_allowance":70}"#).result?.number("balance") == 101)
            #expect(
                try world.value("SELECT monthly_allowance || ' ' || next_monthly_allowance FROM organization_token_wallets") == "100 70")
            #expect(try world.ask("billing.wallet_settings", #"{"trial_uses":0}"#).result?.number("trial_uses_left") == 0)
        }
    }

    @Test func coverageByStaffIsReplacedAndEnded() throws {
        try BillingWorld.with("coverage") { world in
            try world.ask("billing.wallet_open")
            try world.owner.run(
                """
                INSERT INTO unlimited_coverage (wallet_id, services, starts_at, ends_at, origin)
                SELECT id, '{plan}', '2026-11-01Z', '2026-12-01Z', 'subscription' FROM organization_token_wallets
                """)
            let rows = """
                SELECT concat_ws(' ', services, to_char(starts_at AT TIME ZONE 'UTC', 'MM-DD'), to_char(ends_at AT TIME ZONE 'UTC', 'MM-DD'))
                FROM unlimited_coverage ORDER BY coverage_id
                """
            try world.ask("billing.wallet_settings", #"{"unlimited_services":["chat","*"],"unlimited_until":"2026-12-24T00:00:00Z"}"#)
            #expect(try world.value("SELECT has_coverage FROM organization_token_wallets") == "true")
            #expect(try world.column(rows) == ["{plan} 11-01 12-01", "{chat,*} 11-20 12-24"])
            world.clock.advance(days: 2)
            try world.ask("billing.wallet_settings", #"{"unlimited_services":["call"],"unlimited_until":"2027-01-01T00:00:00Z"}"#)
            #expect(try world.column(rows) == ["{plan} 11-01 12-01", "{chat,*} 11-20 11-22", "{call} 11-22 01-01"])
            world.clock.advance(days: 1)
            try world.ask("billing.wallet_settings", #"{"unlimited_services":[]}"#)
            try world.ask("billing.wallet_settings", #"{"unlimited_services":[]}"#)
            #expect(try world.column(rows) == ["{plan} 11-01 12-01", "{chat,*} 11-20 11-22", "{call} 11-22 11-23"])
            #expect(try world.value("SELECT has_coverage FROM organization_token_wallets") == "true")
            let services =
                "SELECT concat_ws(' ', before->'unlimited_services', after->'unlimited_services') FROM token_audit_logs ORDER BY id"
            #expect(try world.column(services) == ["", #"["chat","*"]"#, #"["chat","*"] ["call"]"#, #"["call"]"#, ""])
        }
    }

    @Test func coverageOfSeveralRequestsInOneBatchEndsAsTheLastOneSays() throws {
        try BillingWorld.with("coveragebatch") { world in
            try world.ask("billing.wallet_open")
            _ = try world.handle(
                ["a", "b", "c"].map {
                    world.delivery(
                        "billing.wallet_settings", #"{"unlimited_services":["\#($0)"],"unlimited_until":"2027-01-01T00:00:00Z"}"#)
                })
            let running = "SELECT services FROM unlimited_coverage WHERE ends_at > starts_at"
            #expect(try world.column(running) == ["{c}"])
            #expect(try world.value("SELECT count(*) FROM unlimited_coverage") == "3")
        }
    }

    @Test func coverageThatIsOverAlreadyIsRefused() throws {
        try BillingWorld.with("coveragepast") { world in
            try world.ask("billing.wallet_open")
            let before = try world.snapshot()
            for until in ["2026-11-20T10:00:00.000123Z", "2020-01-01T00:00:00Z", "0001-01-01T00:00:00Z"] {
                let data = #"{"trial_uses":4,"unlimited_services":["chat"],"unlimited_until":"\#(until)"}"#
                #expect(try world.ask("billing.wallet_settings", data).refusal == "already_expired unlimited_until")
            }
            #expect(try world.snapshot() == before)
        }
    }
}
