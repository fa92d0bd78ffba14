/// When things are tried or asked again (`payments.md`, Charging, 3).
public enum RetryPlan {
    /// Steps after which an unknown outcome is asked for; then once a day, five times.
    private static let ladder: [Span] = [.seconds(10), .minutes(1), .minutes(10), .hours(1), .hours(6)]
    private static let dailyAsks = 5

    /// How long after the newest question the next one comes; nil when all were asked and the purchase is parked.
    ///
    /// - Parameter asks: how often the gateway was asked in vain.
    public static func askDelay(after asks: Int) -> Span? {
        if asks < ladder.count { return ladder[asks] }
        return asks < ladder.count + dailyAsks ? .days(1) : nil
    }

    /// How long to wait after the gateway asked to slow down; the last step repeats.
    ///
    /// - Parameters:
    ///   - times: how often it has asked before.
    ///   - jitter: up to a half of the step is added, so that those who were turned away together do not come back together; thousandths.
    public static func slowDownDelay(after times: Int, jitter: Int64) -> Span {
        precondition((0...500).contains(jitter), "jitter is at most a half of the step")
        let step = ladder[min(times, ladder.count - 1)].microseconds
        return Span(microseconds: step + step / 1_000 * jitter)
    }

    /// A call ends by itself well before: connecting takes at most 5 s, the whole call 15 s. One that is older was lost with its program.
    public static let callIsLost = Span.seconds(30)

    /// A charge that the gateway cannot find so long after the call was never made.
    public static let notFoundMeansNotCharged = Span.hours(24)

    /// As long as Stripe surely remembers a key, with a margin (`payment-facts.md` 1.4: at least 24 hours).
    public static let sameKeyWindow = Span.hours(20)

    /// How long the customer has to act before the purchase fails.
    public static let customerAction = Span.days(7)

    /// How long a purchase waits to be executed, a hosted page to be paid, or a gateway to stop asking to slow down (`domain.md` 7.4).
    public static let lapse = Span.hours(24)

    /// An unknown one-time purchase stands in the way of another one for so long (`domain.md` 7.4).
    public static let unknownBlocks = Span.hours(1)

    /// Card networks count attempts per card over all invoices (`payment-facts.md` 4).
    public static let attemptsPerCard = 10
    public static let attemptsWindow = Span.days(30)

    /// Whether a card may be tried once more.
    public static func mayTryCard(attempts: [Moment], at moment: Moment) -> Bool {
        attempts.count { $0.adding(attemptsWindow) > moment } < attemptsPerCard
    }
}

/// How to learn what became of a charge whose outcome is unknown.
public enum AskingWay: String, Hashable, Sendable, CaseIterable {
    /// The same call with the same key: if the first one never arrived, this is the charge.
    case sameKey = "same_key"
    /// A search by our reference in the gateway's `metadata`.
    case search
    /// A look-up by the attempt's reference.
    case verify

    /// - Parameters:
    ///   - calledAt: when the attempt was made.
    ///   - isWanted: whether the purchase is still wanted, and its amount, method and key are those of the attempt.
    public static func of(_ gateway: Gateway, calledAt: Moment, isWanted: Bool, at moment: Moment) -> AskingWay {
        switch gateway {
        case .paystack: .verify
        case .stripe: isWanted && moment < calledAt.adding(RetryPlan.sameKeyWindow) ? .sameKey : .search
        }
    }
}
