import Domain
import Testing

@Suite("Unknown outcomes are asked for before anything else (payments.md, Charging)")
struct AskingTests {
    @Test("the ladder: 10s 1m 10m 1h 6h, daily for five days, then parked and reported")
    func ladder() throws {
        var world = try PurchaseFixture.charging()
        let steps: [Span] = [.seconds(10), .minutes(1), .minutes(10), .hours(1), .hours(6)] + Array(repeating: .days(1), count: 5)
        #expect(world.end(.unknown) == [.wake(at: world.now.adding(steps[0]))])
        for (place, step) in steps.enumerated() {
            #expect(world.purchase.dueWork(at: world.now.adding(step).adding(.seconds(-1))) == nil, "too early is a no-op")
            world.wait(step)
            #expect(world.purchase.dueWork(at: world.now) == .ask)
            let actions = world.ask(.stillUnknown)
            if place + 1 < steps.count {
                #expect(actions == [.wake(at: world.now.adding(steps[place + 1]))])
            } else {
                #expect(actions == [.alertOperator(.outcomeUnknown)])
            }
        }
        #expect(world.status == .processing && world.phase == .parked && world.purchase.dueWork(at: world.now.adding(.days(99))) == nil)
        #expect(world.ask(.stillUnknown) == [] && world.phase == .parked)
        #expect(world.ask(.paid(world.payment())) == [.complete(world.payment())], "an operator who asks may still learn it")
    }

    @Test("not found means nothing for a day, and not charged after it")
    func notFound() throws {
        var world = try PurchaseFixture.unknown()
        world.wait(.hours(24).less(.seconds(1)))
        #expect(world.ask(.notFound).count == 1 && world.phase == .unknown)
        world.wait(.seconds(1))
        #expect(world.ask(.notFound) == [.fail(reason: "not_charged")])
    }

    @Test("an answer that came after all ends as it would have ended at once")
    func answered() throws {
        var world = try PurchaseFixture.unknown()
        #expect(world.ask(.notPaid(Decline(.hard, code: "lost_card"))) == [.retireMethod(reason: "lost_card"), .fail(reason: "lost_card")])
        world = try PurchaseFixture.unknown()
        #expect(world.end(.slowDown) == [] && world.end(.unknown) == [] && world.phase == .unknown)
        #expect(world.ask(.paid(world.payment())) == [.complete(world.payment())])
    }

    @Test("asking with the same key: a refusal, 429 or silence says nothing about the first call")
    func sameKey() throws {
        for outcome in [ChargeOutcome.unknown, .slowDown, .refused(code: "http_401")] {
            var world = try PurchaseFixture.unknown()
            let alerts: [PurchaseAction] = if case .refused = outcome { [.alertOperator(.refused(code: "http_401"))] } else { [] }
            #expect(world.end(outcome) == alerts && world.purchase.state.asks == 0, "nobody was to ask yet")
            world.wait(.seconds(10))
            #expect(world.end(outcome) == alerts + [.wake(at: world.now.adding(.minutes(1)))])
            #expect(world.phase == .unknown && world.purchase.state.asks == 1)
            #expect(world.end(.succeeded(world.payment())) == [.complete(world.payment())])
        }
    }

    @Test("a call whose program is gone is found by the clock")
    func lostCall() throws {
        var world = try PurchaseFixture.charging()
        #expect(world.purchase.dueWork(at: world.now.adding(.seconds(29))) == nil)
        world.wait(.seconds(30))
        #expect(world.purchase.dueWork(at: world.now) == .lostCall)
        #expect(world.end(.unknown).count == 1 && world.phase == .unknown)
    }

    @Test("how to ask: the same key for twenty hours while it is wanted, else a search; Paystack by reference")
    func ways() {
        let called = PurchaseFixture.start
        let soon = called.adding(.hours(20).less(.seconds(1)))
        #expect(AskingWay.of(.stripe, calledAt: called, isWanted: true, at: soon) == .sameKey)
        #expect(AskingWay.of(.stripe, calledAt: called, isWanted: false, at: soon) == .search)
        #expect(AskingWay.of(.stripe, calledAt: called, isWanted: true, at: called.adding(.hours(20))) == .search)
        #expect(AskingWay.of(.paystack, calledAt: called, isWanted: true, at: soon) == .verify)
    }

    @Test(
        "credited only when the gateway's object says paid, with our amount, currency and reference",
        arguments: ["unpaid", "amount", "currency", "unreadable", "reference", "no reference"])
    func mismatch(what: String) throws {
        var world = try PurchaseFixture.charging()
        let right = world.payment()
        let wrong =
            switch what {
            case "unpaid": world.payment(isPaid: false)
            case "amount": world.payment(minorUnits: 5_799)
            case "currency":
                GatewayPayment(
                    transaction: "pi_1", isPaid: true, amount: Money(minorUnits: 5_800, Currency("EUR")!), reference: right.reference)
            case "unreadable": GatewayPayment(transaction: "pi_1", isPaid: true, amount: nil, reference: right.reference)
            case "reference": world.payment(reference: "REF-BBBBBBBBBBBBBBBBBBBBBBBBBB")
            default: GatewayPayment(transaction: "pi_1", isPaid: true, amount: right.amount, reference: nil)
            }
        #expect(world.end(.succeeded(wrong)) == [.alertOperator(.paymentMismatch(wrong))])
        #expect(world.status == .processing && world.phase == .parked)
        #expect(world.end(.succeeded(wrong)) == [], "reported once")
        #expect(world.end(.succeeded(right)) == [.complete(right)])
    }
}

extension Span {
    fileprivate func less(_ other: Span) -> Span { Span(microseconds: microseconds - other.microseconds) }
}
