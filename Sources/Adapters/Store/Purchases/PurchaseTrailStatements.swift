import Postgres

/// What people ask about one purchase. They wait for it, so no index is kept up for them alone.
enum PurchaseTrailStatements {
    static let documents = Statement(
        "trail_documents",
        """
        SELECT p.updated_at, i.number, i.issued_at
        FROM token_purchases p LEFT JOIN invoices i ON i.purchase_id = p.id
        WHERE p.id = $1
        """)

    /// The columns of `attempt_find`, and the outcome behind them.
    static let attempts = Statement(
        "trail_attempts",
        """
        SELECT purchase_id, attempt, gateway, key, payment_method_id, amount::text, currency, started_at, request_source, request_id,
               outcome, code, gateway_object_id, ended_at
        FROM payment_attempts WHERE purchase_id = $1 ORDER BY attempt
        """)

    /// The columns of `dispute_find`.
    static let disputes = Statement(
        "trail_disputes",
        """
        SELECT id, purchase_id, gateway, gateway_dispute_id, status, amount::text, currency, reason, taken_sequence, returned_sequence,
               opened_at, withdrawn_at, ended_at
        FROM purchase_disputes WHERE purchase_id = $1 ORDER BY id
        """)

    static let creditNotes = Statement(
        "trail_credit_notes",
        """
        SELECT c.number, c.refund_id, c.issued_at, c.tokens, c.total_amount::text
        FROM purchase_refunds r JOIN credit_notes c ON c.refund_id = r.id
        WHERE r.purchase_id = $1 ORDER BY c.year, c.count
        """)

    /// Also those that billing did not connect with it: about an object of its attempts, or about its charge. None came before it was
    /// made, so the index on the moment of arrival leaves the older ones out; a day is more than clocks differ by.
    static let webhooks = Statement(
        "trail_webhooks",
        """
        SELECT e.gateway, e.event_id, e.type, e.object_id, e.received_at, e.deliveries, e.outcome, e.detail, e.purchase_reference_id,
               e.processed_at
        FROM token_purchases p JOIN gateway_events e
          ON e.received_at >= p.created_at - interval '1 day'
         AND (e.purchase_reference_id = p.purchase_reference_id
              OR (e.gateway = p.gateway
                  AND (e.object_id = p.gateway_transaction_id
                       OR e.object_id IN (
                           SELECT unnest(ARRAY[a.key, a.gateway_object_id]) FROM payment_attempts a WHERE a.purchase_id = p.id
                       ))))
        WHERE p.id = $1
        ORDER BY e.received_at, e.event_id
        """)

    /// The ledger has no index on references: the meter would pay for it. Its BRIN on the moment leaves out what is older.
    static let ledger = Statement(
        "trail_ledger",
        """
        SELECT h.sequence, h.type, h.amount, h.balance_after, h.created_at
        FROM token_purchases p JOIN token_balance_history h
          ON h.wallet_id = p.wallet_id AND h.purchase_reference_id = p.purchase_reference_id
         AND h.created_at >= p.created_at - interval '1 day'
        WHERE p.id = $1
        ORDER BY h.sequence
        """)
}
