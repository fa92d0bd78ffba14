BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP FUNCTION IF EXISTS purser_drop_audit_partitions(timestamptz, integer);
DROP FUNCTION IF EXISTS purser_create_audit_partitions(timestamptz, integer);
DROP TABLE IF EXISTS token_audit_logs;

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 6; END IF;
END $$;
COMMIT;
