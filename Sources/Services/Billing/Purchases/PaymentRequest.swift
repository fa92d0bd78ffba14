import Domain
import Messages
import Runtime

/// A request to billing that concerns purchases, with its data read. A gateway may have to be called for it, so each is handled by itself.
enum PaymentRequest {
    case purchase(BillingPurchase)
    case execute(PurchaseExecute)
    case cancel(PurchaseCancel)
    case refund(PurchaseRefund)
    case invoice(InvoiceMake)
    case addMethod(PaymentMethodAdd)
    case removeMethod(PaymentMethodRemove)
    case chooseMethod(PaymentMethodDefault)
    case setPackage(PackageSet)
    case gatewayEvent(GatewayEventReceived)
    case dueWork(BillingDueWork)

    static let types: Set<RequestType> = [
        .purchase, .purchaseExecute, .purchaseCancel, .purchaseRefund, .invoice, .paymentMethodAdd, .paymentMethodRemove,
        .paymentMethodDefault, .packageSet, .gatewayEvent, .dueWork,
    ]

    /// - Throws: the refusal that names the field at fault. Only types of `types` come here.
    init(_ command: Command) throws(InvalidRequest) {
        let envelope = command.envelope
        switch command.type {
        case .purchase: self = .purchase(try BillingPurchase(envelope))
        case .purchaseExecute: self = .execute(try PurchaseExecute(envelope))
        case .purchaseCancel: self = .cancel(try PurchaseCancel(envelope))
        case .purchaseRefund: self = .refund(try PurchaseRefund(envelope))
        case .invoice: self = .invoice(try InvoiceMake(envelope))
        case .paymentMethodAdd: self = .addMethod(try PaymentMethodAdd(envelope))
        case .paymentMethodRemove: self = .removeMethod(try PaymentMethodRemove(envelope))
        case .paymentMethodDefault: self = .chooseMethod(try PaymentMethodDefault(envelope))
        case .packageSet: self = .setPackage(try PackageSet(envelope))
        case .gatewayEvent: self = .gatewayEvent(try GatewayEventReceived(envelope))
        default: self = .dueWork(try BillingDueWork(envelope))
        }
    }

    /// Whose wallet it concerns, as far as the message says.
    enum Subject {
        /// The organization of the envelope, which has to be there.
        case organization
        /// The purchase's; an organization in the envelope has to be the same.
        case purchase(PurchaseReference)
        case refund(Int64)
        case event
        case none
    }

    var subject: Subject {
        switch self {
        case .purchase, .addMethod, .removeMethod, .chooseMethod: return .organization
        case .execute(let request): return .purchase(request.reference)
        case .cancel(let request): return .purchase(request.reference)
        case .refund(let request): return .purchase(request.reference)
        case .invoice(let request): return .purchase(request.reference)
        case .dueWork(let request):
            switch request.work {
            case .purchase(let reference): return .purchase(reference)
            case .refund(let id): return .refund(id)
            }
        case .gatewayEvent: return .event
        case .setPackage: return .none
        }
    }

    /// Whether a repetition gets the stored answer. A reminder has none: done twice it does nothing.
    var isAnswered: Bool {
        if case .dueWork = self { false } else { true }
    }

    /// The person for whom the change is made.
    var actor: String? {
        switch self {
        case .purchase(let request): request.actor
        case .execute(let request): request.actor
        case .cancel(let request): request.actor
        case .refund(let request): request.actor
        case .invoice(let request): request.actor
        case .addMethod(let request): request.actor
        case .removeMethod(let request): request.actor
        case .chooseMethod(let request): request.actor
        case .setPackage(let request): request.actor
        case .gatewayEvent(let request): request.actor
        case .dueWork(let request): request.actor
        }
    }
}
