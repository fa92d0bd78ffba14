-- Purchases: what is sold, how it was paid, what went back, and the documents.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

-- Packages and custom amounts belong to a catalog with a price of its single token (domain.md 7.3).
CREATE TABLE token_catalogs (
    name        text          COLLATE "C" PRIMARY KEY,
    -- Both null: DEFAULT_TOKEN_PRICE and TOKEN_CURRENCY hold.
    token_price numeric(19,4),
    currency    text          COLLATE "C",
    CONSTRAINT token_catalogs_name_check CHECK (octet_length(name) BETWEEN 1 AND 64),
    CONSTRAINT token_catalogs_price_check CHECK ((token_price IS NULL) = (currency IS NULL) AND token_price > 0),
    CONSTRAINT token_catalogs_currency_check CHECK (currency ~ '^[A-Z]{3}$')
);
COMMENT ON TABLE token_catalogs IS 'Purser: lists of packages, each with a price of its single token (domain.md 7.3)';

CREATE TABLE token_packages (
    id              text          COLLATE "C" PRIMARY KEY,
    name            text          NOT NULL,
    description     text          NOT NULL DEFAULT '',
    features        text[]        NOT NULL DEFAULT '{}',
    catalog         text          COLLATE "C" NOT NULL REFERENCES token_catalogs (name),
    tokens          bigint        NOT NULL,
    -- Net.
    price           numeric(19,4) NOT NULL,
    currency        text          COLLATE "C" NOT NULL,
    is_best_value   boolean       NOT NULL DEFAULT false,
    is_active       boolean       NOT NULL DEFAULT true,
    -- Its lots' life where it is another than TOKEN_EXPIRATION_DAYS (domain.md 12.2).
    expiration_days bigint,
    created_at      timestamptz   NOT NULL DEFAULT now(),
    updated_at      timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT token_packages_id_check CHECK (octet_length(id) BETWEEN 1 AND 128),
    CONSTRAINT token_packages_price_check CHECK (tokens >= 1 AND price > 0),
    CONSTRAINT token_packages_expiration_check CHECK (expiration_days >= 1),
    CONSTRAINT token_packages_currency_check CHECK (currency ~ '^[A-Z]{3}$')
);
COMMENT ON TABLE token_packages IS 'Purser: packages of tokens that are sold (domain.md 2, 7.3)';

-- Ways to pay, by the gateway's reference, never a card number (domain.md 8.1). One that is removed stays: purchases name it.
CREATE TABLE payment_methods (
    id                 text        COLLATE "C" PRIMARY KEY,
    organization_id    text        COLLATE "C" NOT NULL,
    gateway            text        COLLATE "C" NOT NULL,
    reference          text        COLLATE "C" NOT NULL,
    -- The gateway's own record of the customer, where it wants it with every charge.
    customer_reference text        COLLATE "C",
    -- Paystack: the e-mail that the method was made with.
    email              text,
    brand              text,
    last_four          text        COLLATE "C",
    -- First day of the last month in which it is good.
    expiry_month       date,
    is_default         boolean     NOT NULL DEFAULT false,
    is_usable          boolean     NOT NULL DEFAULT true,
    unusable_reason    text        COLLATE "C",
    created_at         timestamptz NOT NULL DEFAULT now(),
    removed_at         timestamptz,
    CONSTRAINT payment_methods_organization_check CHECK (octet_length(organization_id) BETWEEN 1 AND 128),
    CONSTRAINT payment_methods_gateway_check CHECK (gateway IN ('stripe', 'paystack')),
    CONSTRAINT payment_methods_card_check CHECK (last_four ~ '^[0-9]{4}$' AND expiry_month = date_trunc('month', expiry_month::timestamp)),
    CONSTRAINT payment_methods_usable_check CHECK (is_usable = (unusable_reason IS NULL)),
    CONSTRAINT payment_methods_default_check CHECK (NOT is_default OR removed_at IS NULL)
);
CREATE UNIQUE INDEX payment_methods_default ON payment_methods (organization_id) WHERE is_default;
CREATE UNIQUE INDEX payment_methods_reference ON payment_methods (organization_id, gateway, reference) WHERE removed_at IS NULL;
COMMENT ON TABLE payment_methods IS 'Purser: saved ways to pay (domain.md 8)';

-- One row per sale. Prices are fixed when it is made; what changes afterwards is where it stands.
CREATE TABLE token_purchases (
    id                     bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_reference_id  text          COLLATE "C" NOT NULL,
    wallet_id              bigint        NOT NULL REFERENCES organization_token_wallets (id),
    organization_id        text          COLLATE "C" NOT NULL,
    purchase_type          text          COLLATE "C" NOT NULL,
    status                 text          COLLATE "C" NOT NULL DEFAULT 'pending',
    tokens                 bigint        NOT NULL,
    net_amount             numeric(19,4) NOT NULL,
    tax_amount             numeric(19,4) NOT NULL,
    total_amount           numeric(19,4) NOT NULL,
    currency               text          COLLATE "C" NOT NULL,
    gateway                text          COLLATE "C" NOT NULL,
    gateway_transaction_id text          COLLATE "C",
    -- json, not jsonb: kept as it was received.
    metadata               json,
    created_at             timestamptz   NOT NULL DEFAULT now(),
    completed_at           timestamptz,
    -- The one line of its invoice, and the rate of its tax.
    line_description       text          NOT NULL,
    line_quantity          bigint        NOT NULL,
    line_unit_price        numeric(19,4) NOT NULL,
    tax_rate               numeric(19,4) NOT NULL,
    package_id             text          COLLATE "C" REFERENCES token_packages (id),
    expiration_days        bigint,
    subscription_id        bigint,
    period_start           timestamptz,
    payment_method_id      text          COLLATE "C" REFERENCES payment_methods (id),
    -- Where a hosted page returns to; null for a saved method.
    success_url            text,
    cancel_url             text,
    -- A repeated request with the same key and content gets this purchase (domain.md 7.4).
    idempotency_key        text          COLLATE "C",
    content_digest         bytea         NOT NULL,
    actor                  text,
    phase                  text          COLLATE "C",
    attempts               integer       NOT NULL DEFAULT 0,
    slow_downs             integer       NOT NULL DEFAULT 0,
    asks                   integer       NOT NULL DEFAULT 0,
    called_at              timestamptz,
    repeats_attempt        boolean       NOT NULL DEFAULT false,
    -- When something is to be done by itself; messages are only wake-ups (domain.md 0.2).
    next_attempt_at        timestamptz,
    has_page               boolean       NOT NULL DEFAULT false,
    page_url               text,
    -- What the gateway keeps open for it: a page or an intent.
    gateway_object_id      text          COLLATE "C",
    cancel_wished          boolean       NOT NULL DEFAULT false,
    closing                text          COLLATE "C",
    had_unknown_code       boolean       NOT NULL DEFAULT false,
    failure_reason         text          COLLATE "C",
    refunded_tokens        bigint        NOT NULL DEFAULT 0,
    status_before_dispute  text          COLLATE "C",
    updated_at             timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT idx_token_purchases_ref UNIQUE (purchase_reference_id),
    CONSTRAINT token_purchases_transaction_key UNIQUE (gateway, gateway_transaction_id),
    CONSTRAINT token_purchases_reference_check CHECK (purchase_reference_id ~ '^REF-[A-Z0-9]{26}$'),
    CONSTRAINT token_purchases_organization_check CHECK (octet_length(organization_id) BETWEEN 1 AND 128),
    CONSTRAINT token_purchases_type_check CHECK (purchase_type IN ('one_time', 'subscription', 'auto_topup')),
    CONSTRAINT token_purchases_status_check CHECK (status IN (
        'pending', 'processing', 'completed', 'failed', 'cancelled', 'partially_refunded', 'refunded', 'disputed', 'charged_back')),
    CONSTRAINT token_purchases_phase_check CHECK (
        CASE WHEN status = 'processing'
             THEN phase IS NOT NULL AND phase IN ('charging', 'retry_waiting', 'customer_action', 'unknown', 'parked')
             ELSE phase IS NULL END),
    CONSTRAINT token_purchases_tokens_check
        CHECK (tokens >= 0 AND (tokens > 0 OR purchase_type = 'subscription') AND refunded_tokens BETWEEN 0 AND tokens),
    CONSTRAINT token_purchases_amount_check
        CHECK (net_amount >= 0 AND tax_amount >= 0 AND total_amount > 0 AND total_amount = net_amount + tax_amount),
    CONSTRAINT token_purchases_line_check CHECK (line_quantity >= 1 AND line_unit_price >= 0 AND tax_rate >= 0),
    CONSTRAINT token_purchases_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT token_purchases_gateway_check CHECK (gateway IN ('stripe', 'paystack')),
    CONSTRAINT token_purchases_metadata_check CHECK (octet_length(metadata::text) <= 8192),
    CONSTRAINT token_purchases_period_check
        CHECK ((purchase_type = 'subscription') = (subscription_id IS NOT NULL AND period_start IS NOT NULL)),
    -- Who was completed has a moment and a charge, whatever happened afterwards.
    CONSTRAINT token_purchases_completed_check CHECK (
        CASE WHEN status IN ('pending', 'processing', 'failed', 'cancelled') THEN completed_at IS NULL AND gateway_transaction_id IS NULL
             ELSE completed_at IS NOT NULL AND gateway_transaction_id IS NOT NULL END),
    CONSTRAINT token_purchases_dispute_check CHECK (
        CASE WHEN status = 'disputed'
             THEN status_before_dispute IS NOT NULL AND status_before_dispute IN ('completed', 'partially_refunded', 'refunded')
             ELSE status_before_dispute IS NULL END),
    CONSTRAINT token_purchases_closing_check CHECK (closing IN ('cancelled', 'lapsed', 'action_expired')),
    CONSTRAINT token_purchases_counters_check CHECK (attempts >= 0 AND slow_downs >= 0 AND asks >= 0 AND expiration_days >= 1),
    CONSTRAINT token_purchases_key_check CHECK (octet_length(idempotency_key) BETWEEN 1 AND 255),
    CONSTRAINT token_purchases_digest_check CHECK (octet_length(content_digest) = 32)
);
CREATE INDEX idx_token_purchases_org_status ON token_purchases (organization_id, status);
CREATE INDEX idx_token_purchases_created ON token_purchases (created_at);
-- The unfinished ones of a scope (domain.md 7.4), those with work that is due, and those that nobody executed.
CREATE INDEX token_purchases_unfinished ON token_purchases (wallet_id, purchase_type) WHERE status IN ('pending', 'processing');
CREATE INDEX token_purchases_due ON token_purchases (next_attempt_at) WHERE status = 'processing' AND next_attempt_at IS NOT NULL;
CREATE INDEX token_purchases_pending ON token_purchases (created_at) WHERE status = 'pending';
CREATE UNIQUE INDEX token_purchases_idempotency ON token_purchases (organization_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- A period is charged once (domain.md 9.4).
CREATE UNIQUE INDEX token_purchases_period ON token_purchases (subscription_id, period_start)
    WHERE subscription_id IS NOT NULL AND status NOT IN ('failed', 'cancelled');
COMMENT ON TABLE token_purchases IS 'Purser: sales of tokens (domain.md 2, 7)';

-- A purchase begins as pending, moves as domain.md 7.1 says and in no other way, and what was agreed upon never changes. Everybody is
-- held to it: a superuser who means it can switch the trigger off.
CREATE FUNCTION purser_check_purchase() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        allowed := NEW.status = 'pending';
    ELSIF NEW.status = OLD.status THEN
        allowed := NEW.status <> 'disputed' OR NEW.status_before_dispute = OLD.status_before_dispute
            OR (OLD.status_before_dispute IN ('completed', 'partially_refunded')
                AND NEW.status_before_dispute IN ('partially_refunded', 'refunded'));
    ELSE
        allowed := CASE OLD.status
            WHEN 'pending' THEN NEW.status IN ('processing', 'cancelled')
            WHEN 'processing' THEN NEW.status IN ('completed', 'failed', 'cancelled')
            WHEN 'completed' THEN NEW.status IN ('partially_refunded', 'refunded', 'disputed')
            WHEN 'partially_refunded' THEN NEW.status IN ('refunded', 'disputed')
            WHEN 'refunded' THEN NEW.status = 'disputed'
            WHEN 'disputed' THEN NEW.status IN (OLD.status_before_dispute, 'charged_back')
            ELSE false
        END AND (NEW.status <> 'disputed' OR NEW.status_before_dispute = OLD.status);
    END IF;
    IF allowed IS NOT TRUE THEN
        RAISE EXCEPTION 'purchase % cannot go from % to %', NEW.purchase_reference_id,
            CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE 'nothing' END, NEW.status
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = 'token_purchases_moves';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        NEW.id, NEW.purchase_reference_id, NEW.wallet_id, NEW.organization_id, NEW.purchase_type, NEW.tokens, NEW.net_amount,
        NEW.tax_amount, NEW.total_amount, NEW.currency, NEW.tax_rate, NEW.metadata::text, NEW.created_at
    ) IS DISTINCT FROM (
        OLD.id, OLD.purchase_reference_id, OLD.wallet_id, OLD.organization_id, OLD.purchase_type, OLD.tokens, OLD.net_amount,
        OLD.tax_amount, OLD.total_amount, OLD.currency, OLD.tax_rate, OLD.metadata::text, OLD.created_at
    ) THEN
        RAISE EXCEPTION 'what purchase % was agreed upon cannot change', OLD.purchase_reference_id
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = 'token_purchases_terms';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER token_purchases_moves BEFORE INSERT OR UPDATE ON token_purchases
    FOR EACH ROW EXECUTE FUNCTION purser_check_purchase();
CREATE TRIGGER token_purchases_kept BEFORE DELETE OR TRUNCATE ON token_purchases
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();

-- Committed before the gateway is called (payments.md, Charging, 1). The key follows from the row and never changes.
CREATE TABLE payment_attempts (
    purchase_id       bigint        NOT NULL REFERENCES token_purchases (id),
    attempt           integer       NOT NULL,
    gateway           text          COLLATE "C" NOT NULL,
    -- Stripe's idempotency key, Paystack's reference.
    key               text          COLLATE "C" NOT NULL,
    payment_method_id text          COLLATE "C" REFERENCES payment_methods (id),
    amount            numeric(19,4) NOT NULL,
    currency          text          COLLATE "C" NOT NULL,
    started_at        timestamptz   NOT NULL DEFAULT now(),
    -- Null while nobody knows: also when the program that made the call is gone.
    outcome           text          COLLATE "C",
    code              text          COLLATE "C",
    gateway_object_id text          COLLATE "C",
    ended_at          timestamptz,
    PRIMARY KEY (purchase_id, attempt),
    CONSTRAINT payment_attempts_key_key UNIQUE (gateway, key),
    CONSTRAINT payment_attempts_attempt_check CHECK (attempt >= 1 AND amount > 0),
    CONSTRAINT payment_attempts_gateway_check CHECK (gateway IN ('stripe', 'paystack')),
    CONSTRAINT payment_attempts_outcome_check CHECK (outcome IN (
        'succeeded', 'soft_decline', 'hard_decline', 'needs_customer', 'unknown', 'refused', 'slow_down', 'not_charged', 'closed')),
    CONSTRAINT payment_attempts_ended_check CHECK (ended_at IS NULL OR outcome IS NOT NULL)
);
-- Networks count attempts per card over all purchases.
CREATE INDEX payment_attempts_method ON payment_attempts (payment_method_id, started_at);
COMMENT ON TABLE payment_attempts IS 'Purser: calls that may have charged somebody, stored before they are made (payments.md)';

-- Refunds of completed purchases, and of charges that nobody wanted any more (automatic_reason; they take no tokens).
CREATE TABLE purchase_refunds (
    id                     bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id            bigint        NOT NULL REFERENCES token_purchases (id),
    status                 text          COLLATE "C" NOT NULL DEFAULT 'requested',
    tokens                 bigint        NOT NULL,
    net_amount             numeric(19,4) NOT NULL,
    tax_amount             numeric(19,4) NOT NULL,
    total_amount           numeric(19,4) NOT NULL,
    currency               text          COLLATE "C" NOT NULL,
    gateway                text          COLLATE "C" NOT NULL,
    -- The charge that is given back.
    gateway_transaction_id text          COLLATE "C" NOT NULL,
    gateway_refund_id      text          COLLATE "C",
    automatic_reason       text          COLLATE "C",
    reason                 text,
    actor                  text,
    -- The ledger rows that took the tokens, and gave them back when it failed.
    taken_sequence         bigint,
    returned_sequence      bigint,
    calls                  integer       NOT NULL DEFAULT 0,
    next_attempt_at        timestamptz,
    requested_at           timestamptz   NOT NULL DEFAULT now(),
    sent_at                timestamptz,
    ended_at               timestamptz,
    -- When the gateway said that it failed, after it had said that it succeeded.
    failed_late_at         timestamptz,
    CONSTRAINT purchase_refunds_status_check CHECK (status IN ('requested', 'sent', 'succeeded', 'failed')),
    CONSTRAINT purchase_refunds_amount_check
        CHECK (tokens >= 0 AND net_amount >= 0 AND tax_amount >= 0 AND total_amount > 0 AND total_amount = net_amount + tax_amount),
    CONSTRAINT purchase_refunds_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT purchase_refunds_gateway_check CHECK (gateway IN ('stripe', 'paystack')),
    CONSTRAINT purchase_refunds_automatic_check CHECK (automatic_reason IN ('cancelled', 'failed', 'superseded', 'paid_twice')),
    CONSTRAINT purchase_refunds_taken_check
        CHECK ((tokens > 0) = (taken_sequence IS NOT NULL) AND (automatic_reason IS NULL OR tokens = 0)
               AND (returned_sequence IS NULL OR (status = 'failed' AND tokens > 0))),
    CONSTRAINT purchase_refunds_times_check
        CHECK ((status = 'requested') = (sent_at IS NULL) AND (status IN ('succeeded', 'failed')) = (ended_at IS NOT NULL)
               AND (failed_late_at IS NULL OR status = 'succeeded') AND calls >= 0)
);
-- One at a time per purchase; a charge is given back by itself once.
CREATE UNIQUE INDEX purchase_refunds_under_way ON purchase_refunds (purchase_id)
    WHERE automatic_reason IS NULL AND status IN ('requested', 'sent');
CREATE UNIQUE INDEX purchase_refunds_automatic ON purchase_refunds (gateway, gateway_transaction_id) WHERE automatic_reason IS NOT NULL;
CREATE UNIQUE INDEX purchase_refunds_gateway ON purchase_refunds (gateway, gateway_refund_id);
CREATE INDEX purchase_refunds_purchase ON purchase_refunds (purchase_id, id);
CREATE INDEX purchase_refunds_due ON purchase_refunds (next_attempt_at) WHERE status IN ('requested', 'sent');
COMMENT ON TABLE purchase_refunds IS 'Purser: money that goes back to customers (domain.md 7.6, 7.8)';

CREATE TABLE purchase_disputes (
    id                 bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id        bigint        NOT NULL REFERENCES token_purchases (id),
    gateway            text          COLLATE "C" NOT NULL,
    gateway_dispute_id text          COLLATE "C" NOT NULL,
    status             text          COLLATE "C" NOT NULL DEFAULT 'inquiry',
    amount             numeric(19,4) NOT NULL,
    currency           text          COLLATE "C" NOT NULL,
    reason             text,
    -- Null: nothing was left to take, or nothing came back yet.
    taken_sequence     bigint,
    returned_sequence  bigint,
    opened_at          timestamptz   NOT NULL DEFAULT now(),
    withdrawn_at       timestamptz,
    ended_at           timestamptz,
    CONSTRAINT purchase_disputes_gateway_key UNIQUE (gateway, gateway_dispute_id),
    CONSTRAINT purchase_disputes_gateway_check CHECK (gateway IN ('stripe', 'paystack')),
    CONSTRAINT purchase_disputes_status_check CHECK (status IN ('inquiry', 'withdrawn', 'won', 'lost', 'closed')),
    CONSTRAINT purchase_disputes_amount_check CHECK (amount >= 0),
    CONSTRAINT purchase_disputes_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT purchase_disputes_returned_check
        CHECK (returned_sequence IS NULL OR (taken_sequence IS NOT NULL AND status = 'won'))
);
CREATE INDEX purchase_disputes_purchase ON purchase_disputes (purchase_id);
COMMENT ON TABLE purchase_disputes IS 'Purser: charges that a bank took back, or asks about (domain.md 7.7)';

-- The moves of both, in the words of their states.
CREATE FUNCTION purser_check_reversal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    IF TG_TABLE_NAME = 'purchase_refunds' THEN
        allowed := CASE
            WHEN TG_OP = 'INSERT' THEN NEW.status = 'requested'
            WHEN NEW.status = OLD.status THEN true
            WHEN OLD.status = 'requested' THEN NEW.status = 'sent'
            WHEN OLD.status = 'sent' THEN NEW.status IN ('succeeded', 'failed')
            ELSE false
        END;
    ELSE
        allowed := CASE
            WHEN TG_OP = 'INSERT' THEN NEW.status = 'inquiry'
            WHEN NEW.status = OLD.status THEN true
            WHEN OLD.status = 'inquiry' THEN true
            WHEN OLD.status = 'withdrawn' THEN NEW.status IN ('won', 'lost')
            WHEN OLD.status = 'closed' THEN NEW.status = 'withdrawn'
            ELSE false
        END;
    END IF;
    IF allowed IS NOT TRUE THEN
        RAISE EXCEPTION '% % cannot go from % to %', TG_TABLE_NAME, NEW.id,
            CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE 'nothing' END, NEW.status
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_refunds_moves BEFORE INSERT OR UPDATE ON purchase_refunds
    FOR EACH ROW EXECUTE FUNCTION purser_check_reversal();
CREATE TRIGGER purchase_disputes_moves BEFORE INSERT OR UPDATE ON purchase_disputes
    FOR EACH ROW EXECUTE FUNCTION purser_check_reversal();
CREATE TRIGGER purchase_refunds_kept BEFORE DELETE OR TRUNCATE ON purchase_refunds
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();

-- Which tokens a refund or a dispute took, what they were worth, and how long they could still have been used: so much comes back.
CREATE TABLE purchase_taken_parts (
    id                     bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refund_id              bigint        REFERENCES purchase_refunds (id),
    dispute_id             bigint        REFERENCES purchase_disputes (id),
    lot_id                 bigint        NOT NULL,
    tokens                 bigint        NOT NULL,
    net_amount             numeric(19,4) NOT NULL,
    tax_amount             numeric(19,4) NOT NULL,
    priority               smallint      NOT NULL,
    -- Null: for ever.
    life_left_microseconds bigint,
    CONSTRAINT purchase_taken_parts_owner_check CHECK (num_nonnulls(refund_id, dispute_id) = 1),
    CONSTRAINT purchase_taken_parts_amount_check CHECK (tokens > 0 AND net_amount >= 0 AND tax_amount >= 0 AND life_left_microseconds > 0)
);
CREATE INDEX purchase_taken_parts_refund ON purchase_taken_parts (refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX purchase_taken_parts_dispute ON purchase_taken_parts (dispute_id) WHERE dispute_id IS NOT NULL;
CREATE TRIGGER purchase_taken_parts_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON purchase_taken_parts
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
COMMENT ON TABLE purchase_taken_parts IS 'Purser: tokens that refunds and disputes took, insert-only';

-- The last number of each series; locked by whoever takes the next one, in the transaction that issues the document (domain.md 14.1).
CREATE TABLE invoice_counters (
    series text   COLLATE "C" NOT NULL,
    year   bigint NOT NULL,
    last   bigint NOT NULL,
    PRIMARY KEY (series, year),
    CONSTRAINT invoice_counters_series_check CHECK (series IN ('INV', 'CN')),
    CONSTRAINT invoice_counters_last_check CHECK (last >= 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE invoice_counters IS 'Purser: the newest number of each series of documents (domain.md 14.1)';

CREATE TABLE invoices (
    number                 text          COLLATE "C" PRIMARY KEY,
    year                   bigint        NOT NULL,
    count                  bigint        NOT NULL,
    purchase_id            bigint        NOT NULL REFERENCES token_purchases (id),
    organization_id        text          COLLATE "C" NOT NULL,
    issued_at              timestamptz   NOT NULL,
    -- Null once it is paid.
    due_at                 timestamptz,
    seller                 json          NOT NULL,
    buyer                  json          NOT NULL,
    lines                  json          NOT NULL,
    taxes                  json          NOT NULL,
    net_amount             numeric(19,4) NOT NULL,
    tax_amount             numeric(19,4) NOT NULL,
    total_amount           numeric(19,4) NOT NULL,
    currency               text          COLLATE "C" NOT NULL,
    gateway                text          COLLATE "C",
    gateway_transaction_id text          COLLATE "C",
    paid_at                timestamptz,
    CONSTRAINT invoices_purchase_key UNIQUE (purchase_id),
    CONSTRAINT invoices_count_key UNIQUE (year, count),
    CONSTRAINT invoices_number_check
        CHECK (count >= 1 AND number = 'INV-' || year || '-' || lpad(count::text, greatest(6, length(count::text)), '0')),
    CONSTRAINT invoices_year_check CHECK (year = extract(year FROM issued_at AT TIME ZONE 'UTC')),
    CONSTRAINT invoices_amount_check CHECK (net_amount >= 0 AND tax_amount >= 0 AND total_amount = net_amount + tax_amount),
    CONSTRAINT invoices_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT invoices_paid_check CHECK ((paid_at IS NULL) = (due_at IS NOT NULL) AND (paid_at IS NULL) = (gateway_transaction_id IS NULL))
);
CREATE INDEX invoices_organization ON invoices (organization_id, issued_at);
COMMENT ON TABLE invoices IS 'Purser: tax invoices as they were issued, insert-only (domain.md 14)';

CREATE TABLE credit_notes (
    number          text          COLLATE "C" PRIMARY KEY,
    year            bigint        NOT NULL,
    count           bigint        NOT NULL,
    invoice_number  text          COLLATE "C" NOT NULL REFERENCES invoices (number),
    refund_id       bigint        NOT NULL REFERENCES purchase_refunds (id),
    organization_id text          COLLATE "C" NOT NULL,
    issued_at       timestamptz   NOT NULL,
    tokens          bigint        NOT NULL,
    taxes           json          NOT NULL,
    net_amount      numeric(19,4) NOT NULL,
    tax_amount      numeric(19,4) NOT NULL,
    total_amount    numeric(19,4) NOT NULL,
    currency        text          COLLATE "C" NOT NULL,
    reason          text,
    CONSTRAINT credit_notes_refund_key UNIQUE (refund_id),
    CONSTRAINT credit_notes_count_key UNIQUE (year, count),
    CONSTRAINT credit_notes_number_check
        CHECK (count >= 1 AND number = 'CN-' || year || '-' || lpad(count::text, greatest(6, length(count::text)), '0')),
    CONSTRAINT credit_notes_year_check CHECK (year = extract(year FROM issued_at AT TIME ZONE 'UTC')),
    CONSTRAINT credit_notes_amount_check
        CHECK (tokens >= 0 AND net_amount >= 0 AND tax_amount >= 0 AND total_amount > 0 AND total_amount = net_amount + tax_amount),
    CONSTRAINT credit_notes_currency_check CHECK (currency ~ '^[A-Z]{3}$')
);
CREATE INDEX credit_notes_invoice ON credit_notes (invoice_number);
CREATE INDEX credit_notes_organization ON credit_notes (organization_id, issued_at);
COMMENT ON TABLE credit_notes IS 'Purser: what took invoices back, insert-only (domain.md 14)';

CREATE TRIGGER invoices_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON invoices
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
CREATE TRIGGER credit_notes_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_notes
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();

-- A counter moves by one, and at the commit there is a document with its number: no gap can be committed.
CREATE FUNCTION purser_check_counter() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    is_right boolean;
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        IF TG_OP = 'INSERT' THEN
            is_right := NEW.last = 0;
        ELSE
            is_right := NEW.last = OLD.last + 1 AND NEW.series = OLD.series AND NEW.year = OLD.year;
        END IF;
    ELSIF NEW.series = 'INV' THEN
        is_right := EXISTS (SELECT FROM invoices i WHERE i.year = NEW.year AND i.count = NEW.last);
    ELSE
        is_right := EXISTS (SELECT FROM credit_notes c WHERE c.year = NEW.year AND c.count = NEW.last);
    END IF;
    IF is_right IS NOT TRUE THEN
        RAISE EXCEPTION 'the counter of % % would leave a gap at %', NEW.series, NEW.year, NEW.last
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = 'invoice_counters_gapless';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_counters_step BEFORE INSERT OR UPDATE ON invoice_counters
    FOR EACH ROW EXECUTE FUNCTION purser_check_counter();
CREATE CONSTRAINT TRIGGER invoice_counters_used AFTER UPDATE ON invoice_counters DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION purser_check_counter();
CREATE TRIGGER invoice_counters_kept BEFORE DELETE OR TRUNCATE ON invoice_counters
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();

-- A document takes the number that its counter shows, which its issuer holds locked.
CREATE FUNCTION purser_check_document() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM invoice_counters c
        WHERE c.series = TG_ARGV[0] AND c.year = NEW.year AND c.last = NEW.count
    ) THEN
        RAISE EXCEPTION '% is not the number that its counter shows', NEW.number
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoices_counted BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION purser_check_document('INV');
CREATE TRIGGER credit_notes_counted BEFORE INSERT ON credit_notes FOR EACH ROW EXECUTE FUNCTION purser_check_document('CN');

-- Webhooks as they came, once per event (payments.md, Webhooks). Paystack has no event ids: event and object id together.
CREATE TABLE gateway_events (
    gateway               text        COLLATE "C" NOT NULL,
    event_id              text        COLLATE "C" NOT NULL,
    type                  text        COLLATE "C" NOT NULL,
    object_id             text        COLLATE "C",
    body                  bytea       NOT NULL,
    received_at           timestamptz NOT NULL DEFAULT now(),
    deliveries            bigint      NOT NULL DEFAULT 1,
    outcome               text        COLLATE "C" NOT NULL DEFAULT 'received',
    detail                text,
    purchase_reference_id text        COLLATE "C",
    processed_at          timestamptz,
    PRIMARY KEY (gateway, event_id),
    CONSTRAINT gateway_events_gateway_check CHECK (gateway IN ('stripe', 'paystack')),
    CONSTRAINT gateway_events_outcome_check CHECK (outcome IN ('received', 'done', 'ignored', 'unmatched')),
    CONSTRAINT gateway_events_processed_check CHECK ((outcome = 'received') = (processed_at IS NULL) AND deliveries >= 1)
);
CREATE INDEX gateway_events_received ON gateway_events (received_at);
COMMENT ON TABLE gateway_events IS 'Purser: webhooks of the gateways, and what came of them';

-- What readers may ask for (domain.md 2); the rules of subscriptions come with their own migration.
CREATE TABLE token_subscriptions (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id   text        COLLATE "C" NOT NULL,
    plan_id           text        COLLATE "C" NOT NULL,
    status            text        COLLATE "C" NOT NULL DEFAULT 'pending_payment',
    frequency         text        COLLATE "C" NOT NULL,
    next_billing_date timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT token_subscriptions_organization_check CHECK (octet_length(organization_id) BETWEEN 1 AND 128),
    CONSTRAINT token_subscriptions_status_check
        CHECK (status IN ('pending_payment', 'active', 'paused', 'grace_period', 'expired', 'cancelled')),
    CONSTRAINT token_subscriptions_frequency_check CHECK (frequency IN ('monthly', 'quarterly', 'annual'))
);
CREATE INDEX idx_subscriptions_org_status ON token_subscriptions (organization_id, status);
CREATE INDEX idx_subscriptions_next_billing ON token_subscriptions (next_billing_date) WHERE status = 'active';
COMMENT ON TABLE token_subscriptions IS 'Purser: subscriptions (domain.md 2, 9)';

INSERT INTO token_catalogs (name, token_price, currency) VALUES ('organization', NULL, NULL), ('credits', 1.00, 'USD');
INSERT INTO token_packages (id, name, catalog, tokens, price, currency, is_best_value) VALUES
    ('starter',     'Starter',     'organization', 100,    50.00,   'USD', false),
    ('business',    'Business',    'organization', 500,    225.00,  'USD', false),
    ('enterprise',  'Enterprise',  'organization', 2000,   800.00,  'USD', false),
    ('premium',     'Premium',     'organization', 5000,   1750.00, 'USD', false),
    ('credits-10',  '10 credits',  'credits',      10,     10.00,   'USD', false),
    ('credits-50',  '50 credits',  'credits',      50,     45.00,   'USD', false),
    ('credits-100', '100 credits', 'credits',      100,    90.00,   'USD', false),
    ('credits-500', '500 credits', 'credits',      500,    400.00,  'USD', true);

-- What was agreed upon, and what a document says, is fixed for the programs: no right to those columns, beside the triggers.
GRANT SELECT ON token_catalogs, token_packages, payment_methods, token_purchases, payment_attempts, purchase_refunds, purchase_disputes,
    purchase_taken_parts, invoice_counters, invoices, credit_notes, gateway_events, token_subscriptions
    TO purser_billing, purser_operator, purser_auditor;
GRANT INSERT, UPDATE (token_price, currency) ON token_catalogs TO purser_billing;
GRANT INSERT, UPDATE (
    name, description, features, catalog, tokens, price, currency, is_best_value, is_active, expiration_days, updated_at
) ON token_packages TO purser_billing;
GRANT INSERT, UPDATE (
    customer_reference, brand, last_four, expiry_month, is_default, is_usable, unusable_reason, removed_at
) ON payment_methods TO purser_billing;
GRANT INSERT, UPDATE (
    status, phase, gateway_transaction_id, completed_at, payment_method_id, attempts, slow_downs, asks, called_at, repeats_attempt,
    next_attempt_at, has_page, page_url, gateway_object_id, cancel_wished, closing, had_unknown_code, failure_reason, refunded_tokens,
    status_before_dispute, updated_at
) ON token_purchases TO purser_billing;
GRANT INSERT, UPDATE (outcome, code, gateway_object_id, ended_at) ON payment_attempts TO purser_billing;
GRANT INSERT, UPDATE (
    status, gateway_refund_id, returned_sequence, calls, next_attempt_at, sent_at, ended_at, failed_late_at
) ON purchase_refunds TO purser_billing;
GRANT INSERT, UPDATE (status, taken_sequence, returned_sequence, withdrawn_at, ended_at) ON purchase_disputes TO purser_billing;
GRANT INSERT ON purchase_taken_parts, invoices, credit_notes TO purser_billing;
GRANT INSERT, UPDATE (last) ON invoice_counters TO purser_billing;
GRANT INSERT, UPDATE (deliveries, outcome, detail, purchase_reference_id, processed_at) ON gateway_events TO purser_billing;
REVOKE ALL ON FUNCTION purser_check_purchase(), purser_check_reversal(), purser_check_counter(), purser_check_document() FROM PUBLIC;

INSERT INTO purser_migrations (version, name, checksum) VALUES (7, 'purchases', nullif(current_setting('purser.checksum', true), ''));
COMMIT;
