import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Operator

/// What `purser ledger verify` finds after somebody with every right has been at the ledger.
@Suite("Ledger verification")
struct LedgerVerifyTests {
    private static let tampering: [(what: String, sql: String, sequence: Int64, fault: String)] = [
        ("changed", "UPDATE token_balance_history SET amount = amount + 1 WHERE wallet_id = :b AND sequence = 4", 4, "digest_differs"),
        (
            "changed in its description", "UPDATE token_balance_history SET description = 'x' WHERE wallet_id = :b AND sequence = 2", 2,
            "digest_differs"
        ),
        ("removed", "DELETE FROM token_balance_history WHERE wallet_id = :b AND sequence = 3", 3, "rows_missing"),
        ("cut off at the end", "DELETE FROM token_balance_history WHERE wallet_id = :b AND sequence >= 5", 5, "tail_missing"),
        ("removed altogether", "DELETE FROM token_balance_history WHERE wallet_id = :b", 1, "tail_missing"),
        (
            "inserted",
            """
            UPDATE token_balance_history SET sequence = sequence + 100 WHERE wallet_id = :b AND sequence >= 3;
            UPDATE token_balance_history SET sequence = sequence - 99 WHERE wallet_id = :b AND sequence > 100;
            INSERT INTO token_balance_history
                (wallet_id, sequence, amount, balance_after, occurred_at, created_at, type, source, event_id, digest)
                SELECT wallet_id, 3, amount, balance_after, occurred_at, created_at, type, source, event_id || 'x', digest
                FROM token_balance_history WHERE wallet_id = :b AND sequence = 2
            """, 3, "digest_differs"
        ),
        (
            "swapped",
            """
            UPDATE token_balance_history SET sequence = 999 WHERE wallet_id = :b AND sequence = 2;
            UPDATE token_balance_history SET sequence = 2 WHERE wallet_id = :b AND sequence = 3;
            UPDATE token_balance_history SET sequence = 3 WHERE wallet_id = :b AND sequence = 999
            """, 2, "digest_differs"
        ),
        (
            "balanced by the wallet itself",
            "UPDATE organization_token_wallets SET current_balance = current_balance + 1 WHERE id = :b", 6, "wallet_differs"
        ),
    ]

    @Test("the first wrong row is named, and only that wallet", arguments: tampering.indices)
    func tampered(_ index: Int) throws {
        let (what, sql, sequence, fault) = LedgerVerifyTests.tampering[index]
        try DatabaseFixture.with("verify") { database, connection in
            try DatabaseFixture.grant(["a", "b", "c"], times: 6, on: connection)
            let environment = ["DATABASE_URL": database.url]
            let clean = CommandRun(["ledger", "verify"], environment)
            #expect(clean.code == .done && clean.output.contains("18 rows of 3 wallets verified"), "\(clean.output)\(clean.errors)")
            let id = "(SELECT id FROM organization_token_wallets WHERE organization_id = 'b')"
            let parts = sql.split(separator: ":b", omittingEmptySubsequences: false).joined(separator: id)
            try connection.run("SET session_replication_role = replica; \(parts); SET session_replication_role = DEFAULT")
            let json = CommandRun(["ledger", "verify", "--json"], environment)
            #expect(json.code == .differences, "\(what)")
            let findings = try json.json()["findings"]?.elements ?? []
            #expect(findings.count == 1 && findings[0]["organization"]?.text == "b", "\(what)")
            #expect(findings[0]["sequence"]?.whole == sequence && findings[0]["fault"]?.text == fault, "\(what): \(json.output)")
            let human = CommandRun(["ledger", "verify", "b"], environment)
            #expect(human.code == .differences && human.output.contains("b row \(sequence):"), "\(what): \(human.output)")
            #expect(CommandRun(["ledger", "verify", "a"], environment).code == .done)
        }
    }

    @Test("a wallet that was taken away with its rows is missed by its checkpoint")
    func removedAltogether() throws {
        try DatabaseFixture.with("verify") { database, connection in
            try DatabaseFixture.grant(["a", "b", "c"], times: 3, on: connection)
            try connection.run(
                """
                SET session_replication_role = replica;
                INSERT INTO ledger_checkpoints (taken_at, wallet_id, sequence, balance, digest)
                    SELECT now(), id, ledger_sequence, current_balance, ledger_digest FROM organization_token_wallets;
                DELETE FROM token_balance_history h USING organization_token_wallets w
                    WHERE w.id = h.wallet_id AND w.organization_id = 'b';
                DELETE FROM token_lots l USING organization_token_wallets w WHERE w.id = l.wallet_id AND w.organization_id = 'b';
                DELETE FROM organization_token_wallets WHERE organization_id = 'b';
                SET session_replication_role = DEFAULT
                """)
            let run = CommandRun(["ledger", "verify", "--json"], ["DATABASE_URL": database.url])
            let findings = try run.json()["findings"]?.elements ?? []
            #expect(run.code == .differences && findings.count == 1, "\(run.output)")
            #expect(findings.first?["fault"]?.text == "wallet_missing" && findings.first?["sequence"]?.whole == 3, "\(run.output)")
            #expect(CommandRun(["ledger", "verify", "a"], ["DATABASE_URL": database.url]).code == .done)
        }
    }

    @Test("an organization without a wallet is told")
    func unknown() throws {
        try DatabaseFixture.with("verify") { database, _ in
            let run = CommandRun(["ledger", "verify", "nobody"], ["DATABASE_URL": database.url])
            #expect(run.code == .differences && run.errors.contains("nobody has no wallet"))
        }
    }
}
