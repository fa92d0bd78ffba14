BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP TABLE IF EXISTS token_subscriptions;
DROP TABLE IF EXISTS gateway_events;
DROP TABLE IF EXISTS credit_notes;
DROP TABLE IF EXISTS invoices;
DROP TABLE IF EXISTS invoice_counters;
DROP TABLE IF EXISTS purchase_taken_parts;
DROP TABLE IF EXISTS purchase_disputes;
DROP TABLE IF EXISTS purchase_refunds;
DROP TABLE IF EXISTS payment_attempts;
DROP TABLE IF EXISTS token_purchases;
DROP TABLE IF EXISTS payment_methods;
DROP TABLE IF EXISTS token_packages;
DROP TABLE IF EXISTS token_catalogs;
DROP FUNCTION IF EXISTS purser_check_document();
DROP FUNCTION IF EXISTS purser_check_counter();
DROP FUNCTION IF EXISTS purser_check_reversal();
DROP FUNCTION IF EXISTS purser_check_purchase();

DO $$ BEGIN
    IF to_regclass('public.purser_migrations') IS NOT NULL THEN DELETE FROM purser_migrations WHERE version = 7; END IF;
END $$;
COMMIT;
