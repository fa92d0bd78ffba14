-- The audit log, in monthly partitions.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

-- Months are UTC. A row of a month that has no partition yet lies in the default one; making the partition moves it.
CREATE TABLE token_audit_logs (
    id              bigint      GENERATED ALWAYS AS IDENTITY,
    organization_id text        COLLATE "C",
    actor           text        NOT NULL,
    action          text        COLLATE "C" NOT NULL,
    before          json,
    after           json,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, created_at),
    CONSTRAINT token_audit_logs_action_check CHECK (octet_length(action) BETWEEN 1 AND 100),
    CONSTRAINT token_audit_logs_actor_check CHECK (octet_length(actor) BETWEEN 1 AND 1024)
) PARTITION BY RANGE (created_at);
CREATE INDEX token_audit_logs_organization ON token_audit_logs (organization_id, created_at);
CREATE TABLE token_audit_logs_default PARTITION OF token_audit_logs DEFAULT;
COMMENT ON TABLE token_audit_logs IS 'Purser: who changed what, insert-only, kept for TOKEN_AUDIT_RETENTION_MONTHS (domain.md 12.5)';

-- A trigger for statements on the whole does not see statements on a part: each part gets its own.
CREATE TRIGGER token_audit_logs_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON token_audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
CREATE TRIGGER token_audit_logs_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON token_audit_logs_default
    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();

-- Makes the partitions of `months` months from the month of `start` on, and returns how many were missing. Rows that wait
-- in the default partition move into place: by inserts alone, since nobody deletes audit rows.
CREATE FUNCTION purser_create_audit_partitions(start timestamptz, months integer) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    lower timestamptz := date_trunc('month', start);
    upper timestamptz;
    part  text;
    made  integer := 0;
BEGIN
    IF months IS NULL OR months NOT BETWEEN 1 AND 120 OR lower IS NULL OR NOT isfinite(lower) THEN
        RAISE EXCEPTION 'months must be 1 to 120, and start a moment' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- One at a time: two makers of the same partition would otherwise fail on its name.
    PERFORM pg_advisory_xact_lock(88465361560947);
    FOR step IN 1 .. months LOOP
        upper := lower + interval '1 month';
        part := 'token_audit_logs_' || to_char(lower, 'YYYY_MM');
        IF to_regclass('public.' || part) IS NULL THEN
            IF EXISTS (SELECT FROM token_audit_logs_default d WHERE d.created_at >= lower AND d.created_at < upper) THEN
                ALTER TABLE token_audit_logs DETACH PARTITION token_audit_logs_default;
                ALTER TABLE token_audit_logs_default RENAME TO token_audit_logs_moving;
                CREATE TABLE token_audit_logs_default PARTITION OF token_audit_logs DEFAULT;
                CREATE TRIGGER token_audit_logs_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON token_audit_logs_default
                    FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change();
            END IF;
            EXECUTE format('CREATE TABLE %I PARTITION OF token_audit_logs FOR VALUES FROM (%L) TO (%L)', part, lower, upper);
            EXECUTE format('CREATE TRIGGER token_audit_logs_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                || 'FOR EACH STATEMENT EXECUTE FUNCTION purser_refuse_change()', part);
            IF to_regclass('public.token_audit_logs_moving') IS NOT NULL THEN
                INSERT INTO token_audit_logs (id, organization_id, actor, action, before, after, created_at) OVERRIDING SYSTEM VALUE
                    SELECT m.id, m.organization_id, m.actor, m.action, m.before, m.after, m.created_at FROM token_audit_logs_moving m;
                DROP TABLE token_audit_logs_moving;
            END IF;
            made := made + 1;
        END IF;
        lower := upper;
    END LOOP;
    RETURN made;
END $$;

-- Drops the partitions that hold only rows older than `keep` months before `moment`, writes into the log that it did, and
-- returns how many went. Rows of the default partition stay: they belong to no month that was ever made. A moment to come is
-- refused: it would reach rows that are to be kept. A day is left for clocks that differ.
CREATE FUNCTION purser_drop_audit_partitions(moment timestamptz, keep integer) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    keep_from timestamptz := date_trunc('month', moment) - make_interval(months => keep);
    part      text;
    dropped   text[] := '{}';
BEGIN
    IF keep IS NULL OR keep < 1 OR keep_from IS NULL OR NOT isfinite(keep_from) THEN
        RAISE EXCEPTION 'keep must be at least 1 month, and moment a moment' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF moment > now() + interval '1 day' THEN
        RAISE EXCEPTION 'moment must not lie ahead' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(88465361560947);
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.token_audit_logs'::regclass AND c.relname ~ '^token_audit_logs_[0-9]{4,}_[0-9]{2}$'
        ORDER BY c.relname
    LOOP
        CONTINUE WHEN to_timestamp(substr(part, 18), 'YYYY_MM') + interval '1 month' > keep_from;
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped || part;
    END LOOP;
    IF cardinality(dropped) > 0 THEN
        INSERT INTO token_audit_logs (actor, action, before, after, created_at)
            VALUES (session_user, 'audit.partitions_dropped', to_json(dropped), json_build_object('keep_from', keep_from), moment);
    END IF;
    RETURN cardinality(dropped);
END $$;

REVOKE ALL ON FUNCTION purser_create_audit_partitions(timestamptz, integer), purser_drop_audit_partitions(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purser_create_audit_partitions(timestamptz, integer), purser_drop_audit_partitions(timestamptz, integer)
    TO purser_expiry;
GRANT INSERT ON token_audit_logs TO purser_meter, purser_billing, purser_operator;
GRANT SELECT ON token_audit_logs TO purser_operator, purser_auditor;

DO $$ BEGIN PERFORM purser_create_audit_partitions(now(), 4); END $$;

INSERT INTO purser_migrations (version, name, checksum) VALUES (6, 'audit', nullif(current_setting('purser.checksum', true), ''));
COMMIT;
