-- Takes back what 0001 gave. A role goes only when we made it and nothing else needs it: another database's objects and
-- grants, members, groups that it was put into, open sessions. Else it stays, without any right in this database.
BEGIN;
SET LOCAL search_path = public, pg_temp;
SET LOCAL client_min_messages = warning;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(88465361560946); END $$;

DROP TABLE IF EXISTS purser_migrations;

DO $$
DECLARE
    member text;
    role   oid;
BEGIN
    FOREACH member IN ARRAY ARRAY['purser_auditor', 'purser_billing', 'purser_expiry', 'purser_forecaster', 'purser_gateway',
                                  'purser_meter', 'purser_notifier', 'purser_operator', 'purser_scheduler', 'purser_topup']
    LOOP
        SELECT oid INTO role FROM pg_roles WHERE rolname = member;
        CONTINUE WHEN role IS NULL;
        BEGIN
            IF EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database() AND a.grantee = role) THEN
                EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), member);
            END IF;
            IF EXISTS (SELECT FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND a.grantee = role) THEN
                EXECUTE format('REVOKE USAGE ON SCHEMA public FROM %I', member);
            END IF;
            EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', member, current_database());
            CONTINUE WHEN shobj_description(role, 'pg_authid') IS DISTINCT FROM 'Made by Purser'
                OR EXISTS (SELECT FROM pg_auth_members m WHERE (m.roleid = role AND m.member <> m.grantor) OR m.member = role)
                OR EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setrole = role)
                OR EXISTS (SELECT FROM pg_stat_activity s WHERE s.usesysid = role);
            -- In a block of its own: when somebody else needs the role, what was taken back above must stay taken back.
            BEGIN
                EXECUTE format('DROP ROLE %I', member);
            EXCEPTION WHEN dependent_objects_still_exist THEN
                NULL;
            END;
        -- internal_error: another database dropped the role at this very moment.
        EXCEPTION WHEN undefined_object OR internal_error THEN
            NULL;
        END;
    END LOOP;
END $$;
COMMIT;
