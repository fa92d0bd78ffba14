import Domain
import Postgres
import PurserTesting
import Store
import Testing

@Suite("Lots keep the money that was paid for them (domain.md 3.1, 7.6)")
struct SoldLotTests {
    private static let now = Moment(microseconds: 1_800_000_000_000_000)
    private static let stored = Statement(
        "test_sold",
        """
        SELECT concat_ws('|', lot_id, granted, remaining, origin, origin_sequence, net_amount, tax_amount, currency, purchase_reference_id)
        FROM token_lots ORDER BY lot_id
        """)
    private static let rows = Statement(
        "test_sold_rows", "SELECT concat_ws('|', type, amount, draws, purchase_reference_id) FROM token_balance_history ORDER BY sequence")

    /// One step of billing on the wallet of `org-1`.
    private func step(_ database: ScratchDatabase, _ body: (WalletTransaction, Int) throws -> Void) throws {
        let session = try database.connect(as: "purser_billing")
        defer { session.close() }
        let transaction = try WalletTransaction(on: session, WalletLoad(organizations: ["org-1"]))
        try transaction.open(WalletOpening(organizations: ["org-1"], trialUses: 0, monthlyAllowance: 0, moment: Self.now))
        try body(transaction, try #require(transaction.place(of: "org-1")))
        try transaction.commit()
    }

    @Test(
        "A purchase is credited, refunded and returned with its money, in currencies with 0, 2 and 3 decimals",
        arguments: [
            ("USD", "10.0000|1.6000", "3.3300|0.5300"), ("JPY", "10.0000|2.0000", "3.0000|1.0000"),
            ("KWD", "10.0000|1.6000", "3.3300|0.5300"),
        ])
    func money(code: String, paid: String, third: String) throws {
        let currency = try #require(Currency(code))
        let net = try #require(Money("10", currency))
        let tax = try net.tax(at: ExactDecimal(tenThousandths: 1_600))
        let reference = try #require(PurchaseReference(PurchaseFixture.reference))
        try TestSchema.with("sold_lots") { database, owner in
            try owner.run("INSERT INTO system_settings (enabled) VALUES (true)")
            let credit = PurchaseCredit(tokens: 3, sale: LotSale(reference: reference, net: net, tax: tax))
            try step(database) { transaction, place in
                _ = try transaction.wallets[place].credit(credit, cause: EventIdentity(source: "/t", id: "buy"), at: Self.now)
            }
            let bought = "1|3|3|purchase|1|\(paid)|\(code)|\(reference.text)"
            try #expect(owner.texts(Self.stored) == [bought])
            var taken: TakenTokens?
            try step(database) { transaction, place in
                let sold = try transaction.loadSoldLots(of: reference, wallet: transaction.wallets[place].id)
                #expect(sold == [SoldLot(lot: 1, sale: credit.sale)])
                taken = try transaction.wallets[place].takeForRefund(
                    1, of: sold, reason: nil, cause: EventIdentity(source: "/t", id: "refund"), at: Self.now)
            }
            let refund = try #require(taken)
            try step(database) { transaction, place in
                try transaction.wallets[place].returnRefund(refund, cause: EventIdentity(source: "/t", id: "failed"), at: Self.now)
            }
            let after = bought.replacing("|3|3|", with: "|3|2|")
            try #expect(owner.texts(Self.stored) == [after, "2|1|1|purchase_refund|3|\(third)|\(code)|\(reference.text)"])
            try #expect(
                owner.texts(Self.rows) == [
                    "purchase|3||\(reference.text)", "purchase_refund|-1|1:1|\(reference.text)", "purchase_refund|1||\(reference.text)",
                ])
            try step(database) { transaction, place in
                let sold = try transaction.loadSoldLots(of: reference, wallet: transaction.wallets[place].id)
                #expect(sold.map(\.lot) == [1, 2] && transaction.wallets[place].unspent(of: sold, at: Self.now) == 3)
            }
        }
    }
}
