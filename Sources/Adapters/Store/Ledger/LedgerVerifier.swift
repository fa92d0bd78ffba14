import Crypto
import Domain
public import Postgres

/// Something in the ledger that cannot be: the first wrong row of a wallet (`domain.md` 4.5).
public struct LedgerFinding: Hashable, Sendable {
    /// What is wrong, in the words that `purser ledger verify` prints.
    public enum Fault: String, Hashable, Sendable {
        /// The digest does not follow from the row and the one before: this row was changed, inserted or moved.
        case digest = "digest_differs"
        /// The sequence jumps: this row is missing, and perhaps some after it.
        case missing = "rows_missing"
        /// The wallet has moved on further than its rows: the tail was cut off.
        case tail = "tail_missing"
        /// `balance_after` is not the one before plus the amount.
        case balance = "balance_differs"
        /// The wallet's own balance, sequence or digest is not that of its newest row.
        case wallet = "wallet_differs"
        /// A checkpoint remembers another digest or balance for this row.
        case checkpoint = "checkpoint_differs"
        /// Rows, or a checkpoint, of a wallet that does not exist.
        case orphan = "wallet_missing"
    }

    public let organization: String?
    public let walletID: Int64
    /// The row; where rows are missing, the first of them.
    public let sequence: Int64
    public let fault: Fault
}

/// What a verification found.
public struct LedgerReport: Sendable {
    /// Wallets and rows that were read.
    public internal(set) var wallets: Int64 = 0
    public internal(set) var rows: Int64 = 0
    public internal(set) var checkpoints: Int64 = 0
    /// At most one per wallet, in the order of the wallets' ids; the first is the first wrong row.
    public internal(set) var findings: [LedgerFinding] = []
}

/// Recomputes every digest of the ledger, wallet by wallet, in constant memory.
///
/// Reads in one repeatable snapshot, so that live traffic is not taken for damage. Belongs to the thread of its connection.
public struct LedgerVerifier {
    private let connection: DatabaseConnection
    private var report = LedgerReport()
    private var canonical = CanonicalBytes()
    private var wallets: [Int64: WalletEnd] = [:]
    private var current: WalletWalk?
    private let page: Int64

    /// - Parameter page: rows per round trip.
    public init(on connection: DatabaseConnection, page: Int64 = 5_000) {
        self.connection = connection
        self.page = page
    }

    /// Verifies one organization's wallet, or all; `progress` hears the rows read so far after each page.
    /// - Throws: the database's error; a repetition begins anew.
    public mutating func verify(organization: String? = nil, progress: (Int64) -> Void = { _ in }) throws(DatabaseError) -> LedgerReport {
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        do {
            try walk(organization, progress)
            try connection.run("COMMIT")
        } catch {
            try? connection.rollbackIfNeeded()
            throw error
        }
        report.findings.sort { ($0.walletID, $0.sequence) < ($1.walletID, $1.sequence) }
        // A wallet that is gone can be missed by its rows and by its checkpoints.
        var told: Set<Int64> = []
        report.findings.removeAll { !told.insert($0.walletID).inserted }
        return report
    }

    private mutating func walk(_ organization: String?, _ progress: (Int64) -> Void) throws(DatabaseError) {
        try loadWallets(organization)
        try loadCheckpoints(ofAll: organization == nil)
        var last: (wallet: Int64, sequence: Int64) = (0, 0)
        let only = organization == nil ? nil : (wallets.keys.first ?? -1)
        while true {
            var parameters = Parameters()
            parameters.add(int64: last.wallet)
            parameters.add(int64: last.sequence)
            parameters.add(int64OrNil: only)
            parameters.add(int64: page)
            let rows = try connection.query(VerificationStatements.page, parameters)
            for row in 0..<rows.count { check(VerifiedRow(rows, row)) }
            report.rows += Int64(rows.count)
            progress(report.rows)
            guard rows.count > 0 else { break }
            last = (rows.int64(rows.count - 1, 0), rows.int64(rows.count - 1, 1))
        }
        finishCurrent()
        // What was never met has no rows at all.
        for (id, end) in wallets where end.sequence > 0 { find(id, 1, .tail) }
    }

    private mutating func loadWallets(_ organization: String?) throws(DatabaseError) {
        var parameters = Parameters()
        parameters.add(textOrNil: organization)
        let rows = try connection.query(VerificationStatements.wallets, parameters)
        for row in 0..<rows.count {
            wallets[rows.int64(row, 0)] = WalletEnd(
                organization: rows.text(row, 1), sequence: rows.int64(row, 2), balance: rows.int64(row, 3),
                digest: rows.withBytes(row, 4) { Digest($0) })
        }
        report.wallets = Int64(rows.count)
    }

    /// - Parameter ofAll: whether every wallet was loaded, so that one that a checkpoint knows beside these has been taken away.
    private mutating func loadCheckpoints(ofAll: Bool) throws(DatabaseError) {
        let rows = try connection.query(VerificationStatements.checkpoints)
        for row in 0..<rows.count {
            let id = rows.int64(row, 0)
            guard wallets[id] != nil else {
                // In the order of the wallets, so the first row of each is enough.
                if ofAll, report.findings.last?.walletID != id { find(id, rows.int64(row, 1), .orphan) }
                continue
            }
            report.checkpoints += 1
            wallets[id]?.checkpoints[rows.int64(row, 1), default: []].append(
                Checkpoint(balance: rows.int64(row, 2), digest: rows.withBytes(row, 3) { Digest($0) }))
        }
    }

    private mutating func check(_ verified: VerifiedRow) {
        let row = verified.row
        if current?.walletID != row.walletID {
            finishCurrent()
            start(row.walletID)
        }
        guard var walk = current, !walk.isBroken else { return }
        defer { current = walk }
        if row.sequence != walk.sequence + 1 {
            walk.isBroken = true
            return find(row.walletID, walk.sequence + 1, .missing, walk.organization)
        }
        canonical.clear()
        walk.digest.withBytes { canonical.append(raw: $0) }
        canonical.append(row, draws: verified.draws)
        let digest = canonical.bytes.withUnsafeBytes { SHA256.hash($0) }
        if digest != verified.digest || verified.hasForeignWord {
            walk.isBroken = true
            return find(row.walletID, row.sequence, .digest, walk.organization)
        }
        if row.balanceAfter != walk.balance + row.amount {
            walk.isBroken = true
            return find(row.walletID, row.sequence, .balance, walk.organization)
        }
        walk.sequence = row.sequence
        walk.balance = row.balanceAfter
        walk.digest = digest
        for checkpoint in wallets[row.walletID]?.checkpoints.removeValue(forKey: row.sequence) ?? []
        where checkpoint.digest != digest || checkpoint.balance != row.balanceAfter {
            walk.isBroken = true
            return find(row.walletID, row.sequence, .checkpoint, walk.organization)
        }
    }

    private mutating func start(_ id: Int64) {
        guard let end = wallets[id] else {
            current = WalletWalk(walletID: id, organization: nil, digest: SHA256.hash(UnsafeRawBufferPointer(start: nil, count: 0)))
            current?.isBroken = true
            return find(id, 1, .orphan)
        }
        var name = end.organization
        let origin = name.withUTF8 { SHA256.hash(UnsafeRawBufferPointer($0)) }
        current = WalletWalk(walletID: id, organization: end.organization, digest: origin)
    }

    /// Compares a wallet's own state with its newest row, and with checkpoints of rows that were never met.
    private mutating func finishCurrent() {
        guard let walk = current else { return }
        current = nil
        guard let end = wallets.removeValue(forKey: walk.walletID), !walk.isBroken else { return }
        let remembered = end.checkpoints.keys.filter { $0 > 0 }.max() ?? 0
        if end.sequence > walk.sequence || remembered > walk.sequence {
            find(walk.walletID, walk.sequence + 1, .tail, walk.organization)
        } else if end.sequence != walk.sequence || end.balance != walk.balance || end.digest != walk.digest {
            find(walk.walletID, walk.sequence, .wallet, walk.organization)
        }
    }

    private mutating func find(_ wallet: Int64, _ sequence: Int64, _ fault: LedgerFinding.Fault, _ organization: String? = nil) {
        report.findings.append(
            LedgerFinding(
                organization: organization ?? wallets[wallet]?.organization, walletID: wallet, sequence: sequence, fault: fault))
    }
}

/// Where a wallet says that its chain stands, and what checkpoints say of it by sequence.
private struct WalletEnd {
    let organization: String
    let sequence: Int64
    let balance: Int64
    let digest: Digest?
    var checkpoints: [Int64: [Checkpoint]] = [:]
}

private struct Checkpoint {
    let balance: Int64
    let digest: Digest?
}

/// How far the walk along one wallet's rows has come.
private struct WalletWalk {
    let walletID: Int64
    let organization: String?
    var sequence: Int64 = 0
    var balance: Int64 = 0
    var digest: Digest
    var isBroken = false

    init(walletID: Int64, organization: String?, digest: Digest) {
        self.walletID = walletID
        self.organization = organization
        self.digest = digest
    }
}
