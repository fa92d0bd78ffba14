import Postgres

/// A wallet with a lot, an overdrawn debit and a hold, made by the owner, for the tests that break rules by hand.
enum RuleFixture {
    static let sql = """
        INSERT INTO organization_token_wallets (organization_id, ledger_digest, overdraft_limit) VALUES ('org-1', sha256('org-1'), 50);
        INSERT INTO token_balance_history (wallet_id, sequence, type, amount, balance_after, source, event_id, occurred_at, digest)
            VALUES (1, 1, 'grant', 100, 100, '/t', 'g1', now(), sha256('1'));
        INSERT INTO token_lots (wallet_id, lot_id, granted, remaining, held, effective_at, kind, origin, origin_sequence)
            VALUES (1, 1, 100, 60, 10, now(), 'promotional', 'grant', 1);
        UPDATE organization_token_wallets SET ledger_sequence = 1, current_balance = 100, last_lot_id = 1;
        INSERT INTO token_balance_history
            (wallet_id, sequence, type, amount, balance_after, outcome, service, quantity, source, event_id, occurred_at, draws, digest)
            VALUES (1, 2, 'usage', -60, 40, 'overdrawn', 'ai.chat', 1, '/t', 'u1', now(), '1:40,debt:20', sha256('2'));
        UPDATE organization_token_wallets SET ledger_sequence = 2, current_balance = 40, held = 10, overdraft_debt = 20, total_spent = 60;
        INSERT INTO overdrawn_debits (wallet_id, sequence, overdrawn, outstanding) VALUES (1, 2, 20, 20);
        INSERT INTO token_holds
            (wallet_id, hold_id, tokens, pinned, placed_at, ends_at, service, outcome, draws, content_digest)
            VALUES (1, 'h1', 10, 10, now(), now() + interval '1 hour', 'ai.chat', 'held', '1:10', sha256('h'));
        INSERT INTO system_settings (enabled) VALUES (true);
        INSERT INTO debt_repayments (wallet_id, debit_sequence, lot_id, tokens, cause) VALUES (1, 2, 1, 5, 'credit');
        INSERT INTO token_usage_refunds (wallet_id, debit_sequence, refund_sequence, tokens) VALUES (1, 1, 2, 1);
        INSERT INTO ledger_checkpoints (taken_at, wallet_id, sequence, balance, digest) VALUES (now(), 1, 2, 40, sha256('2'));
        INSERT INTO token_audit_logs (actor, action) VALUES ('somebody', 'wallet.opened');
        """

    /// One ledger row of wallet 1, with what a test wants to be different.
    static func row(
        wallet: Int = 1, sequence: Int = 3, type: String = "usage", amount: Int = -1, balance: Int = 39, outcome: String = "'debited'",
        reason: String = "NULL", service: String = "'ai.chat'", quantity: String = "1", digest: String = "sha256('3')", id: String = "u2"
    ) -> String {
        """
        INSERT INTO token_balance_history
            (wallet_id, sequence, type, amount, balance_after, outcome, reason, service, quantity, source, event_id, occurred_at, digest)
            VALUES (\(wallet), \(sequence), '\(type)', \(amount), \(balance), \(outcome), \(reason), \(service), \(quantity), '/t', '\(id)',
                    now(), \(digest))
        """
    }

    static func lot(_ change: String) -> String { "UPDATE token_lots SET \(change) WHERE wallet_id = 1 AND lot_id = 1" }

    static func wallet(_ change: String) -> String { "UPDATE organization_token_wallets SET \(change) WHERE id = 1" }

    static func hold(_ change: String) -> String { "UPDATE token_holds SET \(change) WHERE wallet_id = 1" }

    static func newHold(id: String = "'h2'", service: String = "'ai.chat'") -> String {
        """
        INSERT INTO token_holds (wallet_id, hold_id, tokens, pinned, placed_at, ends_at, service, outcome, content_digest)
            VALUES (1, \(id), 10, 0, now(), now() + interval '1 hour', \(service), 'shadow', sha256('h'))
        """
    }

    static func newLot(_ columns: String, _ values: String) -> String {
        """
        INSERT INTO token_lots (wallet_id, lot_id, granted, remaining, effective_at, origin_sequence, \(columns))
            VALUES (1, 2, 10, 10, now(), 1, \(values))
        """
    }
}
