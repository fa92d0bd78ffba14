import Domain

/// A purchase of 100 tokens for 58.00 with a clock, as the tests of the rules move it.
struct PurchaseFixture {
    static let start = CivilDate(year: 2026, month: 11, day: 25).start
    static let dollar = Currency("USD")!

    var purchase: Purchase
    var now = PurchaseFixture.start

    init(_ type: PurchaseType = .oneTime, gateway: Gateway = .stripe, state: PurchaseState = PurchaseState()) {
        var random = SplitMix(seed: 1)
        let scope = PurchaseScope(
            wallet: 1, type: type, subscription: type == .subscription ? 7 : nil,
            period: type == .subscription ? PurchaseFixture.start : nil)
        purchase = Purchase(
            reference: PurchaseReference(using: &random), scope: scope, tokens: 100,
            total: Money(minorUnits: 5_800, PurchaseFixture.dollar),
            gateway: gateway, createdAt: PurchaseFixture.start, state: state)
    }

    /// The charge that the purchase asked for, or one that differs.
    func payment(_ transaction: String = "pi_1", isPaid: Bool = true, minorUnits: Int64 = 5_800, reference: String? = nil) -> GatewayPayment
    {
        GatewayPayment(
            transaction: transaction, isPaid: isPaid, amount: Money(minorUnits: minorUnits, PurchaseFixture.dollar),
            reference: reference ?? purchase.reference.text)
    }

    func circumstances(renewal: RenewalHope? = nil, hasSuccessor: Bool = false) -> PurchaseCircumstances {
        PurchaseCircumstances(at: now, renewal: renewal, hasSuccessor: hasSuccessor)
    }

    mutating func begin(_ way: ChargeWay = .savedMethod(attempts: [])) throws {
        _ = try purchase.begin(way, systemEnabled: true, at: now)
    }

    mutating func end(_ outcome: ChargeOutcome, renewal: RenewalHope? = nil, hasSuccessor: Bool = false) -> [PurchaseAction] {
        purchase.ended(outcome, circumstances(renewal: renewal, hasSuccessor: hasSuccessor))
    }

    mutating func ask(_ result: AskResult, renewal: RenewalHope? = nil) -> [PurchaseAction] {
        purchase.asked(result, circumstances(renewal: renewal))
    }

    mutating func wait(_ span: Span) {
        now = now.adding(span)
    }

    /// A purchase whose first attempt has begun.
    static func charging(_ type: PurchaseType = .oneTime) throws -> PurchaseFixture {
        var fixture = PurchaseFixture(type)
        try fixture.begin()
        return fixture
    }

    static func unknown(_ type: PurchaseType = .oneTime) throws -> PurchaseFixture {
        var fixture = try charging(type)
        _ = fixture.end(.unknown)
        return fixture
    }

    static func completed() throws -> PurchaseFixture {
        var fixture = try charging()
        _ = fixture.end(.succeeded(fixture.payment()))
        return fixture
    }

    var status: PurchaseStatus { purchase.state.status }
    var phase: PurchasePhase? { purchase.state.phase }
}
