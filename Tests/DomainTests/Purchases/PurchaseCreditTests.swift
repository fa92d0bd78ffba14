import Domain
import Testing

@Suite("Tokens of purchases (domain.md 7.5, 12.2, W6)")
struct PurchaseCreditTests {
    private func sale() throws -> LotSale {
        var random = SplitMix(seed: 9)
        let dollar = try #require(Currency("USD"))
        return LotSale(
            reference: PurchaseReference(using: &random), net: Money(minorUnits: 5_000, dollar), tax: Money(minorUnits: 800, dollar))
    }

    @Test("a purchase is a paid lot that carries its money, a row with its reference and metadata, and repays debt")
    func credit() throws {
        let world = Fixture(overdraft: .limited(30))
        try world.use(30)
        let sale = try sale()
        let credit = PurchaseCredit(tokens: 100, sale: sale, description: "Starter", metadata: "{\"a\": 1}")
        let lot = try world.wallet.credit(credit, cause: world.identity(), at: world.now)
        let row = try #require(world.wallet.journal.rows.last)
        #expect(row.type == .purchase && row.amount == 100 && row.purchaseReference == sale.reference.text)
        #expect(row.metadata == "{\"a\": 1}" && row.description == "Starter")
        let new = try #require(world.wallet.journal.newLots.last)
        #expect(new.lot == lot && new.sale == sale && new.origin == .purchase && new.originSequence == row.sequence)
        #expect(world.wallet.lot(lot)?.kind == .paid && world.wallet.lot(lot)?.remaining == 70 && world.wallet.debt == 0)
        #expect(world.wallet.totals.purchased == 100 && world.broken == nil)
        #expect(world.wallet.journal.repayments.map(\.after) == [row.sequence])
    }

    @Test("a wallet that a purchase opens gets its welcome grant, once")
    func opening() throws {
        let world = Fixture()
        try world.wallet.open(welcomeGrant: 25, cause: world.identity(), at: world.now)
        _ = try world.wallet.credit(PurchaseCredit(tokens: 100, sale: try sale()), cause: world.identity(), at: world.now)
        #expect(world.wallet.journal.rows.map(\.type) == [.grant, .purchase] && world.wallet.balance == 125)
        #expect(world.wallet.lots.map(\.kind) == [.promotional, .paid], "what was given burns first")
    }

    @Test("purchased tokens live their days in full and end at midnight")
    func expiry() {
        let midnight = CivilDate(year: 2026, month: 11, day: 25).start
        #expect(PurchaseCredit.end(completedAt: midnight, days: 365) == CivilDate(year: 2027, month: 11, day: 25).start)
        #expect(PurchaseCredit.end(completedAt: midnight.adding(.seconds(1)), days: 365) == CivilDate(year: 2027, month: 11, day: 26).start)
        #expect(PurchaseCredit.end(completedAt: midnight.adding(.hours(23)), days: 1) == CivilDate(year: 2026, month: 11, day: 27).start)
    }

    @Test("more tokens than fit are refused")
    func overflow() throws {
        let world = Fixture()
        try world.grant(Int64.max)
        let credit = PurchaseCredit(tokens: 1, sale: try sale())
        #expect(throws: AmountError.overflow) { try world.wallet.credit(credit, cause: world.identity(), at: world.now) }
    }
}
