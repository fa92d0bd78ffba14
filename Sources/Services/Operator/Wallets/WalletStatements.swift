import Postgres

/// What the command line asks of the tables of wallets. Nothing here locks, and nothing is fast for its own sake: people wait for it.
enum WalletStatements {
    /// Usable figures come from the open lots, through their partial index: a lot counts once it has begun, until its end.
    static let list = Statement(
        "operator_wallet_list",
        """
        SELECT * FROM (
            SELECT w.organization_id, w.status, coalesce(l.own, 0)::bigint - w.overdraft_debt AS balance,
                coalesce(l.free, 0)::bigint
                    + CASE WHEN w.overdraft_unlimited THEN 0 ELSE w.overdraft_limit - w.overdraft_debt END AS available,
                w.held, w.overdraft_debt, w.total_spent, w.current_balance
            FROM organization_token_wallets w
            LEFT JOIN LATERAL (
                SELECT sum(remaining) AS own, sum(remaining - held) AS free FROM token_lots
                WHERE wallet_id = w.id AND is_open AND effective_at <= now() AND NOT expiry_posted
                    AND (expires_at IS NULL OR now() < expires_at)
            ) l ON true
            WHERE ($1::text IS NULL OR w.status = $1) AND ($3::text IS NULL OR w.organization_id > $3::text COLLATE "C")
        ) AS wallets
        WHERE $2::bigint IS NULL OR available < $2
        ORDER BY organization_id COLLATE "C"
        LIMIT $4
        """)

    /// One pass over the wallets.
    static let figures = Statement(
        "operator_wallet_figures",
        """
        SELECT count(*), coalesce(avg(current_balance), 0)::bigint, coalesce(min(current_balance), 0), coalesce(max(current_balance), 0),
            coalesce(sum(current_balance), 0)::bigint
        FROM organization_token_wallets
        """)

    static let wallet = Statement(
        "operator_wallet",
        """
        SELECT w.id, w.status, w.current_balance, w.held, w.overdraft_debt, w.overdraft_limit, w.overdraft_unlimited, w.trial_uses_left,
            w.monthly_allowance, w.next_monthly_allowance, w.total_purchased, w.total_spent, w.total_expired, w.total_refunded,
            w.ledger_sequence, w.created_at, w.updated_at, c.name, c.billing_address, c.tax_id, c.email
        FROM organization_token_wallets w LEFT JOIN wallet_contacts c ON c.wallet_id = w.id
        WHERE w.organization_id = $1
        """)

    /// In burn order (domain.md 3.3), so that the first line is what pays next.
    static let lots = Statement(
        "operator_wallet_lots",
        """
        SELECT lot_id, kind, origin, granted, remaining, held, priority::bigint, effective_at, expires_at,
            effective_at <= now() AND NOT expiry_posted AND (expires_at IS NULL OR now() < expires_at)
        FROM token_lots WHERE wallet_id = $1 AND (is_open OR held > 0)
        ORDER BY priority, expires_at NULLS LAST, kind = 'paid', effective_at, created_at, lot_id
        LIMIT 100
        """)

    /// What has ended is history.
    static let covers = Statement(
        "operator_wallet_covers",
        """
        SELECT services, starts_at, ends_at, origin FROM unlimited_coverage
        WHERE wallet_id = $1 AND (ends_at IS NULL OR now() < ends_at) ORDER BY starts_at, coverage_id LIMIT 100
        """)

    static let holds = Statement(
        "operator_wallet_holds",
        """
        SELECT hold_id, service, outcome, tokens, placed_at, ends_at FROM token_holds
        WHERE wallet_id = $1 AND status = 'open' ORDER BY ends_at LIMIT 100
        """)

    /// The newest rows, by the primary key read backwards.
    static let ledger = Statement(
        "operator_wallet_ledger",
        """
        SELECT sequence, type, amount, balance_after, outcome, reason, service, source, event_id, occurred_at, created_at
        FROM token_balance_history WHERE wallet_id = $1 ORDER BY sequence DESC LIMIT $2
        """)
}
