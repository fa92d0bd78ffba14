/// Every type of request of the product (messages.md, Requests). For a command it is the routing key too.
public enum RequestType: String, Sendable, CaseIterable {
    /// The one type that goes to `purser.usage`, with the organization as routing key.
    case usageRecorded = "usage.recorded"

    case meterCheck = "meter.check"
    case meterHold = "meter.hold"
    case meterHoldCapture = "meter.hold_capture"
    case meterHoldRelease = "meter.hold_release"
    case meterUsageRefund = "meter.usage_refund"
    case meterRateSet = "meter.rate_set"

    case walletOpen = "billing.wallet_open"
    case walletSuspend = "billing.wallet_suspend"
    case walletReactivate = "billing.wallet_reactivate"
    case walletSettings = "billing.wallet_settings"
    case grant = "billing.grant"
    case adjust = "billing.adjust"

    case purchase = "billing.purchase"
    case purchaseExecute = "billing.purchase_execute"
    case purchaseCancel = "billing.purchase_cancel"
    case purchaseRefund = "billing.purchase_refund"
    case invoice = "billing.invoice"
    case paymentMethodAdd = "billing.payment_method_add"
    case paymentMethodRemove = "billing.payment_method_remove"
    case paymentMethodDefault = "billing.payment_method_default"
    case packageSet = "billing.package_set"
    case planSet = "billing.plan_set"
    case subscribe = "billing.subscribe"
    case subscriptionPause = "billing.subscription_pause"
    case subscriptionResume = "billing.subscription_resume"
    case subscriptionCancel = "billing.subscription_cancel"
    case gatewayEvent = "billing.gateway_event"
    case topupPurchase = "billing.topup_purchase"
    /// Internal: reminds of a purchase or refund whose moment has come; a no-op when it came too early or twice.
    case dueWork = "billing.due_work"

    case policySet = "topup.policy_set"
    case policyEnable = "topup.policy_enable"
    case policyDisable = "topup.policy_disable"

    case thresholdSet = "notifier.threshold_set"
    case thresholdRemove = "notifier.threshold_remove"
    case endpointSet = "notifier.endpoint_set"
    case endpointRemove = "notifier.endpoint_remove"
}
