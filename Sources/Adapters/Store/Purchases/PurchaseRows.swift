import Domain
import Postgres

/// Reads rows of `PurchaseStatements.load`. The database checks every word and amount, so what does not fit is a mistake of ours.
enum PurchaseRows {
    static func purchase(_ rows: Rows, _ row: Int) -> StoredPurchase {
        guard let currency = Currency(rows.text(row, 8)) else {
            preconditionFailure("a purchase's currency was checked when it was priced")
        }
        return StoredPurchase(
            id: rows.int64(row, 0), organization: rows.text(row, 1), purchase: rules(rows, row, currency),
            terms: terms(rows, row, currency),
            paymentMethod: rows.textOrNil(row, 45), pageURL: rows.textOrNil(row, 46), gatewayObject: rows.textOrNil(row, 47),
            ownAfter: rows.int64OrNil(row, 48), hasSuccessor: rows.bool(row, 50), invoice: rows.textOrNil(row, 49))
    }

    private static func rules(_ rows: Rows, _ row: Int, _ currency: Currency) -> Purchase {
        Purchase(
            reference: word(rows.text(row, 2)) { PurchaseReference($0) },
            scope: PurchaseScope(
                wallet: rows.int64(row, 3), type: word(rows.text(row, 4)) { PurchaseType(rawValue: $0) },
                subscription: rows.int64OrNil(row, 5), period: moment(rows, row, 6)),
            tokens: rows.int64(row, 7), total: money(rows, row, 11, currency),
            gateway: word(rows.text(row, 12)) { Gateway(rawValue: $0) },
            createdAt: Moment(microseconds: rows.timestamp(row, 13)), state: state(rows, row))
    }

    private static func state(_ rows: Rows, _ row: Int) -> PurchaseState {
        var state = PurchaseState()
        state.status = word(rows.text(row, 14)) { PurchaseStatus(rawValue: $0) }
        state.phase = optionalWord(rows.textOrNil(row, 15)) { PurchasePhase(rawValue: $0) }
        state.attempts = Int(rows.int64(row, 16))
        state.calledAt = moment(rows, row, 17)
        state.repeatsAttempt = rows.bool(row, 18)
        state.slowDowns = Int(rows.int64(row, 19))
        state.asks = Int(rows.int64(row, 20))
        state.nextActionAt = moment(rows, row, 21)
        state.hasPage = rows.bool(row, 22)
        state.isCancelWished = rows.bool(row, 23)
        state.closing = optionalWord(rows.textOrNil(row, 24)) { ClosingReason(rawValue: $0) }
        state.hadUnknownCode = rows.bool(row, 25)
        state.failure = rows.textOrNil(row, 26)
        state.transaction = rows.textOrNil(row, 27)
        state.completedAt = moment(rows, row, 28)
        state.refundedTokens = rows.int64(row, 29)
        state.statusBeforeDispute = optionalWord(rows.textOrNil(row, 30)) { PurchaseStatus(rawValue: $0) }
        state.returnedCharges = rows.textArray(row, 51)
        return state
    }

    private static func terms(_ rows: Rows, _ row: Int, _ currency: Currency) -> PurchaseTerms {
        let net = money(rows, row, 9, currency)
        var page: PageAddresses?
        if let success = rows.textOrNil(row, 37), let cancel = rows.textOrNil(row, 38) {
            page = PageAddresses(success: success, cancel: cancel)
        }
        var request: EventIdentity?
        if let source = rows.textOrNil(row, 42), let id = rows.textOrNil(row, 43) { request = EventIdentity(source: source, id: id) }
        return PurchaseTerms(
            line: SaleLine(
                rows.text(row, 31), quantity: rows.int64(row, 32), unitPrice: decimal(rows, row, 33), net: net,
                taxRate: decimal(rows, row, 34)),
            net: net, tax: money(rows, row, 10, currency), package: rows.textOrNil(row, 35), expirationDays: rows.int64OrNil(row, 36),
            page: page, metadata: rows.textOrNil(row, 39), idempotencyKey: rows.textOrNil(row, 40), contentDigest: rows.bytes(row, 41),
            request: request, actor: rows.textOrNil(row, 44))
    }

    static func money(_ rows: Rows, _ row: Int, _ column: Int, _ currency: Currency) -> Money {
        word(rows.text(row, column)) { Money($0, currency) }
    }

    static func decimal(_ rows: Rows, _ row: Int, _ column: Int) -> ExactDecimal {
        word(rows.text(row, column)) { ExactDecimal($0) }
    }

    static func moment(_ rows: Rows, _ row: Int, _ column: Int) -> Moment? {
        guard let microseconds = rows.timestampOrNil(row, column) else { return nil }
        return Moment(microseconds: microseconds)
    }

    static func word<Value>(_ text: String, _ read: (String) -> Value?) -> Value {
        guard let value = read(text) else { preconditionFailure("the database checks this word, and it is \(text)") }
        return value
    }

    static func optionalWord<Value>(_ text: String?, _ read: (String) -> Value?) -> Value? {
        guard let text else { return nil }
        return word(text, read)
    }
}
