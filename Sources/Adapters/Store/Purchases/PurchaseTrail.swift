public import Domain
public import Postgres

/// Everything that is stored about one purchase, for people who look at it. Nothing is locked, and nothing is changed.
public struct PurchaseTrail: Sendable {
    /// An attempt and what became of it.
    public struct Attempt: Sendable {
        public let attempt: PaymentAttempt
        /// Nil while nobody knows.
        public let outcome: AttemptOutcome?
        public let code: String?
        /// The gateway's id of the charge or page.
        public let object: String?
        public let endedAt: Moment?
    }

    /// A ledger row that the purchase caused.
    public struct LedgerEntry: Sendable {
        public let sequence: Int64
        public let type: String
        public let amount: Int64
        public let balanceAfter: Int64
        public let createdAt: Moment
    }

    /// A document that was issued for it.
    public struct Document: Sendable {
        public let number: String
        public let issuedAt: Moment
    }

    /// What took its invoice back, all or in part.
    public struct CreditNoteEntry: Sendable {
        public let number: String
        public let refund: Int64
        public let issuedAt: Moment
        public let tokens: Int64
        public let total: Money
    }

    public let purchase: StoredPurchase
    /// When its row was changed for the last time.
    public let updatedAt: Moment
    public let invoice: Document?
    public let attempts: [Attempt]
    public let refunds: [StoredRefund]
    public let disputes: [StoredDispute]
    public let creditNotes: [CreditNoteEntry]
    /// Those that name it, and those about its charges.
    public let webhooks: [StoredGatewayEvent]
    public let ledger: [LedgerEntry]

    /// In one snapshot, so that the parts fit one another; nil where there is no such purchase.
    /// - Throws: the database's error; calling again is harmless.
    public static func read(_ reference: PurchaseReference, on connection: DatabaseConnection) throws(DatabaseError) -> PurchaseTrail? {
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        do {
            let trail = try readAll(reference, connection)
            try connection.run("COMMIT")
            return trail
        } catch {
            try? connection.rollbackIfNeeded()
            throw error
        }
    }

    private static func readAll(
        _ reference: PurchaseReference, _ connection: DatabaseConnection
    ) throws(DatabaseError) -> PurchaseTrail? {
        guard let owner = try Purchases.owner(of: reference, on: connection) else { return nil }
        func of(_ statement: Statement) -> Request {
            var parameters = Parameters()
            parameters.add(int64: owner.purchase)
            return Request(statement, parameters)
        }
        let rows = try connection.pipeline([
            Purchases.loading([owner.purchase]), of(PurchaseTrailStatements.documents), of(PurchaseTrailStatements.attempts),
            PurchaseRefunds.loading(purchase: owner.purchase), of(PurchaseTrailStatements.disputes),
            of(PurchaseTrailStatements.creditNotes), of(PurchaseTrailStatements.webhooks), of(PurchaseTrailStatements.ledger),
        ])
        guard let purchase = Purchases.found(in: rows[0]).first else { return nil }
        return PurchaseTrail(
            purchase: purchase, updatedAt: Moment(microseconds: rows[1].timestamp(0, 0)), invoice: invoice(rows[1]),
            attempts: (0..<rows[2].count).map { attempt(rows[2], $0) }, refunds: PurchaseRefunds.found(in: rows[3]),
            disputes: PurchaseDisputes.all(in: rows[4]),
            creditNotes: (0..<rows[5].count).map { creditNote(rows[5], $0, purchase.purchase.total.currency) },
            webhooks: GatewayEvents.all(in: rows[6]), ledger: (0..<rows[7].count).map { entry(rows[7], $0) })
    }

    private static func invoice(_ rows: Rows) -> Document? {
        guard let number = rows.textOrNil(0, 1) else { return nil }
        return Document(number: number, issuedAt: Moment(microseconds: rows.timestamp(0, 2)))
    }

    private static func attempt(_ rows: Rows, _ row: Int) -> Attempt {
        Attempt(
            attempt: PaymentAttempts.attempt(rows, row),
            outcome: PurchaseRows.optionalWord(rows.textOrNil(row, 10)) { AttemptOutcome(rawValue: $0) }, code: rows.textOrNil(row, 11),
            object: rows.textOrNil(row, 12), endedAt: PurchaseRows.moment(rows, row, 13))
    }

    private static func creditNote(_ rows: Rows, _ row: Int, _ currency: Currency) -> CreditNoteEntry {
        CreditNoteEntry(
            number: rows.text(row, 0), refund: rows.int64(row, 1), issuedAt: Moment(microseconds: rows.timestamp(row, 2)),
            tokens: rows.int64(row, 3), total: PurchaseRows.money(rows, row, 4, currency))
    }

    private static func entry(_ rows: Rows, _ row: Int) -> LedgerEntry {
        LedgerEntry(
            sequence: rows.int64(row, 0), type: rows.text(row, 1), amount: rows.int64(row, 2), balanceAfter: rows.int64(row, 3),
            createdAt: Moment(microseconds: rows.timestamp(row, 4)))
    }
}
