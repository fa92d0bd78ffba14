import Messages
import PurserTesting
import Runtime
import Testing

/// W7, W9: grants and corrections by staff.
@Suite struct CreditTests {
    @Test func aGrantIsALotWithItsOwnTerms() throws {
        try BillingWorld.with("grant") { world in
            try world.ask("billing.wallet_open")
            let data = #"""
                {"tokens":120,"reason":"sorry","kind":"paid","priority":7,"effective_at":"2026-11-25T00:00:00Z","expires_at":"2026-12-25T00:00:00Z",
                "actor":"ann"}
                """#
            let reply = try world.ask("billing.grant", data)
            #expect(reply.result?.number("tokens") == 120 && reply.result?["opened"]?.bool == false)
            // It has not begun: it is posted, but nobody can use it yet.
            #expect(reply.result?.number("balance") == 0 && reply.result?.number("sequence") == 1)
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "120")
            let lot = """
                SELECT concat_ws(' ', granted, remaining, kind, priority, (effective_at AT TIME ZONE 'UTC')::date,
                    (expires_at AT TIME ZONE 'UTC')::date, origin, description) FROM token_lots
                """
            #expect(try world.value(lot) == "120 120 paid 7 2026-11-25 2026-12-25 grant sorry")
            let event = try #require(try world.events().last)
            #expect(event.type == "tokens.granted" && event.event["data"]?["kind"]?.text == "paid")
            #expect(
                event.event["data"]?["reason"]?.text == "sorry" && event.event["data"]?["expires_at"]?.text == "2026-12-25T00:00:00.000000Z"
            )
            #expect(try world.value("SELECT reason || ' ' || source || ' ' || event_id FROM token_balance_history") == "sorry /crm m2")
        }
    }

    @Test func theUsualGrantIsPromotionalAndNeverExpires() throws {
        try BillingWorld.with("plaingrant") { world in
            try world.ask("billing.grant", #"{"tokens":5,"surprise":{"deep":[1,2,3]}}"#)
            #expect(
                try world.column("SELECT concat_ws(' ', kind, priority, expires_at, effective_at = created_at) FROM token_lots")
                    == ["promotional 50 t"])
        }
    }

    @Test func aGrantOpensTheWalletWithEverythingThatANewOneGets() throws {
        try BillingWorld.with("grantopens", WalletOpenTests.gifts) { world in
            let reply = try world.ask("billing.grant", #"{"tokens":100}"#)
            #expect(reply.result?["opened"]?.bool == true && reply.result?.number("balance") == 165)
            #expect(reply.result?.number("trial_uses_left") == 3)
            #expect(try world.events().map(\.type) == ["wallet.opened", "tokens.granted", "tokens.granted", "tokens.granted"])
            #expect(try world.ask("billing.wallet_open").result?["opened"]?.bool == false)
        }
    }

    @Test func aGrantThatIsOverAlreadyIsRefusedAndOpensNothing() throws {
        try BillingWorld.with("deadgrant", WalletOpenTests.gifts) { world in
            let before = try world.snapshot()
            for end in ["2026-11-20T10:00:00.000123Z", "2026-11-20T09:00:00Z", "1970-01-01T00:00:00Z"] {
                let reply = try world.ask("billing.grant", #"{"tokens":1,"expires_at":"\#(end)","idempotency_key":"k"}"#)
                #expect(reply.refusal == "already_expired expires_at")
            }
            #expect(try world.snapshot() == before)
            // Nothing was granted under the key, so it is free.
            #expect(try world.ask("billing.grant", #"{"tokens":1,"idempotency_key":"k"}"#).isOK)
        }
    }

    @Test func aKeyGrantsOncePerOrganization() throws {
        try BillingWorld.with("keys") { world in
            let data = #"{"tokens":10,"reason":"march","idempotency_key":"k-1"}"#
            let first = try world.ask("billing.grant", data)
            let again = try world.ask("billing.grant", #"{"idempotency_key":"k-1","reason":"march","tokens":10,"actor":"bob"}"#)
            #expect(again.text == first.text && first.isOK)
            for other in [#""tokens":11"#, #""tokens":10,"reason":"april""#, #""tokens":10,"reason":"march","priority":50"#] {
                let conflict = try world.ask("billing.grant", #"{"idempotency_key":"k-1",\#(other)}"#)
                #expect(conflict.refusal == "request_conflict idempotency_key")
            }
            #expect(try world.ask("billing.grant", data, organization: "org-2").result?["opened"]?.bool == true)
            #expect(try world.ask("billing.grant", #"{"tokens":10,"reason":"march","idempotency_key":"k-2"}"#).isOK)
            #expect(
                try world.column("SELECT organization_id || ' ' || current_balance FROM organization_token_wallets ORDER BY 1")
                    == ["org-1 20", "org-2 10"])
        }
    }

    @Test func aKeyGrantsOnceWithinABatchToo() throws {
        try BillingWorld.with("keybatch") { world in
            let batch = [10, 10, 11].map { world.delivery("billing.grant", #"{"tokens":\#($0),"idempotency_key":"k"}"#) }
            let replies = try world.handle(batch).outcomes.map { try Reply($0) }
            #expect(replies.map(\.isOK) == [true, true, false])
            #expect(replies[0].text == replies[1].text)
            #expect(try world.value("SELECT current_balance FROM organization_token_wallets") == "10")
        }
    }

    @Test func aConflictUnderAKeyOpensNoWallet() throws {
        try BillingWorld.with("keyopens") { world in
            try world.ask("billing.grant", #"{"tokens":10,"idempotency_key":"k"}"#, organization: "org-1", id: "a")
            // The same identity for another organization is another content.
            let reply = try world.ask("billing.grant", #"{"tokens":10,"idempotency_key":"k"}"#, organization: "org-2", id: "a")
            #expect(reply.refusal == "request_conflict id")
            #expect(try world.value("SELECT count(*) FROM organization_token_wallets") == "1")
        }
    }

    @Test func correctionsGoUpAsALotAndDownInBurnOrder() throws {
        try BillingWorld.with("adjust") { world in
            try world.ask("billing.grant", #"{"tokens":10}"#)
            try world.ask("billing.grant", #"{"tokens":10,"priority":10}"#)
            let up = try world.ask("billing.adjust", #"{"tokens":5,"reason":"lost","actor":"ann"}"#)
            #expect(up.result?.number("tokens") == 5 && up.result?.number("balance") == 25)
            let down = try world.ask("billing.adjust", #"{"tokens":-12,"reason":"typo"}"#)
            #expect(down.result?.number("tokens") == -12 && down.result?.number("balance") == 13)
            #expect(try world.column("SELECT draws FROM token_balance_history WHERE amount = -12") == ["2:10,1:2"])
            #expect(try world.column("SELECT remaining FROM token_lots ORDER BY lot_id") == ["8", "0", "5"])
            let event = try #require(try world.events().last)
            #expect(event.event["data"]?["origin"]?.text == "adjustment" && event.event["data"]?["actor"]?.text == "ann")
            #expect(
                try world.column("SELECT reason FROM token_balance_history WHERE type = 'adjustment' ORDER BY sequence") == [
                    "lost", "typo",
                ])
        }
    }

    @Test func aCorrectionBeyondTheUnheldTokensIsRefused() throws {
        try BillingWorld.with("adjustrefused") { world in
            try world.ask("billing.grant", #"{"tokens":10}"#)
            try world.ask("billing.wallet_settings", #"{"overdraft_limit":1000}"#)
            try world.hold(4)
            let before = try world.snapshot()
            let reply = try world.ask("billing.adjust", #"{"tokens":-7,"reason":"typo"}"#)
            #expect(reply.refusal == "insufficient_tokens tokens")
            #expect(reply.error?.number("required") == 7 && reply.error?.number("missing") == 1 && reply.error?.number("held") == 4)
            #expect(try world.snapshot() == before)
            #expect(try world.ask("billing.adjust", #"{"tokens":-6,"reason":"typo"}"#).result?.number("balance") == 4)
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        try BillingWorld.with("overflow", [.tokenWelcomeGrant: String(Int64.max)]) { world in
            try world.ask("billing.wallet_open")
            let before = try world.snapshot()
            #expect(try world.ask("billing.grant", #"{"tokens":1}"#).refusal == "overflow tokens")
            #expect(try world.ask("billing.adjust", #"{"tokens":1000000000000000,"reason":"much"}"#).refusal == "overflow tokens")
            #expect(try world.snapshot() == before)
        }
    }
}
