BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP TABLE IF EXISTS token_lots;
DROP TABLE IF EXISTS wallet_contacts;
DROP TABLE IF EXISTS organization_token_wallets;

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 2; END IF;
END $$;
COMMIT;
