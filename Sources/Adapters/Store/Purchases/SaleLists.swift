public import Domain
public import Postgres

/// A purchase in a list.
public struct ListedPurchase: Sendable {
    public let reference: PurchaseReference
    public let organization: String
    public let type: PurchaseType
    public let status: PurchaseStatus
    public let phase: PurchasePhase?
    public let tokens: Int64
    public let total: Money
    public let gateway: Gateway
    public let failure: String?
    public let createdAt: Moment
    public let completedAt: Moment?
    public let nextAttemptAt: Moment?
    /// The number of its invoice.
    public let invoice: String?
}

/// An invoice in a list.
public struct ListedInvoice: Sendable {
    public let number: String
    public let organization: String
    public let reference: PurchaseReference
    public let issuedAt: Moment
    public let total: Money
    public let paidAt: Moment?
    /// The numbers of what took it back.
    public let creditNotes: [String]
}

/// Lists of sales for people, the newest first. Nothing is locked.
public enum SaleLists {
    /// Purchases, all or those of an organization, a status and a type.
    /// - Throws: the database's error; calling again is harmless.
    public static func purchases(
        organization: String? = nil, status: PurchaseStatus? = nil, type: PurchaseType? = nil, limit: Int64,
        on connection: DatabaseConnection
    ) throws(DatabaseError) -> [ListedPurchase] {
        var parameters = Parameters()
        parameters.add(textOrNil: organization)
        parameters.add(textOrNil: status?.rawValue)
        parameters.add(textOrNil: type?.rawValue)
        parameters.add(int64: limit)
        let rows = try connection.query(SaleListStatements.purchases, parameters)
        return (0..<rows.count).map { row in
            let currency = PurchaseRows.word(rows.text(row, 7)) { Currency($0) }
            return ListedPurchase(
                reference: PurchaseRows.word(rows.text(row, 0)) { PurchaseReference($0) }, organization: rows.text(row, 1),
                type: PurchaseRows.word(rows.text(row, 2)) { PurchaseType(rawValue: $0) },
                status: PurchaseRows.word(rows.text(row, 3)) { PurchaseStatus(rawValue: $0) },
                phase: PurchaseRows.optionalWord(rows.textOrNil(row, 4)) { PurchasePhase(rawValue: $0) }, tokens: rows.int64(row, 5),
                total: PurchaseRows.money(rows, row, 6, currency),
                gateway: PurchaseRows.word(rows.text(row, 8)) { Gateway(rawValue: $0) }, failure: rows.textOrNil(row, 9),
                createdAt: Moment(microseconds: rows.timestamp(row, 10)), completedAt: PurchaseRows.moment(rows, row, 11),
                nextAttemptAt: PurchaseRows.moment(rows, row, 12), invoice: rows.textOrNil(row, 13))
        }
    }

    /// Invoices, all or those of an organization.
    /// - Throws: the database's error; calling again is harmless.
    public static func invoices(
        organization: String? = nil, limit: Int64, on connection: DatabaseConnection
    ) throws(DatabaseError) -> [ListedInvoice] {
        var parameters = Parameters()
        parameters.add(textOrNil: organization)
        parameters.add(int64: limit)
        return listed(try connection.query(SaleListStatements.invoices, parameters))
    }

    private static func listed(_ rows: Rows) -> [ListedInvoice] {
        (0..<rows.count).map { row in
            let currency = PurchaseRows.word(rows.text(row, 5)) { Currency($0) }
            return ListedInvoice(
                number: rows.text(row, 0), organization: rows.text(row, 1),
                reference: PurchaseRows.word(rows.text(row, 2)) { PurchaseReference($0) },
                issuedAt: Moment(microseconds: rows.timestamp(row, 3)), total: PurchaseRows.money(rows, row, 4, currency),
                paidAt: PurchaseRows.moment(rows, row, 6), creditNotes: rows.textArray(row, 7))
        }
    }
}

enum SaleListStatements {
    /// By the index on organization and status, or the one on the moment.
    static let purchases = Statement(
        "sales_purchases",
        """
        SELECT p.purchase_reference_id, p.organization_id, p.purchase_type, p.status, p.phase, p.tokens, p.total_amount::text, p.currency,
               p.gateway, p.failure_reason, p.created_at, p.completed_at, p.next_attempt_at, i.number
        FROM token_purchases p LEFT JOIN invoices i ON i.purchase_id = p.id
        WHERE ($1::text IS NULL OR p.organization_id = $1) AND ($2::text IS NULL OR p.status = $2)
          AND ($3::text IS NULL OR p.purchase_type = $3)
        ORDER BY p.created_at DESC, p.id DESC
        LIMIT $4
        """)

    static let invoices = Statement(
        "sales_invoices",
        """
        SELECT i.number, i.organization_id, p.purchase_reference_id, i.issued_at, i.total_amount::text, i.currency, i.paid_at,
               ARRAY(SELECT c.number FROM credit_notes c WHERE c.invoice_number = i.number ORDER BY c.year, c.count)
        FROM invoices i JOIN token_purchases p ON p.id = i.purchase_id
        WHERE $1::text IS NULL OR i.organization_id = $1
        ORDER BY i.year DESC, i.count DESC
        LIMIT $2
        """)
}
