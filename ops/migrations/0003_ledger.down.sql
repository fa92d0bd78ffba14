BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP VIEW IF EXISTS token_usage_summary;
DROP VIEW IF EXISTS token_transactions;
DROP TABLE IF EXISTS token_usage_refunds;
DROP TABLE IF EXISTS debt_repayments;
DROP TABLE IF EXISTS overdrawn_debits;
DROP TABLE IF EXISTS ledger_checkpoints;
DROP TABLE IF EXISTS token_balance_history;
DROP FUNCTION IF EXISTS purser_check_ledger_rows();
DROP FUNCTION IF EXISTS purser_refuse_change();

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 3; END IF;
END $$;
COMMIT;
