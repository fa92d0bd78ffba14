/// A sale of tokens, charged through a gateway (`domain.md` 7).
///
/// Every function is a decision: it moves the purchase and returns what is to be done, in order. The caller stores both in one
/// transaction, and acts after it.
public struct Purchase: Hashable, Sendable {
    public let reference: PurchaseReference
    public let scope: PurchaseScope
    /// 0 for a period of an unlimited subscription.
    public let tokens: Int64
    /// What the customer is charged, tax included.
    public let total: Money
    public let gateway: Gateway
    public let createdAt: Moment
    public internal(set) var state: PurchaseState

    public init(
        reference: PurchaseReference, scope: PurchaseScope, tokens: Int64, total: Money, gateway: Gateway, createdAt: Moment,
        state: PurchaseState = PurchaseState()
    ) {
        self.reference = reference
        self.scope = scope
        self.tokens = tokens
        self.total = total
        self.gateway = gateway
        self.createdAt = createdAt
        self.state = state
    }

    /// Moves along the diagram of the folder's README; a move that is not in it is a fault of ours.
    mutating func become(_ next: PurchaseStatus, reason: String? = nil) {
        precondition(state.status.canBecome(next), "a purchase moved from \(state.status) to \(next)")
        state.status = next
        state.phase = nil
        state.nextActionAt = nil
        if let reason { state.failure = reason }
    }

    /// Waits in a phase, until a moment if there is one.
    mutating func wait(in phase: PurchasePhase, until moment: Moment?) {
        state.phase = phase
        state.nextActionAt = moment
    }
}

/// The part of a purchase that changes.
public struct PurchaseState: Hashable, Sendable {
    public var status = PurchaseStatus.pending
    /// Only while it is `processing`.
    public var phase: PurchasePhase?
    /// Attempts that were made; those that the gateway turned away unread are not counted.
    public var attempts = 0
    /// When the newest attempt was made.
    public var calledAt: Moment?
    /// Whether the newest attempt was turned away unread, so that the next call is the same one, with the same key.
    public var repeatsAttempt = false
    /// How often the gateway asked to slow down since the newest attempt began.
    public var slowDowns = 0
    /// How often an unknown outcome was asked for in vain.
    public var asks = 0
    /// When something has to be done by itself: the next attempt, the next question, the end of waiting. Messages are only wake-ups.
    public var nextActionAt: Moment?
    /// Whether the customer pays on a page of the gateway.
    public var hasPage = false
    /// Whether somebody wanted it cancelled while it could not be (`domain.md` 7.8).
    public var isCancelWished = false
    /// Why the page or intent is being closed at the gateway.
    public var closing: ClosingReason?
    /// Whether a decline had a code that no table knows.
    public var hadUnknownCode = false
    /// Why it failed, was cancelled, or waits.
    public var failure: String?
    /// The gateway's id of the charge that completed it.
    public var transaction: String?
    public var completedAt: Moment?
    /// Charges that were given back without having completed it.
    public var returnedCharges: [String] = []
    /// Tokens that refunds which succeeded have taken.
    public var refundedTokens: Int64 = 0
    /// Where it goes back to when the dispute is won.
    public var statusBeforeDispute: PurchaseStatus?

    public init() {}
}

/// Why a page or intent is closed at the gateway before a purchase ends.
public enum ClosingReason: String, Hashable, Sendable, CaseIterable {
    /// Somebody cancelled it, or put another in its place.
    case cancelled
    /// The page was not paid in time.
    case lapsed
    /// The customer did not do what was needed.
    case actionExpired = "action_expired"
}

/// What the caller of a decision has to do.
public enum PurchaseAction: Hashable, Sendable {
    /// Store the attempt, commit, then call the gateway with the attempt's key.
    case charge(attempt: Int)
    /// The same for a page on which the customer pays.
    case openPage(attempt: Int)
    /// Credit, ledger row, invoice and the rest, all in this transaction (`domain.md` 7.5).
    case complete(GatewayPayment)
    case fail(reason: String)
    case cancel
    /// Something is due then: send a wake-up through the delay queues.
    case wake(at: Moment)
    /// Tell the customer, with a link (`purchase.action_required`).
    case requireCustomer(until: Moment)
    /// Nobody tries this payment method again.
    case retireMethod(reason: String)
    /// Close the page or intent, and report with `closed`.
    case closeAtGateway
    /// Give a charge back that nobody wants, and report it (`domain.md` 7.8).
    case refundCharge(GatewayPayment, reason: AutomaticRefund)
    case alertOperator(OperatorAlert)
}

/// Why a charge was given back by itself.
public enum AutomaticRefund: String, Hashable, Sendable, CaseIterable {
    case cancelled
    case failed
    /// Another purchase of the same scope completed meanwhile.
    case superseded
    /// Another charge paid for the same purchase.
    case paidTwice = "paid_twice"
}

/// What an operator has to look at.
public enum OperatorAlert: Hashable, Sendable {
    /// The gateway turned us down, not the customer.
    case refused(code: String)
    /// All questions were asked in vain.
    case outcomeUnknown
    /// The gateway's object says another amount, currency or reference, or not paid.
    case paymentMismatch(GatewayPayment)
    /// A refund failed after it had succeeded.
    case refundFailedLate
}
