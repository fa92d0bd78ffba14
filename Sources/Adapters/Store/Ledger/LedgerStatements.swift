import Postgres

enum LedgerStatements {
    /// One insert for all rows of a step. A second usage row of one identity breaks the unique index, so two steps that decide the same
    /// event at once cannot both commit: the loser repeats its batch and finds the row (`domain.md` 5.7).
    static let insert = Statement(
        "ledger_insert",
        """
        INSERT INTO token_balance_history
            (wallet_id, sequence, type, amount, balance_after, outcome, reason, source, event_id, service, quantity,
             purchase_reference_id, occurred_at, created_at, description, metadata, digest, draws, tokens)
        SELECT wallet_id, sequence, type, amount, balance_after, outcome, reason, source, event_id, service, quantity,
               purchase_reference_id, occurred_at, created_at, description, metadata::json, digest, draws, tokens
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::text[], $11::bigint[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[],
                    $17::bytea[], $18::text[], $19::bigint[])
            AS u (wallet_id, sequence, type, amount, balance_after, outcome, reason, source, event_id, service, quantity,
                  purchase_reference_id, occurred_at, created_at, description, metadata, digest, draws, tokens)
        """)

    /// The usage rows that have one of these identities, found through the unique index; after the wallets' lock, so that whatever another
    /// step decided about them is seen. The LIMIT makes the planner look up one identity after another: a plan that was made while the
    /// ledger was small, and that a session keeps, would otherwise read the whole index and compare each row with each identity.
    static let decided = Statement(
        "ledger_decided",
        """
        SELECT u.place, h.wallet_id, h.sequence, h.outcome, h.amount, h.reason, h.service, h.quantity, h.tokens
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (source, event_id, place)
        CROSS JOIN LATERAL (
            SELECT * FROM token_balance_history WHERE source = u.source AND event_id = u.event_id AND type = 'usage' LIMIT 1
        ) h
        """)
}
