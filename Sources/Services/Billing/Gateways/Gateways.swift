import Domain
import Payments
import Runtime
import Telemetry

/// The gateways that the configuration has keys for. Belongs to the thread of its lane.
final class Gateways {
    private let open: [Gateway: any PaymentGateway]

    init(_ configuration: Configuration) {
        var open: [Gateway: any PaymentGateway] = [:]
        if let key = configuration.text(.stripeSecretKey), let base = configuration.text(.stripeAPIBase) {
            open[.stripe] = try? StripeGateway(base: base, key: key)
        }
        if let key = configuration.text(.paystackSecretKey), let base = configuration.text(.paystackAPIBase) {
            open[.paystack] = try? PaystackGateway(base: base, key: key)
        }
        self.open = open
    }

    func isConfigured(_ gateway: Gateway) -> Bool { open[gateway] != nil }

    /// Whose page is opened when nobody says.
    var preferred: Gateway? { Gateway.allCases.first { isConfigured($0) } }

    /// Makes a call; it takes 15 s at most (`payments.md`, Charging, 2).
    func perform(_ planned: PlannedCall, _ lane: LaneContext) -> GatewayNews {
        let start = lane.time.monotonicNanoseconds
        let news = open[planned.gateway].map { Self.perform(planned.call, on: $0) } ?? Self.withoutGateway(planned.call)
        lane.metrics.counter(.gatewayCalls, planned.gateway.rawValue, Self.name(of: planned.call), news.outcome).add()
        lane.metrics.histogram(.gatewaySeconds, planned.gateway.rawValue).observe(lane.time.seconds(since: start))
        return news
    }

    private static func perform(_ call: GatewayCall, on gateway: any PaymentGateway) -> GatewayNews {
        switch call {
        case .charge(let purchase, let attempt): .charged(purchase: purchase, attempt: attempt.number, gateway.charge(attempt))
        case .openPage(let purchase, let attempt, let page):
            .opened(purchase: purchase, attempt: attempt.number, gateway.openPage(attempt, page))
        case .ask(let purchase, let attempt, let way): .asked(purchase: purchase, attempt: attempt.number, gateway.ask(attempt, way))
        case .readPage(let purchase, let attempt, let page, let currency):
            .asked(purchase: purchase, attempt: attempt, gateway.readPage(page, currency: currency))
        case .readCharge(let purchase, let transaction, let currency):
            .asked(purchase: purchase, attempt: nil, gateway.readCharge(transaction, currency: currency))
        case .close(let purchase, let object, let currency): .closed(purchase: purchase, gateway.close(object, currency: currency))
        case .refund(let refund, let call): .refund(refund: refund, gateway.refund(call))
        case .askRefund(let refund, let call): .refund(refund: refund, gateway.askRefund(call))
        case .adoptMethod(let reference, let email, let organization, let key):
            .method(gateway.adoptMethod(reference, email: email, organization: organization, key: key))
        case .openMethodPage(let request): .methodPage(gateway.openMethodPage(request))
        case .readMethodPage(let page): .method(gateway.readMethodPage(page))
        }
    }

    /// Its keys were taken out of the configuration while purchases wait for it: nobody was called, so nothing is known.
    private static func withoutGateway(_ call: GatewayCall) -> GatewayNews {
        let missing = "gateway_not_configured"
        switch call {
        case .charge(let purchase, let attempt): return .charged(purchase: purchase, attempt: attempt.number, .slowDown)
        case .openPage(let purchase, let attempt, _): return .opened(purchase: purchase, attempt: attempt.number, .slowDown)
        case .ask(let purchase, let attempt, _): return .asked(purchase: purchase, attempt: attempt.number, .stillUnknown)
        case .readPage(let purchase, let attempt, _, _): return .asked(purchase: purchase, attempt: attempt, .stillUnknown)
        case .readCharge(let purchase, _, _): return .asked(purchase: purchase, attempt: nil, .stillUnknown)
        case .close(let purchase, _, _): return .closed(purchase: purchase, .unknown)
        case .refund(let refund, _), .askRefund(let refund, _): return .refund(refund: refund, .unknown)
        case .adoptMethod, .readMethodPage: return .method(.refused(code: missing))
        case .openMethodPage: return .methodPage(.refused(code: missing))
        }
    }

    private static func name(of call: GatewayCall) -> String {
        switch call {
        case .charge: "charge"
        case .openPage: "open_page"
        case .ask: "ask"
        case .readPage: "read_page"
        case .readCharge: "read_charge"
        case .close: "close"
        case .refund: "refund"
        case .askRefund: "ask_refund"
        case .adoptMethod: "adopt_method"
        case .openMethodPage: "open_method_page"
        case .readMethodPage: "read_method_page"
        }
    }
}

extension MetricFamily {
    static let gatewayCalls = MetricFamily(
        "purser_gateway_calls_total", .counter, labels: ["gateway", "call", "outcome"], help: "Calls to payment gateways by outcome.")
    static let gatewaySeconds = MetricFamily(
        "purser_gateway_call_seconds", .histogram(bounds: MetricFamily.durations), labels: ["gateway"], help: "Time that calls took.")
    static let purchases = MetricFamily(
        "purser_purchases_total", .counter, labels: ["type", "status"], help: "Purchases that reached a status.")
    static let operatorAlerts = MetricFamily(
        "purser_operator_alerts_total", .counter, labels: ["kind"], help: "What an operator has to look at.")
}
