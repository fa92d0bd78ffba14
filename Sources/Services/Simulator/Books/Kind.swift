/// What kinds of things stand in the books. The raw values are written into the file and must not change.
enum Kind: String, Sendable, CaseIterable {
    case customer
    case paymentMethod = "payment_method"
    case setupIntent = "setup_intent"
    case paymentIntent = "payment_intent"
    case charge
    case refund
    case session = "checkout_session"
    case dispute
    case event
    case webhookEndpoint = "webhook_endpoint"
    case balanceTransaction = "balance_transaction"
    /// The first answer to a key, for its replay.
    case idempotencyKey = "idempotency_key"
    case paystackCustomer = "paystack_customer"
    case paystackAuthorization = "paystack_authorization"
    case paystackTransaction = "paystack_transaction"
    case paystackRefund = "paystack_refund"
    case paystackDispute = "paystack_dispute"
    case paystackEvent = "paystack_event"
    /// What is to happen by itself at a later moment.
    case due
}
