import Domain
import Messages
import Runtime

/// A request to the meter with its data read.
enum MeterRequest {
    case check(MeterCheck)
    case hold(MeterHold)
    case capture(MeterHoldCapture)
    case release(MeterHoldRelease)
    case refund(MeterUsageRefund)
    case setRate(MeterRateSet)

    static let types: Set<RequestType> = [.meterCheck, .meterHold, .meterHoldCapture, .meterHoldRelease, .meterUsageRefund, .meterRateSet]

    init(_ command: Command) throws(InvalidRequest) {
        switch command.type {
        case .meterCheck: self = .check(try MeterCheck(command.envelope))
        case .meterHold: self = .hold(try MeterHold(command.envelope))
        case .meterHoldCapture: self = .capture(try MeterHoldCapture(command.envelope))
        case .meterHoldRelease: self = .release(try MeterHoldRelease(command.envelope))
        case .meterUsageRefund: self = .refund(try MeterUsageRefund(command.envelope))
        default: self = .setRate(try MeterRateSet(command.envelope))
        }
    }

    /// Rates are the only thing here that concerns no organization.
    var concernsOrganization: Bool {
        if case .setRate = self { false } else { true }
    }

    /// The hold that it speaks of.
    var holdID: String? {
        switch self {
        case .hold(let hold): hold.holdID
        case .capture(let capture): capture.holdID
        case .release(let release): release.holdID
        case .check, .refund, .setRate: nil
        }
    }

    /// The person for whom it is made.
    var actor: String? {
        switch self {
        case .hold(let hold): hold.actor
        case .capture(let capture): capture.actor
        case .release(let release): release.actor
        case .refund(let refund): refund.actor
        case .setRate(let rate): rate.actor
        case .check: nil
        }
    }

    /// The debit that it wants back.
    var refunded: EventIdentity? {
        if case .refund(let refund) = self { EventIdentity(source: refund.source, id: refund.id) } else { nil }
    }

    /// A question changes nothing, so its answer is not kept and it is asked anew each time.
    var isQuestion: Bool {
        if case .check = self { true } else { false }
    }
}
