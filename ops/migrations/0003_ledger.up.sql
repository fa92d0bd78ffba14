-- The ledger, what stands beside its rows, and its checkpoints.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

-- One row for every change of a balance (domain.md 4). One table, never partitioned, never pruned; two B-trees and a BRIN and
-- no more, because each further index costs a tenth of the meter's speed; no foreign key, for the same reason: the writer
-- holds the wallet's row lock. Columns are ordered for short rows; the digest takes them in the contract's order.
CREATE TABLE token_balance_history (
    wallet_id             bigint      NOT NULL,
    sequence              bigint      NOT NULL,
    amount                bigint      NOT NULL,
    balance_after         bigint      NOT NULL,
    occurred_at           timestamptz NOT NULL,
    created_at            timestamptz NOT NULL DEFAULT now(),
    quantity              bigint,
    -- The event's own tokens (pass-through services); not part of the digest, but of the event's content.
    tokens                bigint,
    type                  text        COLLATE "C" NOT NULL,
    outcome               text        COLLATE "C",
    source                text        COLLATE "C" NOT NULL,
    event_id              text        COLLATE "C" NOT NULL,
    service               text        COLLATE "C",
    -- Which lots paid how much: lot:tokens comma-joined in the order drawn, overdraft as debt:tokens (domain.md 3.7, 4.5).
    draws                 text        COLLATE "C" NOT NULL DEFAULT '',
    digest                bytea       NOT NULL,
    reason                text,
    description           text,
    purchase_reference_id text        COLLATE "C",
    -- json, not jsonb: kept as it was received.
    metadata              json,
    PRIMARY KEY (wallet_id, sequence),
    CONSTRAINT token_balance_history_sequence_check CHECK (sequence >= 1),
    CONSTRAINT token_balance_history_digest_check CHECK (octet_length(digest) = 32),
    CONSTRAINT token_balance_history_type_check CHECK (type IN (
        'usage', 'purchase', 'grant', 'usage_refund', 'purchase_refund', 'dispute', 'expiry', 'adjustment', 'allowance')),
    CONSTRAINT token_balance_history_outcome_check CHECK (
        CASE WHEN type <> 'usage' THEN outcome IS NULL
             ELSE outcome IS NOT NULL AND service IS NOT NULL
                  AND outcome IN ('debited', 'overdrawn', 'rejected', 'covered', 'trial', 'shadow') END),
    CONSTRAINT token_balance_history_amount_check CHECK (
        CASE type
            WHEN 'usage' THEN CASE outcome WHEN 'debited' THEN amount <= 0 WHEN 'overdrawn' THEN amount < 0 ELSE amount = 0 END
            WHEN 'usage_refund' THEN amount >= 0
            WHEN 'expiry' THEN amount < 0
            WHEN 'purchase' THEN amount > 0
            WHEN 'grant' THEN amount > 0
            WHEN 'allowance' THEN amount > 0
            ELSE amount <> 0
        END),
    -- A capture that came after the sweep says late (domain.md 6.5), a debit into an unlimited overdraft asks for review (W5).
    -- Other types carry a person's words.
    CONSTRAINT token_balance_history_reason_check CHECK (
        CASE WHEN type <> 'usage' THEN true
             WHEN outcome = 'rejected' THEN reason IS NOT NULL
                  AND reason IN ('insufficient_tokens', 'wallet_suspended', 'late,insufficient_tokens', 'late,wallet_suspended')
             WHEN outcome = 'overdrawn' THEN reason IS NULL OR reason IN ('late', 'review', 'late,review')
             ELSE reason IS NULL OR reason = 'late' END),
    CONSTRAINT token_balance_history_quantity_check CHECK (quantity > 0 AND tokens >= 0)
) WITH (
    -- Inserts only: the vacuum sets the visibility map and freezes, at a pace that does not grow with the table.
    autovacuum_vacuum_insert_threshold = 1000000,
    autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_analyze_threshold = 50000,
    autovacuum_analyze_scale_factor = 0.05
);
CREATE UNIQUE INDEX token_balance_history_event ON token_balance_history (source, event_id) WHERE type = 'usage';
CREATE INDEX token_balance_history_created ON token_balance_history USING brin (created_at) WITH (pages_per_range = 64);
COMMENT ON TABLE token_balance_history IS 'Purser: the ledger, insert-only (domain.md 4)';

-- Nobody changes a row of an insert-only table, whatever rights he was given. Superusers are let through: they can switch triggers off
-- anyway, and `purser ledger verify` is there to find what they did.
CREATE FUNCTION purser_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('is_superuser') = 'on' THEN RETURN NULL; END IF;
    RAISE EXCEPTION '% of % is refused: the table accepts only inserts', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;

CREATE TRIGGER token_balance_history_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON token_balance_history
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();

-- Refuses a sequence that jumps or restarts, and a balance that is not the one before plus the amount (domain.md 3.8, 4.3).
-- Once per statement: rows of one wallet must follow one another, and the first must follow the wallet, which still says
-- where its ledger stood before: so ledger rows are written first and the wallet is updated after that, under its lock.
-- The row before in the ledger itself is looked up for some 64 rows of a statement, picked by chance where there are more: each lies on a
-- page of its own, long out of the caches. So whoever moves a wallet's sequence without a row is caught at once by hand, and sooner or
-- later within a batch. For 2,000 rows over 1,800 wallets (processor time, median of 120 batches, README.md) the insert alone takes 14.1 ms, with
-- this check 17.6 ms, with a look into the ledger for every wallet 22.2 ms.
-- The planner setting holds inside the function: its plans are kept by the session, and one that was made while a table was
-- empty must not read the whole of it later.
CREATE FUNCTION purser_check_ledger_rows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    broken record;
    share  bigint;
    lot    bigint;
BEGIN
    IF current_setting('is_superuser') = 'on' THEN RETURN NULL; END IF;
    SELECT s.wallet_id, s.sequence INTO broken
    FROM (
        SELECT n.wallet_id, n.sequence, n.amount, n.balance_after,
               lag(n.sequence) OVER w AS sequence_before, lag(n.balance_after) OVER w AS balance_before
        FROM inserted n
        WINDOW w AS (PARTITION BY n.wallet_id ORDER BY n.sequence)
    ) s
    WHERE CASE WHEN s.sequence_before IS NOT NULL
        THEN s.sequence <> s.sequence_before + 1 OR s.balance_after - s.amount <> s.balance_before
        ELSE s.balance_after - s.amount IS DISTINCT FROM (
            SELECT w.current_balance FROM organization_token_wallets w
            WHERE w.id = s.wallet_id AND w.ledger_sequence = s.sequence - 1)
    END
    LIMIT 1;
    IF NOT FOUND THEN
        share := (SELECT count(*) / 64 + 1 FROM inserted);
        lot := floor(random() * share);
        SELECT n.wallet_id, n.sequence INTO broken
        FROM inserted n
        WHERE (n.wallet_id + n.sequence) % share = lot AND n.balance_after - n.amount IS DISTINCT FROM CASE WHEN n.sequence = 1 THEN 0 ELSE (
            SELECT p.balance_after FROM token_balance_history p
            WHERE p.wallet_id = n.wallet_id AND p.sequence = n.sequence - 1) END
        LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger row % of wallet % does not follow the one before it', broken.sequence, broken.wallet_id
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA,
                  CONSTRAINT = 'token_balance_history_follows';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER token_balance_history_follows AFTER INSERT ON token_balance_history
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION purser_check_ledger_rows();

-- A row per wallet at the moment of each checkpoint; what the chain was then can be compared for ever.
CREATE TABLE ledger_checkpoints (
    taken_at  timestamptz NOT NULL,
    wallet_id bigint      NOT NULL,
    sequence  bigint      NOT NULL CHECK (sequence >= 0),
    balance   bigint      NOT NULL,
    digest    bytea       NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (taken_at, wallet_id)
);
CREATE TRIGGER ledger_checkpoints_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
COMMENT ON TABLE ledger_checkpoints IS 'Purser: where every wallet''s chain stood, day by day, insert-only (domain.md 4.5)';

-- Debits that reached into the overdraft, and how much of each is not repaid yet. `is_open` follows from the figure, so that
-- the index on it does not take part in every repayment. No table refers to the ledger by a foreign key: its check would lock,
-- and so write to, the ledger's rows.
CREATE TABLE overdrawn_debits (
    wallet_id   bigint  NOT NULL,
    sequence    bigint  NOT NULL,
    overdrawn   bigint  NOT NULL,
    outstanding bigint  NOT NULL,
    is_open     boolean GENERATED ALWAYS AS (outstanding > 0) STORED,
    PRIMARY KEY (wallet_id, sequence),
    CONSTRAINT overdrawn_debits_amount_check CHECK (overdrawn > 0 AND outstanding >= 0 AND outstanding <= overdrawn)
) WITH (fillfactor = 80, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX overdrawn_debits_open ON overdrawn_debits (wallet_id, sequence) WHERE is_open;
COMMENT ON TABLE overdrawn_debits IS 'Purser: debits that reached into the overdraft (domain.md 3.6)';

-- Tokens of a lot that repaid a debit; a refund that gives them back to the lot is a negative row.
CREATE TABLE debt_repayments (
    id             bigint      GENERATED ALWAYS AS IDENTITY,
    wallet_id      bigint      NOT NULL,
    debit_sequence bigint      NOT NULL,
    lot_id         bigint      NOT NULL,
    tokens         bigint      NOT NULL,
    -- The ledger row that freed the tokens; none when a lot merely started.
    cause_sequence bigint,
    created_at     timestamptz NOT NULL DEFAULT now(),
    cause          text        COLLATE "C" NOT NULL,
    PRIMARY KEY (wallet_id, debit_sequence, id),
    FOREIGN KEY (wallet_id, debit_sequence) REFERENCES overdrawn_debits (wallet_id, sequence),
    FOREIGN KEY (wallet_id, lot_id) REFERENCES token_lots (wallet_id, lot_id),
    CONSTRAINT debt_repayments_cause_check CHECK (cause IN ('credit', 'release', 'start', 'refund')),
    CONSTRAINT debt_repayments_tokens_check CHECK (CASE WHEN cause = 'refund' THEN tokens < 0 ELSE tokens > 0 END)
);
CREATE TRIGGER debt_repayments_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON debt_repayments
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
COMMENT ON TABLE debt_repayments IS 'Purser: which lot repaid which overdrawn debit, insert-only (domain.md 3.6)';

-- Which ledger row gave back how much of which debit. The draws of the refund stand in its own ledger row.
CREATE TABLE token_usage_refunds (
    wallet_id       bigint NOT NULL,
    debit_sequence  bigint NOT NULL,
    refund_sequence bigint NOT NULL,
    -- 0 for a trial use that was given back.
    tokens          bigint NOT NULL CHECK (tokens >= 0),
    PRIMARY KEY (wallet_id, debit_sequence, refund_sequence),
    CONSTRAINT token_usage_refunds_order_check CHECK (refund_sequence > debit_sequence)
);
CREATE TRIGGER token_usage_refunds_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON token_usage_refunds
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
COMMENT ON TABLE token_usage_refunds IS 'Purser: which refund belongs to which debit, insert-only (domain.md 5.8)';

-- For readers of other shapes (domain.md 2).
CREATE VIEW token_transactions AS
    SELECT w.organization_id, h.wallet_id, h.sequence, h.type, h.amount, h.balance_after, h.outcome, h.reason, h.source, h.event_id,
           h.service, h.quantity, h.purchase_reference_id, h.occurred_at, h.created_at, h.description, h.metadata, h.digest
    FROM token_balance_history h
    JOIN organization_token_wallets w ON w.id = h.wallet_id;
COMMENT ON VIEW token_transactions IS 'Purser: the ledger with its organization';

-- By the event's own day (UTC): usage that was served, and the tokens that it cost.
CREATE VIEW token_usage_summary AS
    SELECT w.organization_id, h.service, (h.occurred_at AT TIME ZONE 'UTC')::date AS day,
           count(*) AS events, (-sum(h.amount))::bigint AS tokens
    FROM token_balance_history h
    JOIN organization_token_wallets w ON w.id = h.wallet_id
    WHERE h.type = 'usage' AND h.outcome <> 'rejected'
    GROUP BY w.organization_id, h.service, (h.occurred_at AT TIME ZONE 'UTC')::date;
COMMENT ON VIEW token_usage_summary IS 'Purser: use per organization, service and day';

GRANT SELECT ON token_balance_history, overdrawn_debits, debt_repayments, token_usage_refunds
    TO purser_meter, purser_billing, purser_operator, purser_auditor;
GRANT SELECT ON ledger_checkpoints, token_transactions, token_usage_summary TO purser_operator, purser_auditor;
GRANT INSERT ON token_balance_history, debt_repayments TO purser_meter, purser_billing;
GRANT INSERT ON overdrawn_debits, token_usage_refunds TO purser_meter;
GRANT UPDATE (outstanding) ON overdrawn_debits TO purser_meter, purser_billing;
REVOKE ALL ON FUNCTION purser_refuse_change(), purser_check_ledger_rows() FROM PUBLIC;

INSERT INTO purser_migrations (version, name, checksum) VALUES (3, 'ledger', nullif(current_setting('purser.checksum', true), ''));
COMMIT;
