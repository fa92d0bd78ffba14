/// A message that resolves a hold by debiting it.
public struct CaptureRequest: Hashable, Sendable {
    public let identity: EventIdentity
    /// Nil means all that the hold set aside; 0 is a release.
    public let tokens: Int64?
    public let time: Moment
    public let metadata: String?

    public init(identity: EventIdentity, tokens: Int64?, time: Moment, metadata: String?) {
        self.identity = identity
        self.tokens = tokens
        self.time = time
        self.metadata = metadata
    }
}

/// How a hold was resolved.
public enum HoldResolution: Hashable, Sendable {
    /// Charged now, or by the same resolution before (`repeated`).
    case captured(outcome: UsageOutcome, tokens: Int64, repeated: Bool)
    case released(tokens: Int64, repeated: Bool)
    /// A late capture that the wallet could not pay; the hold stays expired.
    case rejected(UsageDecision)
}

extension Wallet {
    /// Resolves a hold by a capture message (`domain.md` 6.2, 6.3, 6.5).
    ///
    /// - Parameter latePrice: the rate of the hold's service, for a capture that comes after the sweep and is an ordinary debit.
    /// - Throws: a refusal; the caller keeps its copy of wallet and hold.
    public mutating func resolve(
        _ hold: inout Hold, by request: CaptureRequest, rate: Rate?, at moment: Moment, systemEnabled: Bool
    ) throws(HoldRefusal) -> HoldResolution {
        let tokens = request.tokens ?? hold.required
        guard tokens <= hold.required else { throw .exceedsHold }
        if tokens == 0 { return try release(&hold, cause: request.identity, at: moment) }
        let late = hold.status == .expired && request.time < hold.endsAt
        let charge = UsageCharge(
            identity: request.identity, service: hold.service, quantity: hold.quantity, tokens: nil, time: request.time,
            metadata: request.metadata, isLate: late)
        switch hold.status {
        case .rejected: throw .rejected
        case .released: throw .alreadyReleased
        case .captured:
            guard hold.captured == tokens, let capture = hold.capture else { throw .alreadyCaptured }
            return .captured(outcome: capture.outcome, tokens: capture.tokens, repeated: true)
        case .expired:
            guard late, let rate else { throw .alreadyExpired }
            return try captureLate(&hold, tokens, charge, rate: rate, at: moment, systemEnabled: systemEnabled)
        case .open:
            do {
                let capture = try capture(&hold, tokens: tokens, charge, at: moment)
                return .captured(outcome: capture.outcome, tokens: capture.tokens, repeated: false)
            } catch {
                throw .overflow
            }
        }
    }

    /// Resolves a hold by a release message, or by a capture of 0 (`domain.md` 6.2, 6.3).
    /// - Throws: a refusal; the caller keeps its copy of wallet and hold.
    public mutating func release(_ hold: inout Hold, cause: EventIdentity, at moment: Moment) throws(HoldRefusal) -> HoldResolution {
        switch hold.status {
        case .rejected: throw .rejected
        case .captured: throw .alreadyCaptured
        case .expired: throw .alreadyExpired
        case .released: return .released(tokens: hold.pinned, repeated: true)
        case .open:
            let tokens = hold.pinned
            do {
                try release(&hold, expired: false, cause: cause, at: moment)
            } catch {
                throw .overflow
            }
            return .released(tokens: tokens, repeated: false)
        }
    }

    /// The sweep was faster than a capture dated before the end: an ordinary debit, marked `late`.
    private mutating func captureLate(
        _ hold: inout Hold, _ tokens: Int64, _ charge: UsageCharge, rate: Rate, at moment: Moment, systemEnabled: Bool
    ) throws(HoldRefusal) -> HoldResolution {
        let decision: UsageDecision
        do {
            decision = try self.charge(charge, PricedUsage(cost: tokens, rate: rate), at: moment, systemEnabled: systemEnabled)
        } catch {
            throw .overflow
        }
        guard decision.outcome != .rejected else { return .rejected(decision) }
        hold.status = .captured
        hold.captured = tokens
        hold.resolutionSequence = sequence
        hold.capture = Hold.Capture(outcome: decision.outcome, tokens: decision.tokens)
        hold.resolvedAt = moment
        announce(
            .holdCaptured(
                hold.id, service: hold.service, outcome: decision.outcome, tokens: decision.tokens, released: 0, late: true))
        return .captured(outcome: decision.outcome, tokens: decision.tokens, repeated: false)
    }
}
