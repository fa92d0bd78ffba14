import Domain
import Testing

@Suite("Burn order (domain.md 3.3)")
struct BurnOrderTests {
    let moment = Moment(microseconds: 1_790_000_000_000_000)

    private func lot(
        _ id: Int64, priority: Int16 = 50, expires: Int64? = nil, kind: LotKind = .promotional, effective: Int64 = 0, created: Int64 = 0
    ) -> Lot {
        Lot(
            id: id, granted: 10, remaining: 10, priority: priority, kind: kind, effectiveAt: moment.adding(.days(effective)),
            expiresAt: expires.map { moment.adding(.days($0)) }, createdAt: moment.adding(.days(created)))
    }

    @Test("each key decides only when the ones before it are equal")
    func keysInOrder() {
        let ordered = [
            lot(9, priority: 0, kind: .paid, effective: 5, created: 5),
            lot(8, expires: 1, kind: .paid),
            lot(7, expires: 2, kind: .promotional, effective: 1),
            lot(6, expires: 2, kind: .paid),
            lot(5, kind: .promotional, effective: -1),
            lot(4, kind: .promotional, effective: 0, created: -1),
            lot(2, kind: .promotional), lot(3, kind: .promotional),
            lot(1, kind: .paid),
            lot(0, priority: 51, expires: 1),
        ]
        #expect(ordered.reversed().sorted(by: Lot.burnsBefore).map(\.id) == ordered.map(\.id))
    }

    @Test("the order is total: of two lots exactly one burns first")
    func total() {
        var random = SplitMix(seed: 7)
        let lots = (0..<60).map { id in
            lot(
                Int64(id), priority: Int16(random.next() % 2), expires: random.next() % 3 == 0 ? nil : Int64(random.next() % 2),
                kind: random.next() % 2 == 0 ? .paid : .promotional, effective: Int64(random.next() % 2), created: Int64(random.next() % 2))
        }
        for left in lots {
            for right in lots where left.id != right.id {
                #expect(Lot.burnsBefore(left, right) != Lot.burnsBefore(right, left))
            }
            #expect(!Lot.burnsBefore(left, left))
        }
    }

    @Test("the end is exclusive, the start is judged by the moment of handling, a late event may spend an ended lot")
    func spendable() {
        let lot = lot(1, expires: 1, effective: 0)
        let end = moment.adding(.days(1))
        #expect(lot.isSpendable(at: Moment(microseconds: end.microseconds - 1), handledAt: end.adding(.hours(1))))
        #expect(!lot.isSpendable(at: end, handledAt: moment))
        #expect(lot.isSpendable(at: moment.adding(.days(-9)), handledAt: moment))
        #expect(!lot.isSpendable(at: moment, handledAt: Moment(microseconds: moment.microseconds - 1)))
        var posted = lot
        posted.expiryPosted = true
        #expect(!posted.isSpendable(at: moment, handledAt: moment))
    }
}
