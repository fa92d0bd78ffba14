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
        FROM (
            SELECT unnest($1::bigint[]) AS wallet_id, unnest($2::bigint[]) AS sequence, unnest($3::text[]) AS type,
                   unnest($4::bigint[]) AS amount, unnest($5::bigint[]) AS balance_after, unnest($6::text[]) AS outcome,
                   unnest($7::text[]) AS reason, unnest($8::text[]) AS source, unnest($9::text[]) AS event_id,
                   unnest($10::text[]) AS service, unnest($11::bigint[]) AS quantity, unnest($12::text[]) AS purchase_reference_id,
                   unnest($13::timestamptz[]) AS occurred_at, unnest($14::timestamptz[]) AS created_at,
                   unnest($15::text[]) AS description, unnest($16::text[]) AS metadata, unnest($17::bytea[]) AS digest,
                   unnest($18::text[]) AS draws, unnest($19::bigint[]) AS tokens
            OFFSET 0
        ) u
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
