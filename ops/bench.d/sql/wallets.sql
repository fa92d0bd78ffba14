-- Purser's wallets for a round, made in one step instead of by 10,000 requests: what billing.grant would leave behind, digests
-- included (domain.md 4.5), so that `purser ledger verify` holds at the end of a round.
SET client_min_messages = warning;
SET TimeZone = 'UTC';

CREATE FUNCTION pg_temp.field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value IS NULL THEN int4send(-1) ELSE int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') END
$$;
CREATE FUNCTION pg_temp.moment(value timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(epoch FROM value) * 1000000)::bigint::text
$$;

-- The wallet still says where its ledger stood before when the rows are written, as in every step.
INSERT INTO organization_token_wallets (id, organization_id, ledger_digest)
SELECT n, 'org-' || (n - 1),
       sha256(sha256(convert_to('org-' || (n - 1), 'UTF8'))
              || pg_temp.field(n::text) || pg_temp.field('1') || pg_temp.field('grant') || pg_temp.field('1000000000')
              || pg_temp.field('1000000000') || pg_temp.field(NULL) || pg_temp.field(NULL) || pg_temp.field('/bench/grants')
              || pg_temp.field(n::text) || pg_temp.field(NULL) || pg_temp.field(NULL) || pg_temp.field(NULL)
              || pg_temp.field(pg_temp.moment('2026-01-01')) || pg_temp.field(pg_temp.moment('2026-01-01'))
              || pg_temp.field(NULL) || pg_temp.field(NULL) || pg_temp.field(''))
FROM generate_series(1, :wallets) n;
SELECT setval(pg_get_serial_sequence('organization_token_wallets', 'id'), :wallets);

INSERT INTO token_balance_history (wallet_id, sequence, type, amount, balance_after, source, event_id, occurred_at, created_at, digest)
SELECT id, 1, 'grant', 1000000000, 1000000000, '/bench/grants', id::text, '2026-01-01', '2026-01-01', ledger_digest
FROM organization_token_wallets w ORDER BY w.id;

UPDATE organization_token_wallets SET current_balance = 1000000000, ledger_sequence = 1, last_lot_id = 1;

INSERT INTO token_lots (wallet_id, lot_id, granted, remaining, effective_at, created_at, kind, origin, origin_sequence)
SELECT id, 1, 1000000000, 1000000000, '2026-01-01', '2026-01-01', 'promotional', 'grant', 1
FROM organization_token_wallets w ORDER BY w.id;

INSERT INTO service_rates (service, effective_from, tokens_per_unit, created_at) VALUES ('bench.call', '2026-01-01', 1, '2026-01-01');
INSERT INTO system_settings (enabled, rates_version) VALUES (true, 1) ON CONFLICT DO NOTHING;
