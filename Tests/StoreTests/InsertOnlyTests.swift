import Postgres
import PurserTesting
import Testing

@Suite("Insert-only tables stay as they were written (domain.md 4.4)")
struct InsertOnlyTests {
    private static let tables = [
        "token_balance_history", "debt_repayments", "token_usage_refunds", "ledger_checkpoints", "token_audit_logs",
        "token_audit_logs_default", "purchase_taken_parts", "invoices", "credit_notes",
    ]

    private static func changes(of table: String) -> [String] {
        let column =
            switch table {
            case "token_audit_logs", "token_audit_logs_default": "actor"
            case "purchase_taken_parts": "lot_id"
            case "invoices", "credit_notes": "organization_id"
            default: "wallet_id"
            }
        return [
            "UPDATE \(table) SET \(column) = \(column)", "UPDATE \(table) SET \(column) = \(column) WHERE false", "DELETE FROM \(table)",
            "TRUNCATE \(table)",
        ]
    }

    @Test("No role may update, delete or truncate")
    func roles() throws {
        try TestSchema.with("insert_only") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.sql)
            for sql in InsertOnlyTests.tables.flatMap(InsertOnlyTests.changes) {
                for role in TestSchema.roles {
                    try #expect(owner.attempt(sql, as: role)?.sqlState == "42501", "\(role): \(sql)")
                }
            }
        }
    }

    @Test("A role that was given every right, and became the owner, is refused too")
    func rights() throws {
        try TestSchema.with("insert_only_rights") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.sql)
            for table in InsertOnlyTests.tables {
                try owner.run("GRANT ALL ON \(table) TO purser_meter; ALTER TABLE \(table) OWNER TO purser_meter")
                for sql in InsertOnlyTests.changes(of: table) {
                    let error = try owner.attempt(sql, as: "purser_meter")
                    // What others refer to cannot be truncated by anybody.
                    let isReferred = sql.hasPrefix("TRUNCATE") && error?.sqlState == "0A000"
                    #expect(isReferred || error?.message.contains("accepts only inserts") == true, "\(sql)")
                }
            }
        }
    }

    @Test("A superuser can falsify, which is what the verification is for")
    func falsification() throws {
        try TestSchema.with("insert_only_super") { _, superuser in
            try superuser.run(RuleFixture.sql)
            try superuser.run("UPDATE token_balance_history SET amount = 1 WHERE sequence = 1")
            try superuser.run("DELETE FROM token_balance_history WHERE sequence = 2")
        }
    }
}
