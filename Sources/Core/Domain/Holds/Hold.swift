/// Where a hold stands. `open -> captured | released | expired`, `expired -> captured` by a late capture (`domain.md` 6.5).
public enum HoldStatus: String, Hashable, Sendable, CaseIterable {
    case open
    case captured
    case released
    case expired
    /// Refused when it was placed; the same request gets the same answer.
    case rejected
}

/// Tokens set aside for work in progress (`domain.md` 6, U6).
public struct Hold: Hashable, Sendable {
    /// Unique per organization.
    public let id: String
    public let service: String
    public let quantity: Int64?
    /// What the hold sets aside when tokens pay: the most that can be captured.
    public let required: Int64
    public let outcome: UsageOutcome
    /// Only with `rejected`.
    public let reason: UsageReason?
    public var status: HoldStatus
    /// What is pinned, in the order drawn; empty unless `held`.
    public var pins: [Draw]
    public let placedAt: Moment
    public let endsAt: Moment
    /// Tokens captured, once it is captured.
    public var captured: Int64?
    /// The ledger row of the capture.
    public var resolutionSequence: Int64?
    /// What that row says.
    public var capture: Capture?
    /// SHA-256 of the request's content: the same id with other content is a conflict (`domain.md` 6.1).
    public let contentDigest: [UInt8]
    public var resolvedAt: Moment?

    /// How a capture was decided. A late one is an ordinary debit, so it may have come out otherwise than the hold promised.
    public struct Capture: Hashable, Sendable {
        public let outcome: UsageOutcome
        /// Tokens charged.
        public let tokens: Int64

        public init(outcome: UsageOutcome, tokens: Int64) {
            self.outcome = outcome
            self.tokens = tokens
        }
    }

    public init(
        id: String, service: String, quantity: Int64?, required: Int64, outcome: UsageOutcome, reason: UsageReason? = nil,
        status: HoldStatus, pins: [Draw] = [], placedAt: Moment, endsAt: Moment, captured: Int64? = nil,
        resolutionSequence: Int64? = nil, capture: Capture? = nil, contentDigest: [UInt8], resolvedAt: Moment? = nil
    ) {
        self.id = id
        self.service = service
        self.quantity = quantity
        self.required = required
        self.outcome = outcome
        self.reason = reason
        self.status = status
        self.pins = pins
        self.placedAt = placedAt
        self.endsAt = endsAt
        self.captured = captured
        self.resolutionSequence = resolutionSequence
        self.capture = capture
        self.contentDigest = contentDigest
        self.resolvedAt = resolvedAt
    }

    /// Tokens that the hold pins now.
    public var pinned: Int64 { pins.reduce(0) { $0 + $1.tokens } }

    /// Numbers of the lots that it pins.
    public var lots: [Int64] { pins.compactMap { if case .lot(let id) = $0.source { id } else { nil } } }

}

/// A request to set tokens aside.
public struct HoldRequest: Hashable, Sendable {
    public let id: String
    public let service: String
    public let quantity: Int64?
    /// 1 to 604,800 s.
    public let timeout: Span
    public let contentDigest: [UInt8]

    public init(id: String, service: String, quantity: Int64?, timeout: Span, contentDigest: [UInt8]) {
        self.id = id
        self.service = service
        self.quantity = quantity
        self.timeout = timeout
        self.contentDigest = contentDigest
    }
}

/// Why a hold could not be resolved as asked (`domain.md` 6.2, 6.3).
public enum HoldRefusal: String, Error, Hashable, Sendable {
    case unknown = "hold_not_found"
    /// The same id with other content.
    case conflict = "event_conflict"
    case alreadyCaptured = "already_captured"
    case alreadyReleased = "already_released"
    case alreadyExpired = "already_expired"
    /// The hold was refused when it was placed: there is nothing to resolve.
    case rejected = "hold_rejected"
    /// More than the hold set aside.
    case exceedsHold = "capture_exceeds_hold"
    case overflow
}
