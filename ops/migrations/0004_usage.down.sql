BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP TABLE IF EXISTS token_holds;
DROP TABLE IF EXISTS unlimited_coverage;
DROP TABLE IF EXISTS usage_refusals;
DROP TABLE IF EXISTS system_settings;
DROP TABLE IF EXISTS service_rates;

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 4; END IF;
END $$;
COMMIT;
