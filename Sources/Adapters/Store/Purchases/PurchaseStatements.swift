import Postgres

enum PurchaseStatements {
    /// Which wallet has to be locked for a purchase. Not locked itself: whoever writes a purchase holds its wallet's lock.
    static let owner = Statement(
        "purchase_owner", "SELECT id, organization_id FROM token_purchases WHERE purchase_reference_id = $1")

    /// The same by the gateway's id: of the charge that completed it, of one that was given back, or of its page.
    static let ownerOfCharge = Statement(
        "purchase_owner_of_charge",
        """
        SELECT id, organization_id FROM token_purchases WHERE gateway = $1 AND gateway_transaction_id = $2
        UNION ALL
        SELECT p.id, p.organization_id FROM purchase_refunds r JOIN token_purchases p ON p.id = r.purchase_id
        WHERE r.gateway = $1 AND r.gateway_transaction_id = $2 AND r.automatic_reason IS NOT NULL
        UNION ALL
        SELECT p.id, p.organization_id FROM payment_attempts a JOIN token_purchases p ON p.id = a.purchase_id
        WHERE a.gateway = $1 AND a.key = $2
        LIMIT 1
        """)

    /// What a new purchase has to look at, found by one small index each: the unfinished ones of its scope, the one of its idempotency
    /// key, and the one that the same message began before.
    static let related = Statement(
        "purchases_related",
        """
        SELECT id, 'scope' FROM token_purchases
        WHERE wallet_id = $1 AND purchase_type = $2 AND status IN ('pending', 'processing')
        UNION ALL
        SELECT id, 'key' FROM token_purchases WHERE organization_id = $3 AND idempotency_key = $4
        UNION ALL
        SELECT id, 'request' FROM token_purchases WHERE request_source = $5 AND request_id = $6
        """)

    /// Everything about purchases, with the charges that were given back, their successors and their invoices. Their wallet is locked by
    /// the same transaction, so nobody changes them meanwhile. Of one moment, as under time travel, the one that was made later is the
    /// successor.
    static let load = Statement(
        "purchases_load",
        """
        SELECT p.id, p.organization_id, p.purchase_reference_id, p.wallet_id, p.purchase_type, p.subscription_id, p.period_start,
               p.tokens, p.currency, p.net_amount::text, p.tax_amount::text, p.total_amount::text, p.gateway, p.created_at,
               p.status, p.phase, p.attempts, p.called_at, p.repeats_attempt, p.slow_downs, p.asks, p.next_attempt_at, p.has_page,
               p.cancel_wished, p.closing, p.had_unknown_code, p.failure_reason, p.gateway_transaction_id, p.completed_at,
               p.refunded_tokens, p.status_before_dispute, p.line_description, p.line_quantity, p.line_unit_price::text,
               p.tax_rate::text, p.package_id, p.expiration_days, p.success_url, p.cancel_url, p.metadata::text, p.idempotency_key,
               p.content_digest, p.request_source, p.request_id, p.actor, p.payment_method_id, p.page_url, p.gateway_object_id,
               p.own_after, i.number,
               EXISTS (
                   SELECT FROM token_purchases o
                   WHERE o.wallet_id = p.wallet_id AND o.purchase_type = p.purchase_type AND o.completed_at >= p.called_at
                     AND (o.completed_at > p.called_at OR o.id > p.id) AND o.id <> p.id AND o.subscription_id IS NOT DISTINCT FROM p.subscription_id
                     AND o.period_start IS NOT DISTINCT FROM p.period_start
               ),
               ARRAY(
                   SELECT r.gateway_transaction_id FROM purchase_refunds r
                   WHERE r.purchase_id = p.id AND r.automatic_reason IS NOT NULL
               )
        FROM token_purchases p LEFT JOIN invoices i ON i.purchase_id = p.id
        WHERE p.id = ANY ($1)
        ORDER BY p.id
        """)

    static let insert = Statement(
        "purchase_insert",
        """
        INSERT INTO token_purchases (
            purchase_reference_id, wallet_id, organization_id, purchase_type, tokens, net_amount, tax_amount, total_amount, currency,
            gateway, metadata, created_at, line_description, line_quantity, line_unit_price, tax_rate, package_id, expiration_days,
            subscription_id, period_start, payment_method_id, success_url, cancel_url, idempotency_key, content_digest, request_source,
            request_id, actor, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6::numeric, $7::numeric, $8::numeric, $9, $10, $11, $12, $13, $14, $15::numeric, $16::numeric, $17,
            $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $12)
        RETURNING id
        """)

    /// By the primary key. No indexed column is set unless it changes, so most updates stay in their page.
    static let update = Statement(
        "purchase_update",
        """
        UPDATE token_purchases
        SET status = $2, phase = $3, attempts = $4, called_at = $5, repeats_attempt = $6, slow_downs = $7, asks = $8,
            next_attempt_at = $9, has_page = $10, cancel_wished = $11, closing = $12, had_unknown_code = $13, failure_reason = $14,
            gateway_transaction_id = $15, completed_at = $16, refunded_tokens = $17, status_before_dispute = $18,
            payment_method_id = $19, page_url = $20, gateway_object_id = $21, own_after = $22, updated_at = $23
        WHERE id = $1
        """)

    /// What is due, by the two partial indexes; ids go up, so a job goes on behind the last one.
    static let due = Statement(
        "purchases_due",
        """
        SELECT id, purchase_reference_id FROM token_purchases
        WHERE id > $2 AND (
            (status = 'processing' AND next_attempt_at IS NOT NULL AND next_attempt_at <= $1)
            OR (status = 'pending' AND created_at <= $1 - interval '24 hours'))
        ORDER BY id
        LIMIT $3
        """)
}
