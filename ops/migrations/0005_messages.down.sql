BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP TABLE IF EXISTS consumer_heartbeats;
DROP TABLE IF EXISTS suspect_messages;
DROP TABLE IF EXISTS outbox;
DROP TABLE IF EXISTS idempotency_keys;
DROP TABLE IF EXISTS processed_requests;

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 5; END IF;
END $$;
COMMIT;
