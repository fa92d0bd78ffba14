import Messages

/// Holds a request's data against its schema before it is sent, so that a slip costs no round trip.
enum RequestCheck {
    /// - Throws: `InvalidRequest` naming the field. Types that this build does not know are for their consumer to judge.
    static func check(_ type: RequestType, data: JSONValue, document: [UInt8]) throws(InvalidRequest) {
        switch type {
        case .meterCheck: _ = try MeterCheck(data: data, document: document)
        case .meterHold: _ = try MeterHold(data: data, document: document)
        case .meterHoldCapture: _ = try MeterHoldCapture(data: data, document: document)
        case .meterHoldRelease: _ = try MeterHoldRelease(data: data, document: document)
        case .meterUsageRefund: _ = try MeterUsageRefund(data: data, document: document)
        case .meterRateSet: _ = try MeterRateSet(data: data, document: document)
        case .walletOpen: _ = try WalletOpen(data: data, document: document)
        case .walletSuspend: _ = try WalletSuspend(data: data, document: document)
        case .walletReactivate: _ = try WalletReactivate(data: data, document: document)
        case .walletSettings: _ = try WalletSettings(data: data, document: document)
        case .grant: _ = try BillingGrant(data: data, document: document)
        case .adjust: _ = try BillingAdjust(data: data, document: document)
        case .purchase: _ = try BillingPurchase(data: data, document: document)
        case .purchaseExecute: _ = try PurchaseExecute(data: data, document: document)
        case .purchaseCancel: _ = try PurchaseCancel(data: data, document: document)
        case .purchaseRefund: _ = try PurchaseRefund(data: data, document: document)
        case .invoice: _ = try InvoiceMake(data: data, document: document)
        case .paymentMethodAdd: _ = try PaymentMethodAdd(data: data, document: document)
        case .paymentMethodRemove: _ = try PaymentMethodRemove(data: data, document: document)
        case .paymentMethodDefault: _ = try PaymentMethodDefault(data: data, document: document)
        case .packageSet: _ = try PackageSet(data: data, document: document)
        case .gatewayEvent: _ = try GatewayEventReceived(data: data, document: document)
        case .dueWork: _ = try BillingDueWork(data: data, document: document)
        default: break
        }
    }
}
