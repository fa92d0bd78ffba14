import Messages
import PurserTesting
import Runtime
import Testing

/// W4: a wallet is suspended and let go again.
@Suite struct SuspensionTests {
    @Test func suspendingAndReactivatingTwiceIsDoneOnce() throws {
        try BillingWorld.with("suspend") { world in
            try world.ask("billing.wallet_open")
            for _ in 0..<2 {
                let reply = try world.ask("billing.wallet_suspend", #"{"reason":"unpaid","actor":"ann"}"#)
                #expect(reply.result?["status"]?.text == "suspended" && reply.result?["opened"] == nil)
                #expect(try world.value("SELECT status FROM organization_token_wallets") == "suspended")
            }
            for _ in 0..<2 {
                let reply = try world.ask("billing.wallet_reactivate", #"{"reason":"paid"}"#)
                #expect(reply.result?["status"]?.text == "active")
                #expect(try world.value("SELECT status FROM organization_token_wallets") == "active")
            }
            let events = try world.events().dropFirst()
            #expect(events.map(\.type) == ["wallet.suspended", "wallet.reactivated"])
            #expect(events.map { $0.event["data"]?["reason"]?.text } == ["unpaid", "paid"])
            #expect(events.map { $0.event["data"]?["actor"]?.text } == ["ann", nil])
            #expect(
                try world.column("SELECT before->>'status' || ' ' || (after->>'status') FROM token_audit_logs ORDER BY id OFFSET 1")
                    == ["active suspended", "suspended suspended", "suspended active", "active active"])
        }
    }

    @Test func creditsAndCorrectionsOfASuspendedWalletGoOn() throws {
        try BillingWorld.with("suspendedcredit") { world in
            try world.ask("billing.wallet_open")
            try world.ask("billing.wallet_suspend")
            #expect(try world.ask("billing.grant", #"{"tokens":10}"#).result?.number("balance") == 10)
            #expect(try world.ask("billing.adjust", #"{"tokens":-3,"reason":"typo"}"#).result?.number("balance") == 7)
            #expect(try world.ask("billing.wallet_settings", #"{"overdraft_limit":5}"#).result?["status"]?.text == "suspended")
        }
    }

    @Test func theSwitchOfTheSystemStopsNoneOfThis() throws {
        try BillingWorld.with("switch", [.enableTokenSystem: "false"]) { world in
            try world.ask("billing.wallet_open")
            #expect(try world.value("SELECT enabled FROM system_settings") == "false")
            #expect(try world.ask("billing.grant", #"{"tokens":10}"#).result?.number("balance") == 10)
            #expect(try world.ask("billing.adjust", #"{"tokens":-3,"reason":"typo"}"#).isOK)
            #expect(try world.ask("billing.wallet_suspend").isOK)
            #expect(try world.ask("billing.wallet_reactivate").isOK)
            #expect(try world.ask("billing.wallet_settings", #"{"trial_uses":1}"#).isOK)
        }
    }

    @Test(arguments: ["billing.wallet_suspend", "billing.wallet_reactivate", "billing.wallet_settings", "billing.adjust"])
    func withoutAWalletItIsRefused(_ type: String) throws {
        try BillingWorld.with("nowallet") { world in
            let before = try world.snapshot()
            let reply = try world.ask(type, #"{"trial_uses":1,"tokens":1,"reason":"why"}"#)
            #expect(reply.refusal == "unknown_organization subject" && reply.deadReason == nil)
            #expect(try world.snapshot() == before)
        }
    }
}
