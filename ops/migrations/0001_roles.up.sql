-- The record of migrations, and one role per program.
--
-- Every file is one transaction and records itself, so `purser migrate` and `psql -f` may be mixed. The advisory lock
-- (the letters "Purser" as a number) is also what `purser migrate` holds: two runs wait for one another.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

CREATE TABLE IF NOT EXISTS purser_migrations (
    version    integer     PRIMARY KEY CHECK (version > 0),
    name       text        COLLATE "C" NOT NULL,
    -- SHA-256 of the file in hex; null when the file was applied by hand with psql.
    checksum   text        COLLATE "C" CHECK (checksum ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE purser_migrations IS 'Purser: the migrations that were applied to this database';

-- Roles belong to the whole server, so another database with Purser in it may share them, and may be dropping or making
-- them at this moment: the loop tries again when a role appears or goes between two steps. ALTER ROLE ... SET locks the
-- role until the end of the transaction; the GRANT after it makes the role depend on this database.
-- Settings hold for this database only. Roles are made without LOGIN: ops gives each a password when it wants one.
DO $$
DECLARE
    member   text;
    setting  text;
    settings text[];
    -- A program's statements are short and known: compiling one (jit) costs more than it can save.
    bounds   text[] := ARRAY['statement_timeout = ''10s''', 'lock_timeout = ''5s''', 'idle_in_transaction_session_timeout = ''15s''',
                             'jit = off'];
    keys     text[] := ARRAY['enable_seqscan = off', 'enable_hashjoin = off', 'enable_mergejoin = off'];
BEGIN
    FOREACH member IN ARRAY ARRAY['purser_auditor', 'purser_billing', 'purser_expiry', 'purser_forecaster', 'purser_gateway',
                                  'purser_meter', 'purser_notifier', 'purser_operator', 'purser_scheduler', 'purser_topup']
    LOOP
        settings := CASE member
            WHEN 'purser_operator' THEN
                ARRAY['statement_timeout = ''15min''', 'lock_timeout = ''5s''', 'idle_in_transaction_session_timeout = ''5min''']
            WHEN 'purser_auditor' THEN
                ARRAY['statement_timeout = ''15min''', 'lock_timeout = ''5s''', 'idle_in_transaction_session_timeout = ''5min''',
                      'default_transaction_read_only = on']
            -- The meter and billing find every row by a key. A session keeps its plans: one that was made while a table was small
            -- must not read the whole of it, or hash it, when it has grown; so they may only look rows up one by one.
            WHEN 'purser_meter' THEN bounds || keys
            WHEN 'purser_billing' THEN bounds || keys
            ELSE bounds
        END;
        LOOP
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = member) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', member);
                    -- The mark by which the way back knows a role that we made.
                    EXECUTE format('COMMENT ON ROLE %I IS ''Made by Purser''', member);
                END IF;
                FOREACH setting IN ARRAY settings LOOP
                    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %s', member, current_database(), setting);
                END LOOP;
                EXECUTE format('GRANT SELECT ON public.purser_migrations TO %I', member);
                EXIT;
            EXCEPTION WHEN duplicate_object OR unique_violation OR undefined_object THEN
                NULL;
            END;
        END LOOP;
        -- Only where PUBLIC no longer has them: the database and the schema are not ours.
        IF NOT has_database_privilege(member, current_database(), 'CONNECT') THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), member);
        END IF;
        IF NOT has_schema_privilege(member, 'public', 'USAGE') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', member);
        END IF;
    END LOOP;
END $$;

INSERT INTO purser_migrations (version, name, checksum) VALUES (1, 'roles', nullif(current_setting('purser.checksum', true), ''));
COMMIT;
