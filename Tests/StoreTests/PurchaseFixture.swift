/// A completed purchase of wallet 1 with everything that hangs on one, made by the owner, beside `RuleFixture`.
enum PurchaseFixture {
    static let reference = "REF-AAAAAAAAAAAAAAAAAAAAAAAAAA"

    static let sql =
        """

        INSERT INTO payment_methods (id, organization_id, gateway, reference) VALUES ('pm-1', 'org-1', 'stripe', 'pm_card_visa');
        """ + newPurchase() + ";"
            + """

            INSERT INTO payment_attempts (purchase_id, attempt, gateway, key, amount, currency) VALUES (1, 1, 'stripe', 'k1', 116, 'USD');
            UPDATE token_purchases SET status = 'processing', phase = 'charging' WHERE id = 1;
            UPDATE token_purchases SET status = 'completed', phase = NULL, completed_at = now(), gateway_transaction_id = 'pi_1' WHERE id = 1;
            INSERT INTO invoice_counters (series, year, last) VALUES ('INV', 2026, 0), ('CN', 2026, 0);
            UPDATE invoice_counters SET last = 1;
            """ + newInvoice(count: 1) + ";" + newRefund() + ";" + newCreditNote(count: 1) + ";"
            + """

            INSERT INTO purchase_taken_parts (refund_id, lot_id, tokens, net_amount, tax_amount, priority) VALUES (1, 1, 10, 10, 1.6, 50);
            INSERT INTO purchase_disputes (purchase_id, gateway, gateway_dispute_id, amount, currency) VALUES (1, 'stripe', 'dp_1', 116, 'USD');
            INSERT INTO gateway_events (gateway, event_id, type, body) VALUES ('stripe', 'evt_1', 'payment_intent.succeeded', '{}');
            INSERT INTO token_subscriptions (organization_id, plan_id, frequency) VALUES ('org-1', 'plan', 'monthly');
            """

    /// A purchase of 100 tokens, pending, with what a test wants to be different.
    static func newPurchase(
        reference: String = "'\(PurchaseFixture.reference)'", type: String = "'one_time'", tokens: String = "100", net: String = "100",
        tax: String = "16", total: String = "116", currency: String = "'USD'", gateway: String = "'stripe'", status: String = "'pending'",
        more: String = "", values: String = ""
    ) -> String {
        """
        INSERT INTO token_purchases (purchase_reference_id, wallet_id, organization_id, purchase_type, status, tokens, net_amount,
                tax_amount, total_amount, currency, gateway, line_description, line_quantity, line_unit_price, tax_rate, content_digest\(more))
            VALUES (\(reference), 1, 'org-1', \(type), \(status), \(tokens), \(net), \(tax), \(total), \(currency), \(gateway), 'Tokens', 1,
                100, 0.16, sha256('p')\(values))
        """
    }

    static func newRefund(status: String = "requested", tokens: Int = 10, total: String = "11.6", more: String = "", values: String = "")
        -> String
    {
        """
        INSERT INTO purchase_refunds (purchase_id, status, tokens, net_amount, tax_amount, total_amount, currency, gateway,
                gateway_transaction_id, taken_sequence\(more))
            VALUES (1, '\(status)', \(tokens), 10, 1.6, \(total), 'USD', 'stripe', 'pi_1', \(tokens > 0 ? "3" : "NULL")\(values))
        """
    }

    static func newInvoice(count: Int, number: String? = nil, purchase: Int = 1) -> String {
        """
        INSERT INTO invoices (number, year, count, purchase_id, organization_id, issued_at, seller, buyer, lines, taxes, net_amount,
                tax_amount, total_amount, currency, gateway, gateway_transaction_id, paid_at)
            VALUES ('\(number ?? "INV-2026-00000\(count)")', 2026, \(count), \(purchase), 'org-1', '2026-11-25T00:00:00Z', '{}', '{}', '[]', '[]',
                100, 16, 116, 'USD', 'stripe', 'pi_1', now())
        """
    }

    static func newCreditNote(count: Int, refund: Int = 1) -> String {
        """
        INSERT INTO credit_notes (number, year, count, invoice_number, refund_id, organization_id, issued_at, tokens, taxes, net_amount,
                tax_amount, total_amount, currency)
            VALUES ('CN-2026-00000\(count)', 2026, \(count), 'INV-2026-000001', \(refund), 'org-1', '2026-11-25T00:00:00Z', 10, '[]', 10, 1.6,
                11.6, 'USD')
        """
    }

    static func purchase(_ change: String) -> String { "UPDATE token_purchases SET \(change) WHERE id = 1" }

    /// What no program may change or remove (`domain.md` 7.2).
    static let fixed =
        [
            "purchase_reference_id = 'REF-BBBBBBBBBBBBBBBBBBBBBBBBBB'", "organization_id = 'org-2'", "purchase_type = 'auto_topup'",
            "tokens = 1", "net_amount = 1", "tax_amount = 1", "total_amount = 1", "currency = 'EUR'", "gateway = 'paystack'",
            "metadata = '{}'", "created_at = now()", "idempotency_key = 'k'", "line_unit_price = 1",
        ].map(purchase) + [
            "DELETE FROM token_purchases", "TRUNCATE token_purchases CASCADE", "DELETE FROM payment_attempts",
            "UPDATE payment_attempts SET key = 'other'", "UPDATE payment_attempts SET amount = 1", "DELETE FROM payment_methods",
            "UPDATE payment_methods SET reference = 'other'", "UPDATE payment_methods SET organization_id = 'org-2'",
            "UPDATE purchase_refunds SET total_amount = 1", "DELETE FROM purchase_refunds", "DELETE FROM purchase_disputes",
            "UPDATE purchase_disputes SET amount = 1", "DELETE FROM invoice_counters", "UPDATE gateway_events SET body = ''",
            "INSERT INTO token_subscriptions (organization_id, plan_id, frequency) VALUES ('o', 'p', 'monthly')",
        ]
}
