import Domain
import Testing

@Suite("Cancelling, lapsing, and successes that come late (domain.md 7.4, 7.8)")
struct CancelTests {
    private func cancel(_ world: inout PurchaseFixture, hasIntent: Bool = false) -> (CancelVerdict, [PurchaseAction]) {
        world.purchase.cancel(hasIntent: hasIntent, at: world.now)
    }

    @Test("what nobody has begun is cancelled at once, and again without effect")
    func pending() {
        var world = PurchaseFixture()
        #expect(cancel(&world) == (.cancelled, [.cancel]) && world.status == .cancelled)
        #expect(cancel(&world) == (.cancelled, []))
    }

    @Test("a page is closed at the gateway first; one that was paid meanwhile completes")
    func page() throws {
        for result in [CloseResult.closed, .unknown, .alreadyPaid(PurchaseFixture().payment())] {
            var world = PurchaseFixture()
            try world.begin(.hostedPage)
            #expect(world.purchase.pageOpened(at: world.now).first == .requireCustomer(until: world.now.adding(.hours(24))))
            let (verdict, actions) = cancel(&world)
            #expect(verdict == .closing && actions.first == .closeAtGateway && world.status == .processing)
            let after = world.purchase.closed(result, world.circumstances())
            switch result {
            case .closed: #expect(after == [.cancel] && world.status == .cancelled)
            case .alreadyPaid(let payment): #expect(after == [.complete(payment)] && world.status == .completed)
            case .unknown:
                #expect(after == [] && world.status == .processing)
                world.wait(.minutes(1))
                #expect(world.purchase.dueWork(at: world.now) == .lapse)
                #expect(world.purchase.lapse(at: world.now).first == .closeAtGateway, "it is closed again")
                #expect(world.purchase.closed(.closed, world.circumstances()) == [.cancel])
            }
        }
    }

    @Test("a declined intent that could still be confirmed is closed too")
    func intent() throws {
        var world = try PurchaseFixture.charging()
        _ = world.end(.declined(Decline(.needsCustomer, code: "expired_card")))
        #expect(cancel(&world, hasIntent: true).0 == .closing)
        #expect(world.purchase.closed(.closed, world.circumstances()) == [.cancel])
    }

    @Test("in flight, unknown or parked the wish is kept: a success is given back, anything else cancels")
    func inFlight() throws {
        for isUnknown in [false, true] {
            var world = isUnknown ? try PurchaseFixture.unknown() : try PurchaseFixture.charging()
            #expect(cancel(&world) == (.chargeInProgress, []))
            let payment = world.payment()
            #expect(world.end(.succeeded(payment)) == [.refundCharge(payment, reason: .cancelled), .cancel])
            #expect(world.status == .cancelled && world.end(.succeeded(payment)) == [], "given back once")

            world = isUnknown ? try PurchaseFixture.unknown() : try PurchaseFixture.charging()
            _ = cancel(&world)
            #expect(world.end(.declined(Decline(.soft, code: "do_not_honor"))) == [.cancel])
            world = try PurchaseFixture.charging()
            _ = cancel(&world)
            #expect(world.end(.declined(Decline(.needsCustomer, code: "expired_card"))) == [.cancel])
            world = try PurchaseFixture.charging()
            _ = cancel(&world)
            #expect(world.end(.slowDown) == [.cancel])
        }
    }

    @Test("what is settled cannot be cancelled")
    func settled() throws {
        var world = try PurchaseFixture.completed()
        #expect(cancel(&world) == (.settled(.completed), []))
        for status in PurchaseStatus.allCases where ![.pending, .processing, .cancelled].contains(status) {
            var state = PurchaseState()
            state.status = status
            var settled = PurchaseFixture(state: state)
            #expect(cancel(&settled) == (.settled(status), []))
        }
    }

    @Test("pending ones and pages lapse after a day")
    func lapse() throws {
        var world = PurchaseFixture()
        world.wait(.hours(23))
        #expect(world.purchase.dueWork(at: world.now) == nil && world.purchase.lapse(at: world.now) == [])
        world.wait(.hours(1))
        #expect(world.purchase.dueWork(at: world.now) == .lapse && world.purchase.lapse(at: world.now) == [.cancel])
        #expect(world.purchase.state.failure == "lapsed" && world.purchase.dueWork(at: world.now) == nil)

        var page = PurchaseFixture()
        try page.begin(.hostedPage)
        _ = page.purchase.pageOpened(at: page.now)
        page.wait(.hours(24))
        #expect(page.purchase.lapse(at: page.now).first == .closeAtGateway)
        #expect(page.purchase.closed(.closed, page.circumstances()) == [.cancel] && page.purchase.state.failure == "lapsed")
    }

    @Test("a page whose opening has no outcome is opened again with the same key")
    func pageUnknown() throws {
        var world = PurchaseFixture()
        try world.begin(.hostedPage)
        #expect(world.end(.unknown) == [.wake(at: world.now.adding(.seconds(10)))] && world.phase == .retryWaiting)
        world.wait(.seconds(10))
        #expect(try world.purchase.begin(.hostedPage, systemEnabled: true, at: world.now) == [.openPage(attempt: 1)])
    }

    @Test("a success after another purchase of the scope completed is given back and reported")
    func superseded() throws {
        var world = try PurchaseFixture.unknown()
        let payment = world.payment()
        let actions = world.end(.succeeded(payment), hasSuccessor: true)
        #expect(actions == [.refundCharge(payment, reason: .superseded), .fail(reason: "superseded")] && world.status == .failed)
    }

    @Test("a success for what failed, was cancelled, or was paid by another charge is given back")
    func late() throws {
        var failed = try PurchaseFixture.charging()
        _ = failed.end(.declined(Decline(.soft, code: "do_not_honor")))
        #expect(failed.end(.succeeded(failed.payment())) == [.refundCharge(failed.payment(), reason: .failed)] && failed.status == .failed)
        #expect(failed.end(.succeeded(failed.payment())) == [])

        var twice = try PurchaseFixture.completed()
        let second = twice.payment("pi_2")
        #expect(twice.end(.succeeded(second)) == [.refundCharge(second, reason: .paidTwice)] && twice.status == .completed)

        var cancelled = PurchaseFixture()
        _ = cancel(&cancelled)
        #expect(cancelled.end(.succeeded(cancelled.payment())) == [.refundCharge(cancelled.payment(), reason: .cancelled)])

        var pending = PurchaseFixture()
        #expect(pending.end(.succeeded(pending.payment())) == [.alertOperator(.paymentMismatch(pending.payment()))])
        #expect(pending.status == .pending, "nothing was asked for")
    }
}
