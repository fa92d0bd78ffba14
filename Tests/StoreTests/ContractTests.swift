import Domain
import Postgres
import PurserTesting
import Testing

@Suite("What others read stands as promised (domain.md 2)")
struct ContractTests {
    private static let columns = Statement(
        "test_columns", "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1")

    @Test(
        "Tables and views have the contract's columns",
        arguments: [
            (
                "organization_token_wallets",
                """
                id organization_id status current_balance held overdraft_debt total_purchased total_spent total_expired total_refunded
                created_at updated_at
                """
            ),
            (
                "token_balance_history",
                """
                wallet_id sequence type amount balance_after outcome reason source event_id service quantity purchase_reference_id
                occurred_at created_at description metadata digest
                """
            ),
            ("token_audit_logs", "id organization_id actor action before after created_at"),
            ("token_packages", "id name description features catalog tokens price currency is_best_value is_active"),
            (
                "token_purchases",
                """
                id purchase_reference_id wallet_id organization_id purchase_type status tokens net_amount tax_amount total_amount currency
                gateway gateway_transaction_id metadata created_at completed_at
                """
            ),
            ("token_subscriptions", "id organization_id plan_id status frequency next_billing_date"),
            ("token_transactions", "organization_id wallet_id sequence type amount balance_after"),
            ("token_usage_summary", "organization_id service day events tokens"),
        ])
    func columns(_ table: String, _ names: String) throws {
        try TestSchema.with("contract") { _, owner in
            var parameters = Parameters()
            parameters.add(text: table)
            let rows = try owner.query(ContractTests.columns, parameters)
            let found = Set((0..<rows.count).map { rows.text($0, 0) })
            let promised = Set(names.split(whereSeparator: \.isWhitespace).map(String.init))
            #expect(promised.subtracting(found).isEmpty)
        }
    }

    @Test("The readers' statements run as printed")
    func statements() throws {
        try TestSchema.with("contract_reads") { _, owner in
            try owner.run(
                """
                SELECT AVG(CAST(current_balance AS NUMERIC)) as avg_balance, MIN(CAST(current_balance AS NUMERIC)) as min_balance,
                  MAX(CAST(current_balance AS NUMERIC)) as max_balance FROM organization_token_wallets;
                SELECT COUNT(*) FROM organization_token_wallets w WHERE CAST(w.current_balance AS NUMERIC) < 100;
                SELECT DATE(created_at) as date, COUNT(*) as purchases, SUM(CAST(total_amount AS NUMERIC)) as revenue FROM token_purchases
                  WHERE status = 'completed' AND created_at > CURRENT_DATE - INTERVAL '30 days' GROUP BY DATE(created_at) ORDER BY date DESC;
                SELECT COUNT(*) FROM token_subscriptions WHERE status = 'active';
                SELECT * FROM token_packages WHERE is_active = true;
                SELECT COUNT(*) FROM organization_token_wallets;   SELECT COUNT(*) FROM token_purchases;
                """)
        }
    }

    @Test("The readers' indexes over purchases and subscriptions stand")
    func readersIndexes() throws {
        try TestSchema.with("contract_readers") { _, owner in
            let found = try owner.texts(
                Statement(
                    "test_readers_indexes",
                    """
                    SELECT substring(indexdef FROM 'INDEX (.*)') FROM pg_indexes
                    WHERE indexname LIKE 'idx_token_purchases_%' OR indexname LIKE 'idx_subscriptions_%' ORDER BY 1
                    """))
            #expect(
                found == [
                    "idx_subscriptions_next_billing ON public.token_subscriptions USING btree (next_billing_date) "
                        + "WHERE (status = 'active'::text)",
                    "idx_subscriptions_org_status ON public.token_subscriptions USING btree (organization_id, status)",
                    "idx_token_purchases_created ON public.token_purchases USING btree (created_at)",
                    "idx_token_purchases_org_status ON public.token_purchases USING btree (organization_id, status)",
                    "idx_token_purchases_ref ON public.token_purchases USING btree (purchase_reference_id)",
                ])
        }
    }

    @Test("A new installation sells the packages of domain.md 7.3")
    func seeds() throws {
        let dollar = try #require(Currency("USD"))
        let expected = [Catalog.organization, Catalog.credits].flatMap { SeededPackages.of($0, in: dollar) }
        try TestSchema.with("contract_seeds") { _, owner in
            let found = try owner.texts(
                Statement(
                    "test_seeds",
                    """
                    SELECT concat_ws('|', id, name, catalog, tokens, price::numeric(19,2), currency, is_best_value, is_active)
                    FROM token_packages
                    """))
            let seeded = expected.map {
                "\($0.id)|\($0.name)|\($0.catalog)|\($0.tokens)|\($0.price.text)|USD|\($0.isBestValue ? "t" : "f")|t"
            }
            #expect(found.sorted() == seeded.sorted() && found.count == 8)
            let catalogs = try owner.texts(
                Statement("test_catalogs", "SELECT concat_ws('|', name, token_price::numeric(19,2), currency) FROM token_catalogs"))
            #expect(catalogs.sorted() == ["credits|1.00|USD", "organization"])
        }
    }

    @Test("The ledger has its key, the event identity and a BRIN; wallets and lots no index on anything that moves")
    func indexes() throws {
        try TestSchema.with("contract_indexes") { _, owner in
            let found = try owner.texts(
                Statement(
                    "test_indexes",
                    """
                    SELECT substring(indexdef FROM 'INDEX (.*)') FROM pg_indexes
                    WHERE tablename IN ('organization_token_wallets', 'token_lots', 'token_balance_history') ORDER BY 1
                    """))
            #expect(
                found == [
                    "idx_token_wallets_org ON public.organization_token_wallets USING btree (organization_id)",
                    "organization_token_wallets_pkey ON public.organization_token_wallets USING btree (id)",
                    "token_balance_history_created ON public.token_balance_history USING brin (created_at) WITH (pages_per_range='64')",
                    "token_balance_history_event ON public.token_balance_history USING btree (source, event_id) "
                        + "WHERE (type = 'usage'::text)",
                    "token_balance_history_pkey ON public.token_balance_history USING btree (wallet_id, sequence)",
                    "token_lots_open ON public.token_lots USING btree (wallet_id) WHERE is_open",
                    "token_lots_pkey ON public.token_lots USING btree (wallet_id, lot_id)",
                ])
        }
    }
}
