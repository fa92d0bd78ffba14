import Domain
import Testing

@Suite("Attempts to charge (domain.md 7.1, 7.4, payments.md Charging)")
struct AttemptTests {
    private let soft = Decline(.soft, code: "insufficient_funds")
    private let hard = Decline(.hard, code: "lost_card")
    private let customer = Decline(.needsCustomer, code: "authentication_required")

    @Test("an attempt is stored before the call, counted, and completes the purchase with what was asked for")
    func success() throws {
        var world = PurchaseFixture()
        #expect(try world.purchase.begin(.savedMethod(attempts: []), systemEnabled: true, at: world.now) == [.charge(attempt: 1)])
        #expect(world.status == .processing && world.phase == .charging)
        #expect(world.end(.succeeded(world.payment())) == [.complete(world.payment())])
        #expect(world.status == .completed && world.phase == nil && world.purchase.state.transaction == "pi_1")
        #expect(world.purchase.state.completedAt == world.now)
    }

    @Test("a success that comes twice, in any order, or ten times at once completes once")
    func duplicates() throws {
        var world = try PurchaseFixture.charging()
        var completions = 0
        for _ in 0..<10 { completions += world.end(.succeeded(world.payment())).count }
        completions += world.ask(.paid(world.payment())).count
        #expect(completions == 1)
    }

    @Test("a one-time purchase and a top-up fail at once with the reason of the decline", arguments: [PurchaseType.oneTime, .autoTopup])
    func declined(type: PurchaseType) throws {
        var world = try PurchaseFixture.charging(type)
        #expect(world.end(.declined(soft)) == [.fail(reason: "insufficient_funds")])
        #expect(world.status == .failed && world.purchase.state.failure == "insufficient_funds")
        world = try PurchaseFixture.charging(type)
        #expect(world.end(.declined(hard)) == [.retireMethod(reason: "lost_card"), .fail(reason: "lost_card")])
        #expect(throws: ChargeRefusal.purchaseSettled) { try world.begin() }
    }

    @Test("a renewal waits after a soft decline for its next attempt, after a hard one for a new payment method")
    func renewal() throws {
        let next = PurchaseFixture.start.adding(.days(1))
        let hope = RenewalHope(nextAttemptAt: next, graceEndsAt: PurchaseFixture.start.adding(.days(7)))
        var world = try PurchaseFixture.charging(.subscription)
        #expect(world.end(.declined(soft), renewal: hope) == [.wake(at: next)])
        #expect(world.phase == .retryWaiting && world.purchase.state.nextActionAt == next)
        #expect(throws: ChargeRefusal.notDue) { try world.begin() }
        world.now = next
        #expect(world.purchase.dueWork(at: next) == .attempt)
        try world.begin()
        #expect(world.purchase.state.attempts == 2)
        #expect(world.end(.declined(hard), renewal: hope) == [.retireMethod(reason: "lost_card")])
        #expect(world.phase == .retryWaiting && world.purchase.state.nextActionAt == nil && world.purchase.dueWork(at: next) == nil)
        let early = try world.purchase.begin(.savedMethod(attempts: []), isEarly: true, systemEnabled: true, at: world.now)
        #expect(early == [.charge(attempt: 3)], "a new payment method starts the next attempt at once")
        #expect(world.end(.refused(code: "x"), renewal: hope) == [.alertOperator(.refused(code: "x")), .wake(at: next)])
    }

    @Test("the first period of a subscription has no grace: a decline fails it")
    func firstPeriod() throws {
        var world = try PurchaseFixture.charging(.subscription)
        #expect(world.end(.declined(soft)) == [.fail(reason: "insufficient_funds")])
    }

    @Test("what the customer has to do waits seven days, a renewal's until grace ends, and then fails with the reason")
    func customerAction() throws {
        var world = try PurchaseFixture.charging()
        let end = world.now.adding(.days(7))
        #expect(world.end(.declined(customer)) == [.requireCustomer(until: end), .wake(at: end)])
        #expect(world.phase == .customerAction && world.purchase.dueWork(at: end.adding(.seconds(-1))) == nil)
        world.now = end
        #expect(world.purchase.dueWork(at: end) == .lapse)
        #expect(world.purchase.lapse(at: end).first == .closeAtGateway)
        #expect(world.purchase.closed(.closed, world.circumstances()) == [.fail(reason: "authentication_required")])
        #expect(world.status == .failed)

        var renewal = try PurchaseFixture.charging(.subscription)
        let grace = renewal.now.adding(.days(3))
        let hope = RenewalHope(nextAttemptAt: nil, graceEndsAt: grace)
        #expect(renewal.end(.declined(customer), renewal: hope).first == .requireCustomer(until: grace))
    }

    @Test("a dead authorization asks the customer and retires the payment method")
    func deadAuthorization() throws {
        var world = try PurchaseFixture.charging()
        let actions = world.end(PaystackAnswers.outcome(status: 400, message: "Authorization code is invalid"))
        #expect(actions.first == .retireMethod(reason: "authorization_invalid") && world.phase == .customerAction)
    }

    @Test("our own fault fails the purchase and alerts the operator")
    func refused() throws {
        var world = try PurchaseFixture.charging()
        #expect(
            world.end(.refused(code: "parameter_missing")) == [
                .alertOperator(.refused(code: "parameter_missing")), .fail(reason: "parameter_missing"),
            ])
    }

    @Test("a code that nobody knows counts as soft, once")
    func unknownCode() throws {
        let unheard = Decline(.soft, code: "martian_card", isKnown: false)
        let next = PurchaseFixture.start.adding(.days(1))
        let hope = RenewalHope(nextAttemptAt: next, graceEndsAt: next)
        var world = try PurchaseFixture.charging(.subscription)
        #expect(world.end(.declined(unheard), renewal: hope) == [.wake(at: next)])
        world.now = next
        try world.begin()
        #expect(world.end(.declined(unheard), renewal: hope) == [])
        #expect(world.phase == .retryWaiting && world.purchase.state.nextActionAt == nil, "only a new payment method moves it on")
    }

    @Test("429 repeats the same attempt after a step with jitter, uncounted, and ends a one-time purchase after a day")
    func slowDown() throws {
        var world = try PurchaseFixture.charging()
        let steps: [Span] = [.seconds(10), .minutes(1), .minutes(10), .hours(1), .hours(6), .hours(6), .hours(6)]
        for step in steps {
            #expect(world.end(.slowDown) == [.wake(at: world.now.adding(step))])
            #expect(world.phase == .retryWaiting && world.purchase.state.attempts == 1)
            world.wait(step)
            #expect(try world.purchase.begin(.savedMethod(attempts: []), systemEnabled: true, at: world.now) == [.charge(attempt: 1)])
        }
        #expect(world.end(.slowDown) == [.fail(reason: "gateway_busy")])
        var late = try PurchaseFixture.charging()
        let circumstances = PurchaseCircumstances(at: late.now, jitter: 500)
        #expect(late.purchase.ended(.slowDown, circumstances) == [.wake(at: late.now.adding(.seconds(15)))])
    }

    @Test("no attempt begins while one is under way, unknown or parked, nor on a settled purchase, nor while the system is disabled")
    func refusedAttempts() throws {
        let way = ChargeWay.savedMethod(attempts: [])
        for phase in PurchasePhase.allCases {
            var state = PurchaseState()
            (state.status, state.phase) = (.processing, phase)
            var world = PurchaseFixture(state: state)
            let refusal: ChargeRefusal? =
                switch phase {
                case .charging, .unknown, .parked: .chargeInProgress
                case .retryWaiting: .notDue
                case .customerAction: nil
                }
            if let refusal {
                #expect(throws: refusal) { try world.purchase.begin(way, systemEnabled: true, at: world.now) }
            } else {
                #expect(throws: Never.self) { try world.purchase.begin(way, systemEnabled: true, at: world.now) }
            }
        }
        for status in PurchaseStatus.allCases where status != .pending && status != .processing {
            var state = PurchaseState()
            state.status = status
            var world = PurchaseFixture(state: state)
            #expect(throws: ChargeRefusal.purchaseSettled) { try world.begin() }
        }
        var disabled = PurchaseFixture()
        #expect(throws: ChargeRefusal.systemDisabled) { try disabled.purchase.begin(way, systemEnabled: false, at: disabled.now) }
        #expect(disabled.status == .pending)
    }

    @Test("a card is tried at most ten times in thirty days")
    func cardLimit() throws {
        var world = PurchaseFixture()
        let attempts = (0..<10).map { world.now.adding(.days(-29 + $0)) }
        #expect(throws: ChargeRefusal.cardAttemptsUsedUp) { try world.begin(.savedMethod(attempts: attempts)) }
        #expect(world.status == .pending)
        #expect(RetryPlan.mayTryCard(attempts: attempts, at: world.now.adding(.days(1))))
        #expect(RetryPlan.mayTryCard(attempts: Array(attempts.dropLast()), at: world.now))
        var refused = world
        #expect(refused.purchase.cardIsUsedUp(refused.circumstances()) == [.cancel])
        #expect(refused.status == .cancelled && refused.purchase.state.failure == "card_attempts_used_up")
        try world.begin(.hostedPage)
        #expect(world.purchase.state.hasPage && world.purchase.cardIsUsedUp(world.circumstances()) == [])

        let next = PurchaseFixture.start.adding(.days(1))
        let hope = RenewalHope(nextAttemptAt: next, graceEndsAt: next)
        var renewal = try PurchaseFixture.charging(.subscription)
        _ = renewal.end(.declined(soft), renewal: hope)
        #expect(renewal.purchase.cardIsUsedUp(renewal.circumstances(renewal: hope)) == [])
        #expect(renewal.phase == .retryWaiting && renewal.purchase.state.nextActionAt == nil, "it waits for a new payment method")
    }
}
