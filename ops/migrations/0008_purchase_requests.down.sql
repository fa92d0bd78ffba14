BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

ALTER TABLE IF EXISTS purchase_refunds DROP COLUMN IF EXISTS request_source, DROP COLUMN IF EXISTS request_id;
ALTER TABLE IF EXISTS payment_attempts DROP COLUMN IF EXISTS request_source, DROP COLUMN IF EXISTS request_id;
DROP INDEX IF EXISTS token_purchases_completed;
ALTER TABLE IF EXISTS token_purchases
    DROP COLUMN IF EXISTS request_source, DROP COLUMN IF EXISTS request_id, DROP COLUMN IF EXISTS own_after;

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 8; END IF;
END $$;
COMMIT;
