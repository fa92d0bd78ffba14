import Postgres
import PurserTesting
import Testing

/// A database with purchases in every plight that an operator looks at, made by the owner; read with the operator's rights.
struct SaleFixture {
    /// 500 tokens for 261.00 USD: declined once, paid, 100 tokens given back with a credit note, asked about by the bank.
    static let sold = "REF-AAAAAAAAAAAAAAAAAAAAAAAAAA"
    /// Nobody knows whether it was charged; the next question has its moment.
    static let unknown = "REF-BBBBBBBBBBBBBBBBBBBBBBBBBB"
    /// The charge was of another amount.
    static let parked = "REF-CCCCCCCCCCCCCCCCCCCCCCCCCC"
    /// Completed, but neither invoice nor ledger row is there.
    static let bare = "REF-DDDDDDDDDDDDDDDDDDDDDDDDDD"
    /// Declined for good.
    static let failed = "REF-EEEEEEEEEEEEEEEEEEEEEEEEEE"
    /// Initialized long ago and never executed.
    static let pending = "REF-FFFFFFFFFFFFFFFFFFFFFFFFFF"

    let environment: [String: String]
    let owner: DatabaseConnection

    static func with<R>(_ label: String, _ body: (SaleFixture) throws -> R) throws -> R {
        try DatabaseFixture.with(label) { database, connection in
            try DatabaseFixture.grant(["org-1", "org-2"], times: 1, on: connection)
            for sql in [methods, purchases, attempts, moves, documents, reversals, others] { try connection.run(sql) }
            let separator = database.url.contains("?") ? "&" : "?"
            let url = database.url + separator + "options=-crole%3Dpurser_operator"
            return try body(SaleFixture(environment: ["DATABASE_URL": url], owner: connection))
        }
    }

    func run(_ words: [String]) -> CommandRun { CommandRun(words, environment) }

    private static let methods = """
        INSERT INTO payment_methods (id, organization_id, gateway, reference, brand, last_four, expiry_month, is_default) VALUES
            ('pm-1', 'org-1', 'stripe', 'pm_card_visa', 'visa', '4242', '2099-04-01', true),
            ('pm-2', 'org-1', 'stripe', 'pm_card_old', 'visa', '0341', '2020-01-01', false);
        INSERT INTO payment_methods (id, organization_id, gateway, reference, removed_at)
            VALUES ('pm-3', 'org-1', 'stripe', 'pm_card_gone', now());
        """

    private static func purchase(_ reference: String, _ organization: String = "org-1", at time: String) -> String {
        """
        INSERT INTO token_purchases (purchase_reference_id, wallet_id, organization_id, purchase_type, tokens, net_amount, tax_amount,
            total_amount, currency, gateway, line_description, line_quantity, line_unit_price, tax_rate, package_id, payment_method_id,
            content_digest, created_at, metadata, actor)
        SELECT '\(reference)', w.id, '\(organization)', 'one_time', 500, 225, 36, 261, 'USD', 'stripe', 'Business', 1, 225, 0.16, 'business',
            'pm-1', sha256('p'), '\(time)', '{"order":"7 "}', 'operator:ada'
        FROM organization_token_wallets w WHERE w.organization_id = '\(organization)';
        """
    }

    private static let purchases =
        purchase(sold, at: "2026-11-20T10:00:00Z") + purchase(unknown, at: "2026-11-20T11:00:00Z")
        + purchase(parked, at: "2026-11-20T12:00:00Z") + purchase(bare, at: "2026-11-20T13:00:00Z")
        + purchase(failed, "org-2", at: "2026-11-20T14:00:00Z") + purchase(pending, at: "2020-11-20T15:00:00Z")

    private static func attempt(_ reference: String, _ number: Int, _ time: String, _ outcome: String, _ code: String, _ object: String)
        -> String
    {
        """
        INSERT INTO payment_attempts (purchase_id, attempt, gateway, key, payment_method_id, amount, currency, started_at, outcome, code,
            gateway_object_id, ended_at)
        SELECT id, \(number), 'stripe', '\(reference)-\(number)', 'pm-1', 261, 'USD', '\(time)', \(outcome), \(code), \(object),
            CASE WHEN \(outcome)::text <> 'unknown' THEN timestamptz '\(time)' + interval '1 second' END
        FROM token_purchases WHERE purchase_reference_id = '\(reference)';
        """
    }

    private static let attempts =
        attempt(sold, 1, "2026-11-20T10:00:01Z", "'soft_decline'", "'insufficient_funds'", "'pi_0'")
        + attempt(sold, 2, "2026-11-20T10:00:05Z", "'succeeded'", "NULL", "'pi_1'")
        + attempt(unknown, 1, "2026-11-20T11:00:01Z", "'unknown'", "'timeout'", "NULL")
        + attempt(parked, 1, "2026-11-20T12:00:01Z", "'unknown'", "NULL", "'pi_3'")
        + attempt(bare, 1, "2026-11-20T13:00:01Z", "'succeeded'", "NULL", "'pi_4'")
        + attempt(failed, 1, "2026-11-20T14:00:01Z", "'hard_decline'", "'lost_card'", "'pi_5'")

    private static func move(_ reference: String, _ change: String) -> String {
        "UPDATE token_purchases SET \(change) WHERE purchase_reference_id = '\(reference)';"
    }

    private static let moves =
        [sold, unknown, parked, bare, failed].map { move($0, "status = 'processing', phase = 'charging', attempts = 1") }.joined()
        + move(sold, "status = 'completed', phase = NULL, completed_at = '2026-11-20T10:00:06Z', gateway_transaction_id = 'pi_1'")
        + move(
            unknown,
            "phase = 'unknown', asks = 2, called_at = '2026-11-20T11:00:01Z', next_attempt_at = now() + interval '10 minutes'")
        + move(parked, "phase = 'parked', failure_reason = 'payment_mismatch', updated_at = '2026-11-20T12:30:00Z'")
        + move(bare, "status = 'completed', phase = NULL, completed_at = '2026-11-20T13:00:02Z', gateway_transaction_id = 'pi_4'")
        + move(failed, "status = 'failed', phase = NULL, failure_reason = 'lost_card', updated_at = '2026-11-20T14:00:02Z'")

    private static let documents = """
        INSERT INTO invoice_counters (series, year, last) VALUES ('INV', 2026, 0), ('CN', 2026, 0);
        UPDATE invoice_counters SET last = 1 WHERE series = 'INV';
        INSERT INTO invoices (number, year, count, purchase_id, organization_id, issued_at, seller, buyer, lines, taxes, net_amount,
            tax_amount, total_amount, currency, gateway, gateway_transaction_id, paid_at)
        VALUES ('INV-2026-000001', 2026, 1, 1, 'org-1', '2026-11-20T10:00:06Z', '{"name":"Seller Ltd","tax_id":"T-1"}',
            '{"name":"Sample Client","address":"1 High St","email":"pay@example.com"}',
            '[{"description":"Business","quantity":1,"unit_price":"225.00","tax_rate":"0.16","net_amount":"225.00"}]',
            '[{"rate":"0.16","base":"225.00","tax":"36.00"}]', 225, 36, 261, 'USD', 'stripe', 'pi_1', '2026-11-20T10:00:06Z');
        INSERT INTO token_balance_history (wallet_id, sequence, amount, balance_after, occurred_at, created_at, type, source, event_id, digest,
            purchase_reference_id)
        VALUES (1, 2, 500, 600, '2026-11-20T10:00:06Z', '2026-11-20T10:00:06Z', 'purchase', '/purser/cli', 'p1', sha256('a'), '\(sold)'),
            (1, 3, -100, 500, '2026-11-21T09:00:00Z', '2026-11-21T09:00:00Z', 'purchase_refund', '/purser/cli', 'r1', sha256('b'), '\(sold)');
        """

    private static let reversals = """
        INSERT INTO purchase_refunds (purchase_id, tokens, net_amount, tax_amount, total_amount, currency, gateway, gateway_transaction_id,
            taken_sequence, reason, actor, requested_at)
        VALUES (1, 100, 45, 7.2, 52.2, 'USD', 'stripe', 'pi_1', 3, 'not needed', 'operator:ada', '2026-11-21T09:00:00Z');
        UPDATE purchase_refunds SET status = 'sent', sent_at = '2026-11-21T09:00:01Z', gateway_refund_id = 're_1';
        UPDATE purchase_refunds SET status = 'succeeded', ended_at = '2026-11-21T09:00:02Z';
        UPDATE invoice_counters SET last = 1 WHERE series = 'CN';
        INSERT INTO credit_notes (number, year, count, invoice_number, refund_id, organization_id, issued_at, tokens, taxes, net_amount,
            tax_amount, total_amount, currency, reason)
        VALUES ('CN-2026-000001', 2026, 1, 'INV-2026-000001', 1, 'org-1', '2026-11-21T09:00:02Z', 100,
            '[{"rate":"0.16","base":"45.00","tax":"7.20"}]', 45, 7.2, 52.2, 'USD', 'not needed');
        UPDATE token_purchases SET status = 'partially_refunded', refunded_tokens = 100 WHERE id = 1;
        INSERT INTO purchase_disputes (purchase_id, gateway, gateway_dispute_id, amount, currency, reason, opened_at)
        VALUES (1, 'stripe', 'dp_1', 261, 'USD', 'fraudulent', '2026-11-22T09:00:00Z');
        """

    private static let others = """
        INSERT INTO gateway_events (gateway, event_id, type, object_id, body, received_at, deliveries, outcome, purchase_reference_id,
            processed_at)
        VALUES ('stripe', 'evt_1', 'payment_intent.succeeded', 'pi_1', '{}', '2026-11-20T10:00:08Z', 2, 'done', '\(sold)', now()),
            ('stripe', 'evt_2', 'charge.updated', 'pi_1', '{}', '2026-11-20T10:00:09Z', 1, 'ignored', NULL, now()),
            ('paystack', '1:charge.success', 'charge.success', '1', '{}', '2026-11-20T10:00:10Z', 1, 'unmatched', NULL, now());
        INSERT INTO token_packages (id, name, catalog, tokens, price, currency, is_active)
        VALUES ('retired', 'Retired', 'organization', 10, 5, 'USD', false);
        """
}
