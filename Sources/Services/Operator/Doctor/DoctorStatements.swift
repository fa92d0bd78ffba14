import Postgres

/// What `doctor` asks the database.
enum DoctorStatements {
    static let server = Statement(
        "doctor_server",
        """
        SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding'), clock_timestamp()
        """)

    static let settings = Statement(
        "doctor_settings",
        """
        SELECT name, setting FROM pg_settings
        WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum', 'max_connections') ORDER BY name
        """)

    /// What the command line itself needs (operations.md, "Two commands": the operator's rights).
    static let ownRights = Statement(
        "doctor_own_rights",
        """
        SELECT 'read ' || t, has_table_privilege('public.' || t, 'SELECT')
        FROM unnest(ARRAY['organization_token_wallets', 'token_lots', 'token_balance_history', 'usage_refusals', 'consumer_heartbeats', 'outbox'])
            AS t
        UNION ALL SELECT 'write token_audit_logs', has_table_privilege('public.token_audit_logs', 'INSERT')
        UNION ALL SELECT 'write system_settings', has_column_privilege('public.system_settings', 'enabled', 'UPDATE')
        """)

    /// The programs of this release. A superuser may do everything and is no program's role.
    static let roles = Statement(
        "doctor_roles",
        """
        SELECT n.name, r.oid IS NOT NULL, coalesce(r.rolcanlogin, false),
            coalesce(NOT r.rolsuper AND (has_table_privilege(r.oid, 'public.token_balance_history', 'UPDATE')
                OR has_table_privilege(r.oid, 'public.token_balance_history', 'DELETE')
                OR has_table_privilege(r.oid, 'public.token_balance_history', 'TRUNCATE')), false)
        FROM unnest(ARRAY['purser_meter', 'purser_billing', 'purser_operator']) AS n (name)
        LEFT JOIN pg_roles r ON r.rolname = n.name
        ORDER BY n.name
        """)
}
