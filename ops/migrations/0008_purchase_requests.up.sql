-- Which message began a purchase, an attempt or a refund: a message that is delivered again after a crash finds what it began.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

-- own_after: what the wallet owned right after the purchase completed, the reference of percent levels (domain.md 10.1).
ALTER TABLE token_purchases
    ADD COLUMN request_source text COLLATE "C",
    ADD COLUMN request_id     text COLLATE "C",
    ADD COLUMN own_after      bigint,
    ADD CONSTRAINT token_purchases_request_check CHECK ((request_source IS NULL) = (request_id IS NULL)),
    ADD CONSTRAINT token_purchases_own_check CHECK (own_after IS NULL OR completed_at IS NOT NULL);
CREATE UNIQUE INDEX token_purchases_request ON token_purchases (request_source, request_id) WHERE request_source IS NOT NULL;
-- Whether another purchase of the scope completed since (domain.md 7.8).
CREATE INDEX token_purchases_completed ON token_purchases (wallet_id, purchase_type, completed_at) WHERE completed_at IS NOT NULL;

ALTER TABLE payment_attempts
    ADD COLUMN request_source text COLLATE "C",
    ADD COLUMN request_id     text COLLATE "C",
    ADD CONSTRAINT payment_attempts_request_check CHECK ((request_source IS NULL) = (request_id IS NULL));

ALTER TABLE purchase_refunds
    ADD COLUMN request_source text COLLATE "C",
    ADD COLUMN request_id     text COLLATE "C",
    ADD CONSTRAINT purchase_refunds_request_check CHECK ((request_source IS NULL) = (request_id IS NULL));
CREATE UNIQUE INDEX purchase_refunds_request ON purchase_refunds (request_source, request_id) WHERE request_source IS NOT NULL;

GRANT UPDATE (own_after) ON token_purchases TO purser_billing;

INSERT INTO purser_migrations (version, name, checksum) VALUES (8, 'purchase_requests', nullif(current_setting('purser.checksum', true), ''));
COMMIT;
