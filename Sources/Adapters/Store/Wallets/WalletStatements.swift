import Postgres

/// The statements that load and store wallets and lots. Every step that touches a wallet locks its row first, in the order of the ids, so
/// that two steps never wait for one another in a circle; lots, holds and debts are protected by that lock and are not locked themselves.
///
/// Columns of a batch come as arrays that a SELECT list unnests side by side. The table function `FROM unnest(a, b, ...)` says the same,
/// but writes each column to a store of its own before the first row (`ops/migrations/README.md` has the figures). `OFFSET 0` keeps the
/// SELECT from being merged into the statement around it, where set-returning functions may not stand.
enum WalletStatements {
    static let begin = Statement("begin", "BEGIN")
    static let commit = Statement("commit", "COMMIT")

    /// Organizations that have no wallet yet are missing from the answer.
    static let find = Statement(
        "wallet_find", "SELECT organization_id, id FROM organization_token_wallets WHERE organization_id = ANY ($1)")

    /// The ids never change, so the sort before the lock makes one order for everybody (`mq-facts.md`, trap 12).
    static let lock = Statement(
        "wallet_lock",
        """
        SELECT id, organization_id, status, current_balance, held, overdraft_debt, overdraft_limit, overdraft_unlimited, total_purchased,
               total_spent, total_expired, total_refunded, trial_uses_left, monthly_allowance, next_monthly_allowance,
               allowance_month::timestamp AT TIME ZONE 'UTC', ledger_sequence, last_lot_id, has_coverage, updated_at, ledger_digest, ctid
        FROM organization_token_wallets
        WHERE id = ANY ($1)
        ORDER BY id
        FOR UPDATE
        """)

    /// A statement of its own after the lock: its snapshot is newer than the lock, so it sees what the step before has committed.
    /// `is_open` keeps spent lots out of the partial index; it changes only when a lot runs dry, so most updates stay HOT.
    static let openLots = Statement(
        "lots_open",
        """
        SELECT wallet_id, lot_id, granted, remaining, held, priority::bigint, kind = 'paid', effective_at, expires_at, created_at,
               expiry_posted, ctid
        FROM token_lots
        WHERE wallet_id = ANY ($1) AND is_open
        """)

    /// Lots by number, spent or not: those that a refund may return tokens to.
    static let lotsByNumber = Statement(
        "lots_by_number",
        """
        SELECT l.wallet_id, l.lot_id, l.granted, l.remaining, l.held, l.priority::bigint, l.kind = 'paid', l.effective_at, l.expires_at,
               l.created_at, l.expiry_posted, l.location
        FROM unnest($1::bigint[], $2::bigint[]) AS u (wallet_id, lot_id)
        CROSS JOIN LATERAL (
            SELECT *, ctid AS location FROM token_lots WHERE wallet_id = u.wallet_id AND lot_id = u.lot_id LIMIT 1
        ) l
        """)

    /// The lots of one purchase: the first, and those that came back from refunds and disputes. Found by the key's first column: a wallet
    /// has few lots, and an index on the reference would cost every new lot of the meter's.
    static let soldLots = Statement(
        "lots_sold",
        """
        SELECT wallet_id, lot_id, granted, remaining, held, priority::bigint, kind = 'paid', effective_at, expires_at, created_at,
               expiry_posted, ctid, net_amount::text, tax_amount::text, currency
        FROM token_lots
        WHERE wallet_id = $1 AND purchase_reference_id = $2 AND currency IS NOT NULL
        ORDER BY lot_id
        """)

    /// Only for wallets that have ever been covered.
    static let coverage = Statement(
        "coverage_of_wallets",
        """
        SELECT wallet_id, services, starts_at, ends_at FROM unlimited_coverage WHERE wallet_id = ANY ($1) ORDER BY wallet_id, coverage_id
        """)

    /// Only for wallets in debt; the oldest debit is repaid first (`domain.md` 3.6).
    static let openDebts = Statement(
        "debts_open",
        """
        SELECT wallet_id, sequence, overdrawn, outstanding FROM overdrawn_debits
        WHERE wallet_id = ANY ($1) AND is_open
        ORDER BY wallet_id, sequence
        """)

    /// Creates the wallets that are missing; the caller locks them afterwards. The digest before the first row is that of the
    /// organization id (`domain.md` 4.5), made by the database so that a wallet cannot begin with another.
    static let open = Statement(
        "wallet_open",
        """
        INSERT INTO organization_token_wallets
            (organization_id, trial_uses_left, monthly_allowance, ledger_digest, created_at, updated_at)
        SELECT organization_id, $2, $3, sha256(convert_to(organization_id, 'UTF8')), $4, $4
        FROM unnest($1::text[]) AS u (organization_id)
        ON CONFLICT (organization_id) DO NOTHING
        RETURNING organization_id
        """)

    /// The counters of a wallet; no column here is indexed, so the update stays on its page (HOT).
    ///
    /// Rows are found by their location, which cannot change while we hold their lock: no index is searched a second time, and no plan can
    /// turn out wrong because it was made while the tables were small. The difference of the ids, which no index serves, is the proof that
    /// it is the right row.
    static let update = Statement(
        "wallet_update",
        """
        UPDATE organization_token_wallets w
        SET current_balance = u.balance, held = u.held, overdraft_debt = u.debt, total_purchased = u.purchased, total_spent = u.spent,
            total_expired = u.expired, total_refunded = u.refunded, trial_uses_left = u.trials, allowance_month = (u.month AT TIME ZONE 'UTC')::date,
            ledger_sequence = u.sequence, ledger_digest = u.digest, last_lot_id = u.last_lot, updated_at = u.updated_at
        FROM (
            SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS balance, unnest($3::bigint[]) AS held,
                   unnest($4::bigint[]) AS debt, unnest($5::bigint[]) AS purchased, unnest($6::bigint[]) AS spent,
                   unnest($7::bigint[]) AS expired, unnest($8::bigint[]) AS refunded, unnest($9::bigint[]) AS trials,
                   unnest($10::timestamptz[]) AS month, unnest($11::bigint[]) AS sequence, unnest($12::bytea[]) AS digest,
                   unnest($13::bigint[]) AS last_lot, unnest($14::timestamptz[]) AS updated_at, unnest($15::tid[]) AS location
            OFFSET 0
        ) u
        WHERE w.ctid = u.location AND w.id - u.id = 0
        """)

    /// The same for wallets that were only debited: what this leaves alone need not travel. Most updates are of this kind.
    static let updateDebited = Statement(
        "wallet_update_debited",
        """
        UPDATE organization_token_wallets w
        SET current_balance = u.balance, total_spent = u.spent, ledger_sequence = u.sequence, ledger_digest = u.digest,
            updated_at = u.updated_at
        FROM (
            SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS balance, unnest($3::bigint[]) AS spent,
                   unnest($4::bigint[]) AS sequence, unnest($5::bytea[]) AS digest, unnest($6::timestamptz[]) AS updated_at,
                   unnest($7::tid[]) AS location
            OFFSET 0
        ) u
        WHERE w.ctid = u.location AND w.id - u.id = 0
        """)

    /// What only commands change.
    static let updateSettings = Statement(
        "wallet_update_settings",
        """
        UPDATE organization_token_wallets w
        SET status = u.status, overdraft_limit = u.overdraft_limit, overdraft_unlimited = u.unlimited, has_coverage = u.has_coverage
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::boolean[], $5::boolean[])
            AS u (id, status, overdraft_limit, unlimited, has_coverage)
        WHERE w.id = u.id
        """)

    /// Once a month per wallet at most, or by a command.
    static let updateAllowances = Statement(
        "wallet_update_allowances",
        """
        UPDATE organization_token_wallets w
        SET monthly_allowance = u.allowance, next_monthly_allowance = u.next_allowance
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (id, allowance, next_allowance)
        WHERE w.id = u.id
        """)

    static let updateLots = Statement(
        "lots_update",
        """
        UPDATE token_lots l
        SET remaining = u.remaining, held = u.held, is_open = u.remaining > 0, expiry_posted = u.expiry_posted
        FROM (
            SELECT unnest($1::bigint[]) AS wallet_id, unnest($2::bigint[]) AS lot_id, unnest($3::bigint[]) AS remaining,
                   unnest($4::bigint[]) AS held, unnest($5::boolean[]) AS expiry_posted, unnest($6::tid[]) AS location
            OFFSET 0
        ) u
        WHERE l.ctid = u.location AND l.wallet_id - u.wallet_id = 0 AND l.lot_id - u.lot_id = 0
        """)

    static let insertLots = Statement(
        "lots_insert",
        """
        INSERT INTO token_lots
            (wallet_id, lot_id, granted, remaining, held, is_open, priority, kind, effective_at, expires_at, expiry_posted, origin,
             origin_sequence, description, created_at, net_amount, tax_amount, currency, purchase_reference_id)
        SELECT wallet_id, lot_id, granted, remaining, held, remaining > 0, priority, kind, effective_at, expires_at, expiry_posted, origin,
               origin_sequence, description, created_at, net_amount::numeric, tax_amount::numeric, currency, reference
        FROM (
            SELECT unnest($1::bigint[]) AS wallet_id, unnest($2::bigint[]) AS lot_id, unnest($3::bigint[]) AS granted,
                   unnest($4::bigint[]) AS remaining, unnest($5::bigint[]) AS held, unnest($6::smallint[]) AS priority,
                   unnest($7::text[]) AS kind, unnest($8::timestamptz[]) AS effective_at, unnest($9::timestamptz[]) AS expires_at,
                   unnest($10::boolean[]) AS expiry_posted, unnest($11::text[]) AS origin, unnest($12::bigint[]) AS origin_sequence,
                   unnest($13::text[]) AS description, unnest($14::timestamptz[]) AS created_at, unnest($15::text[]) AS net_amount,
                   unnest($16::text[]) AS tax_amount, unnest($17::text[]) AS currency, unnest($18::text[]) AS reference
            OFFSET 0
        ) u
        """)

    static let insertDebts = Statement(
        "debts_insert",
        """
        INSERT INTO overdrawn_debits (wallet_id, sequence, overdrawn, outstanding)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
        """)

    static let updateDebts = Statement(
        "debts_update",
        """
        UPDATE overdrawn_debits d SET outstanding = u.outstanding
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (wallet_id, sequence, outstanding)
        WHERE d.wallet_id = u.wallet_id AND d.sequence = u.sequence
        """)

    /// Insert-only (`domain.md` 3.6). `cause_sequence` is the newest ledger row when the tokens were taken.
    static let insertRepayments = Statement(
        "repayments_insert",
        """
        INSERT INTO debt_repayments (wallet_id, debit_sequence, lot_id, tokens, cause, cause_sequence, created_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::timestamptz[])
        """)
}
