import Postgres
import PurserTesting
import Testing

/// Who may do what: S select, I insert, U update of some column at least, D delete, T truncate, R references, G trigger.
struct ExpectedRights {
    let meter: String
    let billing: String
    let `operator`: String
    let auditor: String
    /// Top-up, notifier, forecaster, expiry, scheduler, gateway: their tables come with their programs.
    var others = ""

    func of(_ role: String) -> String {
        switch role {
        case "purser_meter": meter
        case "purser_billing": billing
        case "purser_operator": `operator`
        case "purser_auditor": auditor
        default: others
        }
    }

    static let byRelation: [String: ExpectedRights] = [
        "organization_token_wallets": ExpectedRights(meter: "SU", billing: "SIU", operator: "S", auditor: "S"),
        "wallet_contacts": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "token_lots": ExpectedRights(meter: "SIU", billing: "SIU", operator: "S", auditor: "S"),
        "token_balance_history": ExpectedRights(meter: "SI", billing: "SI", operator: "S", auditor: "S"),
        "ledger_checkpoints": ExpectedRights(meter: "", billing: "", operator: "S", auditor: "S"),
        "overdrawn_debits": ExpectedRights(meter: "SIU", billing: "SU", operator: "S", auditor: "S"),
        "debt_repayments": ExpectedRights(meter: "SI", billing: "SI", operator: "S", auditor: "S"),
        "token_usage_refunds": ExpectedRights(meter: "SI", billing: "S", operator: "S", auditor: "S"),
        "token_transactions": ExpectedRights(meter: "", billing: "", operator: "S", auditor: "S"),
        "token_usage_summary": ExpectedRights(meter: "", billing: "", operator: "S", auditor: "S"),
        "service_rates": ExpectedRights(meter: "SIU", billing: "S", operator: "S", auditor: "S"),
        "system_settings": ExpectedRights(meter: "SIU", billing: "SI", operator: "SIU", auditor: "S"),
        "usage_refusals": ExpectedRights(meter: "SIU", billing: "", operator: "S", auditor: "S"),
        "unlimited_coverage": ExpectedRights(meter: "S", billing: "SIU", operator: "S", auditor: "S"),
        "token_holds": ExpectedRights(meter: "SIU", billing: "", operator: "S", auditor: "S"),
        "processed_requests": ExpectedRights(meter: "SID", billing: "SID", operator: "S", auditor: "S"),
        "idempotency_keys": ExpectedRights(meter: "", billing: "SI", operator: "S", auditor: "S"),
        "outbox": ExpectedRights(meter: "SIUD", billing: "SIUD", operator: "S", auditor: "S"),
        "suspect_messages": ExpectedRights(meter: "SIUD", billing: "SIUD", operator: "S", auditor: "S"),
        "consumer_heartbeats": ExpectedRights(meter: "SIUD", billing: "SIUD", operator: "S", auditor: "S"),
        "token_audit_logs": ExpectedRights(meter: "I", billing: "I", operator: "SI", auditor: "S"),
        "token_catalogs": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "token_packages": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "payment_methods": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "token_purchases": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "payment_attempts": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "purchase_refunds": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "purchase_disputes": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "purchase_taken_parts": ExpectedRights(meter: "", billing: "SI", operator: "S", auditor: "S"),
        "invoice_counters": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "invoices": ExpectedRights(meter: "", billing: "SI", operator: "S", auditor: "S"),
        "credit_notes": ExpectedRights(meter: "", billing: "SI", operator: "S", auditor: "S"),
        "gateway_events": ExpectedRights(meter: "", billing: "SIU", operator: "S", auditor: "S"),
        "token_subscriptions": ExpectedRights(meter: "", billing: "S", operator: "S", auditor: "S"),
        "purser_migrations": ExpectedRights(meter: "S", billing: "S", operator: "S", auditor: "S", others: "S"),
    ]

    static let none = ExpectedRights(meter: "", billing: "", operator: "", auditor: "")

    /// Partitions are reached through their table only.
    static func of(_ relation: String) -> ExpectedRights? {
        byRelation[relation] ?? (relation.hasPrefix("token_audit_logs_") ? ExpectedRights.none : nil)
    }
}

@Suite("Each role may do what it must, and nothing else (operations.md, Security)")
struct PrivilegeTests {
    private static let rights = Statement(
        "test_rights",
        """
        SELECT r.rolname, c.relname,
               CASE WHEN has_any_column_privilege(r.oid, c.oid, 'SELECT') THEN 'S' ELSE '' END
            || CASE WHEN has_any_column_privilege(r.oid, c.oid, 'INSERT') THEN 'I' ELSE '' END
            || CASE WHEN has_any_column_privilege(r.oid, c.oid, 'UPDATE') THEN 'U' ELSE '' END
            || CASE WHEN has_table_privilege(r.oid, c.oid, 'DELETE') THEN 'D' ELSE '' END
            || CASE WHEN has_table_privilege(r.oid, c.oid, 'TRUNCATE') THEN 'T' ELSE '' END
            || CASE WHEN has_any_column_privilege(r.oid, c.oid, 'REFERENCES') THEN 'R' ELSE '' END
            || CASE WHEN has_table_privilege(r.oid, c.oid, 'TRIGGER') THEN 'G' ELSE '' END
        FROM pg_class c, pg_roles r
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND r.rolname = ANY ($1)
        ORDER BY 1, 2
        """)

    @Test("Role by table by right, every table in the schema")
    func matrix() throws {
        try TestSchema.with("rights") { _, owner in
            var parameters = Parameters()
            parameters.add(texts: TestSchema.roles)
            let rows = try owner.query(PrivilegeTests.rights, parameters)
            #expect(rows.count > TestSchema.roles.count * ExpectedRights.byRelation.count)
            for row in 0..<rows.count {
                let (role, relation, found) = (rows.text(row, 0), rows.text(row, 1), rows.text(row, 2))
                #expect(found == ExpectedRights.of(relation)?.of(role), "\(role) on \(relation)")
            }
        }
    }

    @Test("Columns that a program must not change")
    func columns() throws {
        try TestSchema.with("rights_columns") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.sql)
            let fixed: [(String, [String])] =
                PurchaseFixture.fixed.map { ($0, TestSchema.programs) } + [
                    (RuleFixture.wallet("organization_id = 'org-2'"), TestSchema.programs),
                    (RuleFixture.wallet("created_at = now()"), TestSchema.programs),
                    (RuleFixture.wallet("status = 'suspended'"), ["purser_meter"]),
                    (RuleFixture.wallet("overdraft_limit = 1000000"), ["purser_meter"]),
                    (RuleFixture.wallet("overdraft_unlimited = true"), ["purser_meter"]),
                    (RuleFixture.lot("granted = 1000"), TestSchema.programs),
                    (RuleFixture.lot("net_amount = 0"), TestSchema.programs),
                    (RuleFixture.lot("expires_at = NULL"), TestSchema.programs),
                    (RuleFixture.hold("tokens = 5"), TestSchema.programs),
                    (RuleFixture.hold("content_digest = sha256('x')"), TestSchema.programs),
                    ("UPDATE overdrawn_debits SET overdrawn = 1000", TestSchema.programs),
                    ("UPDATE system_settings SET enabled = false", TestSchema.programs),
                    ("UPDATE outbox SET body = ''", TestSchema.programs),
                ]
            for (sql, roles) in fixed {
                for role in roles {
                    try #expect(owner.attempt(sql, as: role)?.sqlState == "42501", "\(role): \(sql)")
                }
            }
        }
    }

    @Test("What each role does every day works")
    func everyDay() throws {
        try TestSchema.with("rights_work") { _, owner in
            try owner.run(RuleFixture.sql)
            let work: [(String, [String])] = [
                ("SELECT FROM organization_token_wallets ORDER BY id FOR UPDATE", ["purser_meter", "purser_billing"]),
                ("SELECT FROM outbox ORDER BY id FOR UPDATE SKIP LOCKED", ["purser_meter", "purser_billing"]),
                (
                    "INSERT INTO system_settings (enabled) VALUES (true) ON CONFLICT (singleton) DO NOTHING",
                    ["purser_meter", "purser_billing"]
                ),
                ("UPDATE system_settings SET rates_version = rates_version + 1, updated_at = now()", ["purser_meter"]),
                ("UPDATE system_settings SET enabled = false, updated_at = now()", ["purser_operator"]),
                (RuleFixture.wallet("status = 'suspended', overdraft_limit = 60, overdraft_unlimited = false"), ["purser_billing"]),
                ("INSERT INTO organization_token_wallets (organization_id, ledger_digest) VALUES ('o', sha256('o'))", ["purser_billing"]),
                ("INSERT INTO token_audit_logs (actor, action) VALUES ('a', 'b')", ["purser_meter", "purser_billing", "purser_operator"]),
                ("SELECT FROM token_transactions; SELECT FROM token_usage_summary", ["purser_operator", "purser_auditor"]),
            ]
            for (sql, roles) in work {
                for role in roles { try #expect(owner.attempt(sql, as: role) == nil, "\(role): \(sql)") }
            }
        }
    }

    @Test("Nobody makes objects, and audit partitions are dropped by expiry only, which the log then shows")
    func functions() throws {
        try TestSchema.with("rights_functions") { _, owner in
            let drop = "SELECT purser_drop_audit_partitions(now() + interval '23 hours', 84)"
            for role in TestSchema.roles {
                let error = try owner.attempt(drop, as: role)
                #expect(role == "purser_expiry" ? error == nil : error?.sqlState == "42501", "\(role): \(drop)")
                try #expect(owner.attempt("ALTER TABLE token_balance_history DISABLE TRIGGER USER", as: role)?.sqlState == "42501")
                try #expect(owner.attempt("SET LOCAL session_replication_role = replica", as: role)?.sqlState == "42501")
                try #expect(owner.attempt("DROP TABLE token_balance_history", as: role)?.sqlState == "42501")
            }
        }
    }
}
