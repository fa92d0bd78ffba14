import Domain
import Payments

/// A call to a gateway that a transaction asks for. What it is for is committed before it is made.
enum GatewayCall {
    case charge(purchase: Int64, ChargeAttempt)
    case openPage(purchase: Int64, ChargeAttempt, PageRequest)
    case ask(purchase: Int64, ChargeAttempt, AskingWay)
    case readPage(purchase: Int64, attempt: Int?, page: String, Currency)
    /// Because of a webhook, which is news and no proof.
    case readCharge(purchase: Int64, transaction: String, Currency)
    case close(purchase: Int64, OpenObject, Currency)
    case refund(refund: Int64, RefundCall)
    case askRefund(refund: Int64, RefundCall)
    case adoptMethod(reference: String, email: String?, organization: String, key: String)
    case openMethodPage(MethodPageRequest)
    case readMethodPage(String)
}

/// A call and who takes it.
struct PlannedCall {
    let gateway: Gateway
    let call: GatewayCall

    init(_ gateway: Gateway, _ call: GatewayCall) {
        self.gateway = gateway
        self.call = call
    }
}

/// What came of a call, for the next transaction.
enum GatewayNews {
    case charged(purchase: Int64, attempt: Int, ChargeOutcome)
    case opened(purchase: Int64, attempt: Int, PageOutcome)
    /// Nil: nobody asked about an attempt of ours, but about a charge.
    case asked(purchase: Int64, attempt: Int?, AskResult)
    case closed(purchase: Int64, CloseResult)
    case refund(refund: Int64, RefundOutcome)
    case method(MethodOutcome)
    case methodPage(PageOutcome)

    /// One word for what came of it, for the metrics.
    var outcome: String {
        switch self {
        case .charged(_, _, let outcome):
            switch outcome {
            case .succeeded: "succeeded"
            case .declined(let decline): decline.kind.rawValue
            case .unknown: "unknown"
            case .refused: "refused"
            case .slowDown: "slow_down"
            }
        case .opened(_, _, let outcome), .methodPage(let outcome):
            switch outcome {
            case .opened: "succeeded"
            case .unknown: "unknown"
            case .refused: "refused"
            case .slowDown: "slow_down"
            }
        case .asked(_, _, let result):
            switch result {
            case .paid: "succeeded"
            case .notPaid: "declined"
            case .stillUnknown: "unknown"
            case .notFound: "not_found"
            }
        case .closed(_, let result):
            switch result {
            case .closed: "succeeded"
            case .alreadyPaid: "already_paid"
            case .unknown: "unknown"
            }
        case .refund(_, let outcome):
            switch outcome {
            case .news(let news, _): news.rawValue
            case .notFound: "not_found"
            case .unknown: "unknown"
            case .refused: "refused"
            case .slowDown: "slow_down"
            }
        case .method(let outcome):
            switch outcome {
            case .found: "succeeded"
            case .notFound: "not_found"
            case .unknown: "unknown"
            case .refused: "refused"
            }
        }
    }
}
