import Postgres
import PurserTesting
import Testing

@Suite("Audit rows lie in monthly partitions and leave by whole months (domain.md 12.5)")
struct AuditPartitionTests {
    private static let places = Statement(
        "test_places", "SELECT tableoid::regclass || ' ' || action FROM token_audit_logs ORDER BY created_at, id")

    @Test("Rows that came before their partition move into it; old months go, and the log says so")
    func life() throws {
        try TestSchema.with("audit") { _, owner in
            try owner.run(
                """
                INSERT INTO token_audit_logs (actor, action, created_at) VALUES
                    ('a', 'old', '2001-03-31 23:59:59+00'), ('a', 'next', '2001-04-01 00:00:00+00'), ('a', 'far', '2040-12-31 23:59:59+00');
                SELECT purser_create_audit_partitions('2001-03-15 00:00:00+00', 1);
                """)
            try #expect(
                owner.texts(AuditPartitionTests.places) == [
                    "token_audit_logs_2001_03 old", "token_audit_logs_default next", "token_audit_logs_default far",
                ])
            try owner.run(
                """
                SELECT purser_create_audit_partitions('2001-03-01 00:00:00+00', 2);
                SELECT purser_create_audit_partitions('2040-12-01 00:00:00+00', 1);
                SELECT purser_drop_audit_partitions('2001-05-20 00:00:00+00', 1);
                """)
            try #expect(
                owner.texts(AuditPartitionTests.places) == [
                    "token_audit_logs_2001_04 next", "token_audit_logs_default audit.partitions_dropped", "token_audit_logs_2040_12 far",
                ])
        }
    }

    @Test("Impossible wishes are refused")
    func refused() throws {
        try TestSchema.with("audit_refused") { _, owner in
            for call in [
                "purser_create_audit_partitions('infinity', 1)", "purser_create_audit_partitions(now(), 0)",
                "purser_create_audit_partitions(now(), 1000)", "purser_drop_audit_partitions(now(), 0)",
                "purser_drop_audit_partitions(now() + interval '25 hours', 84)",
                "purser_drop_audit_partitions(NULL, 84)", "purser_drop_audit_partitions(now(), NULL)",
            ] {
                #expect(throws: DatabaseError.self, "\(call)") { try owner.run("SELECT " + call) }
            }
        }
    }
}
