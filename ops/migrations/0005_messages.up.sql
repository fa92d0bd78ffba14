-- Messages: what was answered, what is still to be sent, what crashed us, and who is alive.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

-- Requests that were handled, with their answers (messages.md, "Answers"). Each consumer has its own row: one tick or event may
-- reach several. Rows older than 35 days go; the BRIN finds them.
CREATE TABLE processed_requests (
    source         text        COLLATE "C" NOT NULL,
    id             text        COLLATE "C" NOT NULL,
    consumer       text        COLLATE "C" NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    content_digest bytea       NOT NULL,
    answer         json,
    PRIMARY KEY (source, id, consumer),
    CONSTRAINT processed_requests_consumer_check CHECK (consumer IN ('meter', 'billing', 'topup', 'notifier', 'forecaster', 'expiry')),
    CONSTRAINT processed_requests_digest_check CHECK (octet_length(content_digest) = 32)
);
CREATE INDEX processed_requests_created ON processed_requests USING brin (created_at) WITH (pages_per_range = 32);
COMMENT ON TABLE processed_requests IS 'Purser: requests that were handled, and their answers';

-- A caller's idempotency keys: once per key and organization, however the request is sent again, for ever.
CREATE TABLE idempotency_keys (
    organization_id text        COLLATE "C" NOT NULL,
    scope           text        COLLATE "C" NOT NULL,
    key             text        COLLATE "C" NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    content_digest  bytea       NOT NULL,
    answer          json,
    PRIMARY KEY (organization_id, scope, key),
    CONSTRAINT idempotency_keys_scope_check CHECK (scope IN ('grant')),
    CONSTRAINT idempotency_keys_key_check CHECK (octet_length(key) BETWEEN 1 AND 255),
    CONSTRAINT idempotency_keys_digest_check CHECK (octet_length(content_digest) = 32)
);
COMMENT ON TABLE idempotency_keys IS 'Purser: idempotency keys of callers';

-- Messages that a step caused, published after its transaction (messages.md, "Outbox"). A queue: short, and all of it turns over.
CREATE TABLE outbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    created_at  timestamptz NOT NULL DEFAULT now(),
    attempts    integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    program     text        COLLATE "C" NOT NULL,
    exchange    text        COLLATE "C" NOT NULL,
    routing_key text        COLLATE "C" NOT NULL,
    properties  json        NOT NULL,
    headers     json        NOT NULL DEFAULT '{}',
    body        bytea       NOT NULL,
    PRIMARY KEY (program, id),
    CONSTRAINT outbox_program_check
        CHECK (program IN ('meter', 'billing', 'topup', 'notifier', 'forecaster', 'expiry', 'scheduler', 'gateway')),
    CONSTRAINT outbox_route_check CHECK (octet_length(exchange) <= 255 AND octet_length(routing_key) <= 255)
) WITH (
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = -1,
    autovacuum_vacuum_cost_delay = 0
);
COMMENT ON TABLE outbox IS 'Purser: messages that are still to be published';

-- Noted before a message that came back is handled, so that the third crash on it is seen (messages.md, "Poison").
CREATE TABLE suspect_messages (
    queue       text        COLLATE "C" NOT NULL,
    message_key text        COLLATE "C" NOT NULL,
    crashes     integer     NOT NULL DEFAULT 1 CHECK (crashes >= 0),
    noted_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (queue, message_key)
);
COMMENT ON TABLE suspect_messages IS 'Purser: messages on which a consumer crashed';

CREATE TABLE consumer_heartbeats (
    program    text        COLLATE "C" NOT NULL,
    instance   text        COLLATE "C" NOT NULL,
    shard      integer     NOT NULL DEFAULT 0,
    shards     integer     NOT NULL DEFAULT 1,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    partitions integer[]   NOT NULL DEFAULT '{}',
    PRIMARY KEY (program, instance),
    CONSTRAINT consumer_heartbeats_program_check
        CHECK (program IN ('meter', 'billing', 'topup', 'notifier', 'forecaster', 'expiry', 'scheduler', 'gateway')),
    CONSTRAINT consumer_heartbeats_shard_check CHECK (shard >= 0 AND shard < shards)
) WITH (fillfactor = 50);
COMMENT ON TABLE consumer_heartbeats IS 'Purser: which consumers are alive, and what they serve';

GRANT SELECT ON processed_requests, idempotency_keys, outbox, suspect_messages, consumer_heartbeats TO purser_operator, purser_auditor;
GRANT SELECT, INSERT, DELETE ON processed_requests TO purser_meter, purser_billing;
GRANT SELECT, INSERT ON idempotency_keys TO purser_billing;
-- UPDATE of the attempts is also what SELECT ... FOR UPDATE SKIP LOCKED asks for.
GRANT SELECT, INSERT, DELETE, UPDATE (attempts) ON outbox TO purser_meter, purser_billing;
GRANT SELECT, INSERT, DELETE, UPDATE (crashes, noted_at) ON suspect_messages TO purser_meter, purser_billing;
GRANT SELECT, INSERT, DELETE, UPDATE (shard, shards, started_at, seen_at, partitions) ON consumer_heartbeats
    TO purser_meter, purser_billing;

INSERT INTO purser_migrations (version, name, checksum) VALUES (5, 'messages', nullif(current_setting('purser.checksum', true), ''));
COMMIT;
