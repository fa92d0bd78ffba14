import Domain
import Testing

@Suite("Revenue (domain.md 15)")
struct RevenueTests {
    private func money(_ text: String, _ code: String = "USD") throws -> Money {
        let currency = try #require(Currency(code))
        return try #require(Money(text, currency))
    }

    @Test("recognised when used or expired, promotional tokens count nothing, a usage refund reverses")
    func kinds() throws {
        let shop = Shop()
        try shop.world.grant(5, priority: 10)
        try shop.buy(10, for: try money("10.00"), until: shop.world.now.adding(.days(1)))
        try shop.world.use(8)
        var figures = try #require(try shop.figures()["USD"])
        #expect(figures.recognised.text == "3.00" && figures.deferred.text == "7.00" && figures.sold.text == "10.00")
        _ = try shop.world.refund(sequence: 3, 2)
        figures = try #require(try shop.figures()["USD"])
        #expect(figures.recognised.text == "1.00" && figures.deferred.text == "9.00")
        try shop.world.wallet.adjust(by: -1, reason: "lost", metadata: nil, cause: shop.world.identity(), at: shop.world.now)
        shop.world.now = shop.world.now.adding(.days(2))
        _ = try shop.world.expire()
        figures = try #require(try shop.figures()["USD"])
        #expect(figures.recognised.text == "10.00" && figures.breakage.text == "8.00" && figures.deferred.minorUnits == 0)
        #expect(figures.addsUp)
    }

    @Test("an unlimited period is earned day by day; a refund gives back the days that have not run")
    func period() throws {
        let start = CivilDate(year: 2026, month: 1, day: 31).start
        let period = UnlimitedPeriod(
            net: try money("100.00"), tax: try money("16.00"), startsAt: start, endsAt: CivilDate(year: 2026, month: 2, day: 28).start)
        #expect(try period.recognised(at: start.adding(.hours(-1))).minorUnits == 0)
        for day in Int64(0)...30 {
            let moment = start.adding(.days(day)).adding(.hours(5))
            let (net, tax) = try period.refundable(at: moment)
            #expect(try period.recognised(at: moment).plus(net).text == "100.00")
            if day == 7 { #expect(net.text == "75.00" && tax.text == "12.00") }
            if day >= 28 { #expect(net.minorUnits == 0 && tax.minorUnits == 0) }
        }
    }

    @Test("sold = recognised + deferred + refunded + disputed after every step of random programs, in several currencies")
    func identity() throws {
        for seed in UInt64(1)...150 {
            var random = SplitMix(seed: seed)
            let shop = Shop(overdraft: .limited(Bool.random(using: &random) ? 50 : 0))
            var program = Program()
            for _ in 0..<40 {
                try program.step(shop, using: &random)
                let deferred = try shop.deferred()
                for (code, figures) in try shop.figures() {
                    #expect(figures.addsUp, "seed \(seed): \(program.log)")
                    #expect(figures.deferred.minorUnits == deferred[code] ?? 0, "seed \(seed), deferred: \(program.log)")
                    #expect(figures.refunded.minorUnits == program.refunded[code] ?? 0, "seed \(seed), refunded: \(program.log)")
                    #expect(figures.disputed.minorUnits == program.disputed[code] ?? 0, "seed \(seed), disputed: \(program.log)")
                    #expect(figures.sold.minorUnits == program.sold[code] ?? 0, "seed \(seed), sold: \(program.log)")
                }
                #expect(shop.world.broken == nil, "seed \(seed): \(program.log)")
            }
        }
    }
}

/// Random sales, uses, holds, refunds and disputes, with books of its own kept from what each step answered.
private struct Program {
    var sold: [String: Int64] = [:]
    var refunded: [String: Int64] = [:]
    var disputed: [String: Int64] = [:]
    var log: [String] = []
    private var references: [PurchaseReference] = []
    private var refunds: [TakenTokens] = []
    private var disputes: [TakenTokens] = []
    private var holds: [Hold] = []

    mutating func step(_ shop: Shop, using random: inout SplitMix) throws {
        let world = shop.world
        let kind = Int.random(in: 0..<14, using: &random)
        log.append("\(kind)")
        switch kind {
        case 0, 1: try buy(shop, using: &random)
        case 2, 3, 4: try world.use(Int64.random(in: 1...40, using: &random))
        case 5: try world.grant(Int64.random(in: 1...20, using: &random), priority: [10, 50, 90].randomElement(using: &random)!)
        case 6:
            let hold = try world.hold("h\(log.count)", Int64.random(in: 1...20, using: &random))
            if hold.status == .open { holds.append(hold) }
        case 7:
            guard var hold = holds.popLast() else { return }
            if Bool.random(using: &random) { _ = try world.capture(&hold, nil) } else { _ = try world.release(&hold) }
        case 8, 9:
            guard let reference = references.randomElement(using: &random) else { return }
            let wanted = Bool.random(using: &random) ? nil : Int64.random(in: 1...30, using: &random)
            guard let taken = try? shop.refund(reference, wanted) else { return }
            refunded[taken.net.currency.code, default: 0] += taken.net.minorUnits
            refunds.append(taken)
        case 10:
            guard let taken = refunds.popLast() else { return }
            try shop.fail(taken)
            refunded[taken.net.currency.code, default: 0] -= taken.net.minorUnits
        case 11:
            guard let reference = references.randomElement(using: &random), let sale = shop.lots(of: reference).first?.sale else { return }
            let disputedAmount = Money(minorUnits: Int64.random(in: 0...sale.net.minorUnits, using: &random), sale.net.currency)
            guard let taken = try shop.dispute(reference, worth: disputedAmount) else { return }
            #expect(taken.total.minorUnits <= disputedAmount.minorUnits)
            disputed[taken.net.currency.code, default: 0] += taken.net.minorUnits
            disputes.append(taken)
        case 12:
            guard let taken = disputes.popLast() else { return }
            try shop.win(taken)
            disputed[taken.net.currency.code, default: 0] -= taken.net.minorUnits
        default:
            world.now = world.now.adding(.hours(Int64.random(in: 1...60, using: &random)))
            _ = try world.expire()
        }
    }

    private mutating func buy(_ shop: Shop, using random: inout SplitMix) throws {
        let currency = Currency(["USD", "JPY", "KWD"].randomElement(using: &random)!)!
        let net = Money(minorUnits: Int64.random(in: 1...2_000, using: &random) * currency.step, currency)
        let end = Bool.random(using: &random) ? shop.world.now.adding(.hours(Int64.random(in: 1...200, using: &random))) : nil
        references.append(try shop.buy(Int64.random(in: 1...60, using: &random), for: net, until: end))
        sold[currency.code, default: 0] += net.minorUnits
    }
}
