import Crypto
import Domain
import Postgres

enum VerificationStatements {
    static let wallets = Statement(
        "verify_wallets",
        """
        SELECT id, organization_id, ledger_sequence, current_balance, ledger_digest FROM organization_token_wallets
        WHERE $1::text IS NULL OR organization_id = $1
        """)

    static let checkpoints = Statement(
        "verify_checkpoints", "SELECT wallet_id, sequence, balance, digest FROM ledger_checkpoints ORDER BY wallet_id, sequence")

    /// Pages along the primary key. `metadata` comes as the text that was received.
    static let page = Statement(
        "verify_page",
        """
        SELECT wallet_id, sequence, type, amount, balance_after, outcome, reason, source, event_id, service, quantity,
               purchase_reference_id, occurred_at, created_at, description, metadata::text, draws, digest
        FROM token_balance_history
        WHERE (wallet_id, sequence) > ($1, $2) AND ($3::bigint IS NULL OR wallet_id = $3)
        ORDER BY wallet_id, sequence
        LIMIT $4
        """)
}

/// A ledger row as it stands in the table, with the text of its draws.
struct VerifiedRow {
    var row: LedgerRow
    let draws: String
    let digest: Digest?
    /// A word that is none of ours cannot have come from us, whatever the digest says of the word that it is read as.
    let hasForeignWord: Bool

    init(_ rows: Rows, _ index: Int) {
        let type = LedgerType(rawValue: rows.text(index, 2))
        let outcome = rows.textOrNil(index, 5).map(UsageOutcome.init(rawValue:))
        hasForeignWord = type == nil || outcome == .some(nil)
        row = LedgerRow(
            walletID: rows.int64(index, 0), sequence: rows.int64(index, 1), type: type ?? .usage,
            amount: rows.int64(index, 3), balanceAfter: rows.int64(index, 4), occurredAt: Moment(microseconds: rows.timestamp(index, 12)),
            createdAt: Moment(microseconds: rows.timestamp(index, 13)))
        row.outcome = outcome ?? nil
        row.reason = rows.textOrNil(index, 6)
        row.identity = EventIdentity(source: rows.text(index, 7), id: rows.text(index, 8))
        row.service = rows.textOrNil(index, 9)
        row.quantity = rows.int64OrNil(index, 10)
        row.purchaseReference = rows.textOrNil(index, 11)
        row.description = rows.textOrNil(index, 14)
        row.metadata = rows.textOrNil(index, 15)
        draws = rows.text(index, 16)
        digest = rows.withBytes(index, 17) { Digest($0) }
    }
}
