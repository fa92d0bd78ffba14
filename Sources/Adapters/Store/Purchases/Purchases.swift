public import Domain
public import Postgres

/// The table `token_purchases`. Its rows are protected by the lock on their wallet: lock that first.
public enum Purchases {
    /// Whose a purchase is, so that the wallet can be locked.
    public struct Owner: Hashable, Sendable {
        public let purchase: Int64
        public let organization: String
    }

    /// - Throws: the database's error; calling again is harmless.
    public static func owner(of reference: PurchaseReference, on connection: DatabaseConnection) throws(DatabaseError) -> Owner? {
        var parameters = Parameters()
        parameters.add(text: reference.text)
        return found(try connection.query(PurchaseStatements.owner, parameters))
    }

    /// The same by the gateway's id of a charge, or by the key of an attempt.
    /// - Throws: the database's error; calling again is harmless.
    public static func owner(
        ofCharge transaction: String, _ gateway: Gateway, on connection: DatabaseConnection
    ) throws(DatabaseError) -> Owner? {
        var parameters = Parameters()
        parameters.add(text: gateway.rawValue)
        parameters.add(text: transaction)
        return found(try connection.query(PurchaseStatements.ownerOfCharge, parameters))
    }

    private static func found(_ rows: Rows) -> Owner? {
        rows.isEmpty ? nil : Owner(purchase: rows.int64(0, 0), organization: rows.text(0, 1))
    }

    /// Purchases that a new one has to look at.
    public struct Related: Sendable {
        /// The unfinished ones of its scope.
        public var scope: [Int64] = []
        /// The one that has its idempotency key.
        public var sameKey: Int64?
        /// The one that the same message began.
        public var sameRequest: Int64?

        /// Reads the rows of `relating`.
        public init(_ rows: Rows) {
            for row in 0..<rows.count {
                switch rows.text(row, 1) {
                case "scope": scope.append(rows.int64(row, 0))
                case "key": sameKey = rows.int64(row, 0)
                default: sameRequest = rows.int64(row, 0)
                }
            }
        }

        public var all: [Int64] { Array(Set(scope + [sameKey, sameRequest].compactMap { $0 })).sorted() }
    }

    /// The request that looks for them; read its rows with `Related`.
    public static func relating(
        to scope: PurchaseScope, organization: String, key: String?, request: EventIdentity
    ) -> Request {
        var parameters = Parameters()
        parameters.add(int64: scope.wallet)
        parameters.add(text: scope.type.rawValue)
        parameters.add(text: organization)
        parameters.add(textOrNil: key)
        parameters.add(text: request.source)
        parameters.add(text: request.id)
        return Request(PurchaseStatements.related, parameters)
    }

    /// The request that loads purchases; read its rows with `found(in:)`.
    public static func loading(_ ids: [Int64]) -> Request {
        var parameters = Parameters()
        parameters.add(int64s: ids)
        return Request(PurchaseStatements.load, parameters)
    }

    /// Reads the rows of `loading`, in the order of the ids.
    public static func found(in rows: Rows) -> [StoredPurchase] {
        (0..<rows.count).map { PurchaseRows.purchase(rows, $0) }
    }

    /// The request that inserts a purchase as `pending`; its one row is the id. What it became since has to be stored after it.
    public static func inserting(_ new: StoredPurchase) -> Request {
        let (purchase, terms) = (new.purchase, new.terms)
        var parameters = Parameters()
        parameters.add(text: purchase.reference.text)
        parameters.add(int64: purchase.scope.wallet)
        parameters.add(text: new.organization)
        parameters.add(text: purchase.scope.type.rawValue)
        parameters.add(int64: purchase.tokens)
        parameters.add(text: terms.net.text)
        parameters.add(text: terms.tax.text)
        parameters.add(text: purchase.total.text)
        parameters.add(text: purchase.total.currency.code)
        parameters.add(text: purchase.gateway.rawValue)
        parameters.add(jsonOrNil: terms.metadata)
        parameters.add(timestamp: purchase.createdAt.microseconds)
        parameters.add(text: terms.line.description)
        parameters.add(int64: terms.line.quantity)
        parameters.add(text: terms.line.unitPrice.text)
        parameters.add(text: terms.line.taxRate.text)
        parameters.add(textOrNil: terms.package)
        parameters.add(int64OrNil: terms.expirationDays)
        parameters.add(int64OrNil: purchase.scope.subscription)
        parameters.add(timestampOrNil: purchase.scope.period?.microseconds)
        parameters.add(textOrNil: new.paymentMethod)
        parameters.add(textOrNil: terms.page?.success)
        parameters.add(textOrNil: terms.page?.cancel)
        parameters.add(textOrNil: terms.idempotencyKey)
        parameters.add(bytes: terms.contentDigest)
        parameters.add(textOrNil: terms.request?.source)
        parameters.add(textOrNil: terms.request?.id)
        parameters.add(textOrNil: terms.actor)
        return Request(PurchaseStatements.insert, parameters)
    }

    /// The request that stores where a purchase stands.
    public static func storing(_ stored: StoredPurchase, at moment: Moment) -> Request {
        let state = stored.purchase.state
        var parameters = Parameters()
        parameters.add(int64: stored.id)
        parameters.add(text: state.status.rawValue)
        parameters.add(textOrNil: state.phase?.rawValue)
        parameters.add(int64: Int64(state.attempts))
        parameters.add(timestampOrNil: state.calledAt?.microseconds)
        parameters.add(bool: state.repeatsAttempt)
        parameters.add(int64: Int64(state.slowDowns))
        parameters.add(int64: Int64(state.asks))
        parameters.add(timestampOrNil: state.nextActionAt?.microseconds)
        parameters.add(bool: state.hasPage)
        parameters.add(bool: state.isCancelWished)
        parameters.add(textOrNil: state.closing?.rawValue)
        parameters.add(bool: state.hadUnknownCode)
        parameters.add(textOrNil: state.failure)
        parameters.add(textOrNil: state.transaction)
        parameters.add(timestampOrNil: state.completedAt?.microseconds)
        parameters.add(int64: state.refundedTokens)
        parameters.add(textOrNil: state.statusBeforeDispute?.rawValue)
        parameters.add(textOrNil: stored.paymentMethod)
        parameters.add(textOrNil: stored.pageURL)
        parameters.add(textOrNil: stored.gatewayObject)
        parameters.add(int64OrNil: stored.ownAfter)
        parameters.add(timestamp: moment.microseconds)
        return Request(PurchaseStatements.update, parameters)
    }

    /// Purchases with something to do at a moment, by id.
    /// - Parameter after: the last id of the page before; 0 to begin.
    public static func due(at moment: Moment, after: Int64, limit: Int64) -> Request {
        var parameters = Parameters()
        parameters.add(timestamp: moment.microseconds)
        parameters.add(int64: after)
        parameters.add(int64: limit)
        return Request(PurchaseStatements.due, parameters)
    }

    /// Reads the rows of `due`.
    public static func due(in rows: Rows) -> [(id: Int64, reference: PurchaseReference)] {
        (0..<rows.count).map { (id: rows.int64($0, 0), reference: PurchaseRows.word(rows.text($0, 1)) { PurchaseReference($0) }) }
    }
}
