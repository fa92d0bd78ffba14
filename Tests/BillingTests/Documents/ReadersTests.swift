import PurserTesting
import Testing

@testable import Billing

/// What others read of sales, by their own statements (`domain.md` 2).
@Suite("Readers of sales")
struct ReadersTests {
    @Test("The monitoring statements run as printed and give the right figures")
    func figures() throws {
        try Shop.with("readers") { shop in
            // Their clock is the database's.
            let now = try #require(try shop.world.value("SELECT extract(epoch FROM now())::bigint").flatMap { Int64($0) })
            shop.world.clock.advance(seconds: now - shop.world.clock.now / 1_000_000)
            let (old, today) = (now - 40 * 86_400, now)
            shop.world.clock.advance(seconds: old - today)
            for organization in ["org-1", "org-2", "org-3"] { try shop.card(organization: organization) }
            _ = try shop.purchased(organization: "org-1")
            shop.world.clock.advance(seconds: today - old)
            for item in ["starter", "business"] { _ = try shop.purchased(#""package_id":"\#(item)""#, organization: "org-2") }
            let given = try shop.purchased(#""package_id":"starter""#, organization: "org-3")
            try shop.ask("billing.purchase_refund", #"{"purchase_reference_id":"\#(given)","tokens":50}"#, organization: "org-3")
            try shop.ask(
                "billing.package_set", #"{"id":"hidden","name":"Hidden","tokens":1,"price":"1.00","is_active":false}"#, organization: nil)

            #expect(
                try shop.world.value(
                    """
                    SELECT concat_ws(' ', round(avg_balance, 2), min_balance, max_balance) FROM (
                    SELECT AVG(CAST(current_balance AS NUMERIC)) as avg_balance, MIN(CAST(current_balance AS NUMERIC)) as min_balance,
                      MAX(CAST(current_balance AS NUMERIC)) as max_balance FROM organization_token_wallets
                    ) s
                    """) == "383.33 50 600")
            #expect(
                try shop.world.value("SELECT COUNT(*) FROM organization_token_wallets w WHERE CAST(w.current_balance AS NUMERIC) < 100")
                    == "1")
            #expect(
                try shop.world.column(
                    """
                    SELECT concat_ws(' ', date, purchases, revenue::numeric(19,2)) FROM (
                    SELECT DATE(created_at) as date, COUNT(*) as purchases, SUM(CAST(total_amount AS NUMERIC)) as revenue FROM token_purchases
                      WHERE status = 'completed' AND created_at > CURRENT_DATE - INTERVAL '30 days' GROUP BY DATE(created_at) ORDER BY date DESC
                    ) s
                    """) == [try shop.world.value("SELECT DATE(to_timestamp(\(now))) || ' 2 319.00'")])
            #expect(try shop.world.value("SELECT COUNT(*) FROM token_subscriptions WHERE status = 'active'") == "0")
            #expect(try shop.world.value("SELECT count(*) FROM (SELECT * FROM token_packages WHERE is_active = true) s") == "8")
            #expect(try shop.world.value("SELECT COUNT(*) FROM organization_token_wallets") == "3")
            #expect(try shop.world.value("SELECT COUNT(*) FROM token_purchases") == "4")
        }
    }
}
