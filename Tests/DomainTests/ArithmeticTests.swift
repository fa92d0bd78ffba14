import Domain
import Testing

@Suite("Calendar, rounding and the canonical bytes")
struct ArithmeticTests {
    @Test("civil dates: every day of 1600 to 2400 follows the day before")
    func civilDates() {
        var expected = CivilDate(year: 1600, month: 1, day: 1)
        let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for day in expected.daysSince1970..<CivilDate(year: 2400, month: 12, day: 31).daysSince1970 {
            #expect(CivilDate(daysSince1970: day) == expected)
            #expect(expected.daysSince1970 == day)
            let leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
            let last = lengths[Int(expected.month) - 1] + (leap && expected.month == 2 ? 1 : 0)
            expected =
                if expected.day < last {
                    CivilDate(year: expected.year, month: expected.month, day: expected.day + 1)
                } else if expected.month < 12 {
                    CivilDate(year: expected.year, month: expected.month + 1, day: 1)
                } else {
                    CivilDate(year: expected.year + 1, month: 1, day: 1)
                }
        }
    }

    @Test("a month contains its first microsecond and not its next one's")
    func months() {
        let december = Month(of: CivilDate(year: 1969, month: 12, day: 31).start)
        #expect(december.start == CivilDate(year: 1969, month: 12, day: 1).start)
        #expect(december.next.start.microseconds == 0)
        #expect(Month(of: Moment(microseconds: -1)) == december)
    }

    @Test(
        "rounding: half away from zero",
        arguments: [
            (Int64(1), Int64(1), Int64(2), Int64(1)), (-1, 1, 2, -1), (1, 1, 3, 0), (2, 1, 3, 1), (-2, 1, 3, -1),
            (Int64.max, 1, 1, Int64.max),
            (Int64.min, 1, 1, Int64.min), (5, 5, 10, 3), (0, 9, 7, 0),
        ])
    func rounding(_ amount: Int64, _ numerator: Int64, _ denominator: Int64, _ result: Int64) throws {
        #expect(try roundedShare(of: amount, numerator, over: denominator) == result)
    }

    @Test("shares of a lot add up to the whole, whatever the parts (domain.md 1.4)")
    func shares() throws {
        var random = SplitMix(seed: 11)
        for _ in 0..<500 {
            let granted = Int64.random(in: 1...5_000, using: &random)
            let amount = Int64.random(in: 0...2_000_000, using: &random)
            var taken: Int64 = 0
            var sum: Int64 = 0
            while taken < granted {
                let part = Int64.random(in: 1...(granted - taken), using: &random)
                sum += try lotShare(amount: amount, granted: granted, taken: taken, count: part)
                taken += part
            }
            #expect(sum == amount)
        }
        #expect(throws: AmountError.overflow) { try roundedShare(of: Int64.max, 2, over: 1) }
    }

    @Test("canonical bytes of a row, byte by byte (domain.md 4.5)")
    func canonical() {
        var row = LedgerRow(
            walletID: 7, sequence: 1, type: .usage, amount: -12, balanceAfter: Int64.min, occurredAt: Moment(microseconds: 0),
            createdAt: Moment(microseconds: 1_500_000))
        row.outcome = .debited
        row.identity = EventIdentity(source: "/s", id: "é")
        row.draws = [Draw(.lot(3), 10), Draw(.debt, 2)]
        func field(_ text: String?) -> [UInt8] {
            guard let text else { return [255, 255, 255, 255] }
            return [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8)
        }
        let fields = [
            "7", "1", "usage", "-12", "-9223372036854775808", "debited", nil, "/s", "é", nil, nil, nil, "0", "1500000", nil, nil,
            "3:10,debt:2",
        ]
        var bytes = CanonicalBytes()
        bytes.append(row, draws: Draws.text(row.draws))
        #expect(bytes.bytes == fields.flatMap(field))
    }

    @Test("identities differ when their bytes do, whatever a reader sees")
    func identities() {
        let composed = EventIdentity(source: "/s", id: "\u{e9}")
        let decomposed = EventIdentity(source: "/s", id: "e\u{301}")
        #expect(composed.id == decomposed.id, "Swift takes the two for one text")
        #expect(composed != decomposed && Set([composed, decomposed]).count == 2)
        #expect(EventIdentity(source: "/s", id: "a") == EventIdentity(source: "/s", id: "a"))
    }

    @Test("draws are read as they are written, and nothing else is")
    func draws() {
        let draws = [Draw(.lot(1), 5), Draw(.debt, 7)]
        #expect(Draws.text(draws) == "1:5,debt:7" && Draws.parse("1:5,debt:7") == draws)
        #expect(Draws.parse("") == [])
        for text in ["1", "1:", ":1", "1:0", "1:-1", "x:1", "1:1,", "0:1", "1:1:1"] { #expect(Draws.parse(text) == nil) }
    }
}
