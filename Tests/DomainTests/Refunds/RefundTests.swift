import Domain
import Testing

@Suite("Refunds and disputes (domain.md 1.4, 7.6, 7.7)")
struct RefundTests {
    private func money(_ text: String, _ code: String = "USD") throws -> Money {
        let currency = try #require(Currency(code))
        return try #require(Money(text, currency))
    }

    @Test(
        "refunds in parts add up to the cent, net and tax each, in currencies with 0, 2 and 3 decimals",
        arguments: [
            (5_000, "1999.99", "USD"), (3, "10.00", "USD"), (5_000, "1999", "JPY"), (3, "10", "JPY"), (5_000, "1999.990", "KWD"),
            (3, "10.000", "KWD"), (7, "0.010", "KWD"), (997, "0.01", "USD"), (11, "500.00", "MGA"),
        ] as [(Int64, String, String)])
    func parts(tokens: Int64, net: String, code: String) throws {
        for seed in UInt64(1)...20 {
            var random = SplitMix(seed: seed)
            let shop = Shop()
            let paid = try money(net, code)
            let reference = try shop.buy(tokens, for: paid)
            var (netBack, taxBack) = (Money.zero(paid.currency), Money.zero(paid.currency))
            while shop.world.wallet.unspent(of: shop.lots(of: reference), at: shop.world.now) > 0 {
                let left = shop.world.wallet.unspent(of: shop.lots(of: reference), at: shop.world.now)
                let part = Int64.random(in: 1...min(left, max(1, tokens / 4)), using: &random)
                guard let taken = try? shop.refund(reference, part) else {
                    // Worth nothing: it is used instead.
                    try shop.world.use(part)
                    let used = try shop.figures()[code]
                    #expect(used?.addsUp == true)
                    continue
                }
                #expect(try taken.tokens == part && taken.total == taken.net.plus(taken.tax) && taken.total.minorUnits > 0)
                #expect(taken.net.minorUnits % paid.currency.step == 0 && taken.tax.minorUnits % paid.currency.step == 0)
                netBack = try netBack.plus(taken.net)
                taxBack = try taxBack.plus(taken.tax)
                let figures = try #require(try shop.figures()[code])
                let deferred = try paid.minus(netBack).minus(figures.recognised)
                #expect(figures.addsUp && figures.refunded == netBack && figures.deferred == deferred)
            }
            let figures = try #require(try shop.figures()[code])
            #expect(try netBack.plus(figures.recognised) == paid && figures.deferred.minorUnits == 0 && shop.world.broken == nil)
            if figures.recognised.minorUnits == 0 { #expect(try taxBack == paid.tax(at: ExactDecimal(tenThousandths: 1_600))) }
        }
    }

    @Test("three tokens for 10.00 go back as 3.33, 3.34, 3.33")
    func thirds() throws {
        let shop = Shop()
        let reference = try shop.buy(3, for: try money("10.00"))
        let nets = try (0..<3).map { _ in try shop.refund(reference, 1).net.text }
        #expect(nets == ["3.33", "3.34", "3.33"])
        #expect(throws: TakingRefusal.nothingLeft) { try shop.refund(reference, 1) }
        #expect(throws: TakingRefusal.nothingLeft) { try shop.refund(reference, nil) }
    }

    @Test("only tokens of the purchase's own lot that are neither spent nor held nor past their end")
    func own() throws {
        let shop = Shop()
        let end = shop.world.now.adding(.days(10))
        let first = try shop.buy(100, for: try money("50.00"), until: end)
        let second = try shop.buy(100, for: try money("50.00"))
        try shop.world.use(30)
        var hold = try shop.world.hold("h", 20)
        #expect(shop.world.wallet.unspent(of: shop.lots(of: first), at: shop.world.now) == 50)
        #expect(throws: TakingRefusal.exceedsUnspent) { try shop.refund(first, 51) }
        let taken = try shop.refund(first, nil)
        #expect(taken.tokens == 50 && taken.net.text == "25.00" && taken.parts.map(\.lot) == [1])
        #expect(shop.world.wallet.unspent(of: shop.lots(of: second), at: shop.world.now) == 100)
        let row = try #require(shop.world.wallet.journal.rows.last)
        #expect(row.type == .purchaseRefund && row.amount == -50 && row.purchaseReference == first.text && row.reason == "unhappy")
        #expect(row.draws == [Draw(.lot(1), 50)] && shop.world.wallet.totals.refunded == 50)
        #expect(try shop.world.capture(&hold, nil) == .captured(outcome: .debited, tokens: 20, repeated: false))
        let third = try shop.buy(10, for: try money("5.00"), until: end)
        shop.world.now = end
        #expect(throws: TakingRefusal.nothingLeft) { try shop.refund(third, nil) }
        #expect(shop.world.broken == nil)
    }

    @Test("tokens that repaid debt are spent")
    func debt() throws {
        let shop = Shop(overdraft: .limited(40))
        try shop.world.use(40)
        let reference = try shop.buy(100, for: try money("50.00"))
        #expect(try shop.refund(reference, nil).tokens == 60)
        let figures = try #require(try shop.figures()["USD"])
        #expect(figures.recognised.text == "20.00" && figures.refunded.text == "30.00" && figures.addsUp)
    }

    @Test("a total of 0 is refused and changes nothing")
    func worthless() throws {
        let shop = Shop()
        let reference = try shop.buy(1_000, for: try money("1.00"))
        #expect(throws: TakingRefusal.worthNothing) { try shop.refund(reference, 1) }
        #expect(shop.world.wallet.journal.rows.count == 1 && shop.world.wallet.balance == 1_000)
    }

    @Test("what failed comes back as a lot of its own with its money, and the life that was left, at least seven days")
    func failed() throws {
        for (days, expected) in [(Int64(30), Int64(30)), (3, 7)] {
            let shop = Shop()
            let reference = try shop.buy(3, for: try money("10.00"), until: shop.world.now.adding(.days(days)))
            let taken = try shop.refund(reference, 1)
            try shop.world.use(1)
            shop.world.now = shop.world.now.adding(.days(2))
            try shop.fail(taken)
            let lot = try #require(shop.world.wallet.lots.last)
            #expect(lot.granted == 1 && lot.kind == .paid && lot.expiresAt == shop.world.now.adding(.days(expected)))
            let new = try #require(shop.world.wallet.journal.newLots.last)
            #expect(new.origin == .purchaseRefund && new.sale?.net == taken.net && new.sale?.tax == taken.tax)
            #expect(shop.world.wallet.totals.refunded == 0 && shop.world.broken == nil)
            let figures = try #require(try shop.figures()["USD"])
            #expect(figures.refunded.minorUnits == 0 && figures.recognised.text == "3.34" && figures.addsUp)
            #expect(try shop.refund(reference, nil).tokens == 2, "it can be refunded again, with what the purchase has left")
        }
    }

    @Test("a dispute takes the unheld unspent tokens that are worth at most the disputed amount; won, they come back")
    func dispute() throws {
        let shop = Shop()
        let reference = try shop.buy(100, for: try money("50.00"), until: shop.world.now.adding(.days(2)))
        try shop.world.use(10)
        _ = try shop.world.hold("h", 10)
        // A token is worth 0.58.
        let taken = try #require(try shop.dispute(reference, worth: try money("10.00")))
        #expect(taken.tokens == 17 && taken.total.text == "9.86")
        #expect(shop.world.wallet.journal.rows.last?.type == .dispute && shop.world.wallet.totals.refunded == 17)
        #expect(try shop.figures()["USD"]?.disputed.text == "8.50")
        try shop.win(taken)
        #expect(shop.world.wallet.lots.last?.expiresAt == shop.world.now.adding(.days(2)), "with the life that was left, no more")
        let figures = try #require(try shop.figures()["USD"])
        #expect(figures.disputed.minorUnits == 0 && figures.addsUp && shop.world.broken == nil)
        #expect(try shop.dispute(reference, worth: try money("1000.00"))?.tokens == 80)
        #expect(try shop.dispute(reference, worth: try money("1000.00")) == nil, "nothing is left")
        #expect(throws: TakingRefusal.otherCurrency) { try shop.dispute(reference, worth: try money("10.00", "EUR")) }
    }

    @Test("a refund goes from requested to sent to its end; news come in any order and as often as they like")
    func states() throws {
        let total = try money("11.60")
        var taken: TakenTokens?
        let shop = Shop()
        taken = try shop.refund(try shop.buy(10, for: try money("10.00")), 5)
        var refund = Refund(taken: taken, total: total)
        #expect(refund.heard(.succeeded) == [] && refund.status == .requested, "nobody was told yet")
        #expect(refund.sending(at: shop.world.now) && refund.status == .sent && refund.calledAt == shop.world.now)
        let again = refund.sending(at: shop.world.now)
        #expect(again, "with the same key")
        #expect(refund.heard(.pending) == [] && refund.heard(.succeeded) == [.completeRefund] && refund.heard(.succeeded) == [])
        let late = refund.sending(at: shop.world.now)
        #expect(!late)
        #expect(refund.heard(.failed) == [.alertOperator(.refundFailedLate)] && refund.heard(.failed) == [] && refund.status == .succeeded)

        var failing = Refund(taken: taken, total: total)
        _ = failing.sending(at: shop.world.now)
        #expect(failing.heard(.failed) == [.returnTokens] && failing.heard(.failed) == [] && failing.heard(.succeeded) == [])
        var period = Refund(taken: nil, total: total, status: .sent)
        #expect(period.heard(.failed) == [] && period.status == .failed, "an unlimited period has no tokens to return")
    }

    @Test("an inquiry only alerts; a withdrawal takes tokens; won gives them back, lost charges back; in any order")
    func disputes() throws {
        func actions(_ news: [DisputeNews]) throws -> ([DisputeAction], DisputeStatus) {
            var dispute = Dispute(amount: try money("10.00"))
            return (news.flatMap { dispute.heard($0) }, dispute.status)
        }
        #expect(try actions([.opened, .closed]) == ([.alertOperator], .closed))
        #expect(try actions([.fundsWithdrawn, .won]) == ([.alertOperator, .takeTokens, .returnTokens], .won))
        #expect(try actions([.fundsWithdrawn, .fundsWithdrawn, .lost, .lost]) == ([.alertOperator, .takeTokens, .chargeBack], .lost))
        #expect(try actions([.won, .fundsWithdrawn, .won]) == ([], .won), "the money came back before anybody heard that it went")
        #expect(try actions([.lost, .fundsWithdrawn]) == ([.alertOperator, .takeTokens, .chargeBack], .lost))
        #expect(try actions([.closed, .fundsWithdrawn, .won]) == ([.alertOperator, .takeTokens, .returnTokens], .won))
    }

    @Test("the purchase follows: refunded in parts, disputed, and back to where it was")
    func purchase() throws {
        var world = try PurchaseFixture.completed()
        try world.purchase.refunded(30)
        #expect(world.status == .partiallyRefunded)
        try world.purchase.disputed()
        try world.purchase.disputed()
        #expect(world.status == .disputed && world.purchase.state.statusBeforeDispute == .partiallyRefunded)
        try world.purchase.refunded(70)
        #expect(world.status == .disputed, "a refund that was under way")
        try world.purchase.disputeEnded(won: true)
        #expect(world.status == .refunded && world.purchase.state.refundedTokens == 100)
        #expect(throws: ReversalRefusal.noDispute) { try world.purchase.disputeEnded(won: false) }
        try world.purchase.disputed()
        try world.purchase.disputeEnded(won: false)
        #expect(world.status == .chargedBack)
        #expect(throws: ReversalRefusal.purchaseNotCompleted) { try world.purchase.disputed() }
        var pending = PurchaseFixture()
        #expect(throws: ReversalRefusal.purchaseNotCompleted) { try pending.purchase.refunded(1) }
        #expect(throws: ReversalRefusal.purchaseNotCompleted) { try pending.purchase.disputed() }
    }
}
