import Domain

@testable import Messages

/// What the events about purchases say at most, and at least.
enum PurchaseSamples {
    static let reference = PurchaseReference("REF-0123456789ABCDEFGHIJKLMNOP")!
    static let metadata = #"{"order" : "o-1", "b":1e3,"a":"\u0041"}"#

    static let facts = PurchaseFacts(
        reference: reference, type: "one_time", status: "completed", tokens: 500, netAmount: "200.00", taxAmount: "32.00",
        totalAmount: "232.00", currency: "USD", gateway: "stripe", packageID: "org-small", metadata: metadata)

    static let leastFacts = PurchaseFacts(
        reference: reference, type: "subscription", status: "disputed", tokens: 0, netAmount: "5", taxAmount: "0", totalAmount: "5",
        currency: "JPY", gateway: "paystack")

    static let package = TokenPackage(
        id: "org-small", name: "500 tokens", description: "d", features: ["a", "b"], catalog: "organization", tokens: 500,
        price: ExactDecimal("200.00")!, currency: Currency("USD")!, isBestValue: true, isActive: true, expirationDays: 365)

    static let leastPackage = TokenPackage(
        id: "p", name: "n", catalog: "c", tokens: 1, price: ExactDecimal("0.0125")!, currency: Currency("KES")!)

    static let events = purchases + others

    private static let purchases = [
        EventTests.Sample(PurchaseInitialized(facts: facts, actor: "a"), PurchaseInitialized(facts: leastFacts)),
        EventTests.Sample(
            PurchaseCompleted(facts: facts, transaction: "pi_1", lot: 1, invoiceNumber: "INV-1", completedAt: 0),
            PurchaseCompleted(facts: leastFacts, transaction: "pi_1", lot: nil, invoiceNumber: "INV-1", completedAt: 0)),
        EventTests.Sample(
            PurchaseFailed(facts: facts, reason: "card_declined"), PurchaseFailed(facts: leastFacts, reason: "cancelled")),
        EventTests.Sample(
            PurchaseActionRequired(facts: facts, reason: "authentication", url: "https://pay.example/1", until: 0),
            PurchaseActionRequired(facts: leastFacts, reason: "page", until: 0)),
        EventTests.Sample(
            PurchaseRefunded(
                facts: facts, refundID: 1, refundedTokens: 500, refundedAmount: "232.00", creditNoteNumber: "CN-1",
                automaticReason: "paid_twice", reason: "r"),
            PurchaseRefunded(facts: leastFacts, refundID: 1, refundedTokens: 0, refundedAmount: "5")),
        EventTests.Sample(
            PurchaseDisputed(
                facts: facts, disputeID: "dp_1", disputeStatus: "lost", amount: "232.00", disputeCurrency: "EUR", takenTokens: 5),
            PurchaseDisputed(facts: leastFacts, disputeID: "dp_1", disputeStatus: "inquiry", amount: "5")),
    ]

    private static let others = [
        EventTests.Sample(
            InvoiceIssued(number: "INV-1", reference: reference, issuedAt: 0, totalAmount: "232.00", currency: "USD"),
            InvoiceIssued(number: "INV-1", reference: reference, issuedAt: 0, totalAmount: "5", currency: "JPY"), aboutWallet: false),
        EventTests.Sample(
            CreditNoteIssued(
                number: "CN-1", invoiceNumber: "INV-1", reference: reference, issuedAt: 0, totalAmount: "232.00", currency: "USD"),
            CreditNoteIssued(number: "CN-1", invoiceNumber: "INV-1", reference: reference, issuedAt: 0, totalAmount: "5", currency: "JPY"),
            aboutWallet: false),
        EventTests.Sample(
            PaymentMethodAdded(id: "pm-1", gateway: "stripe", brand: "visa", lastFour: "4242", expiry: "2030-04", isDefault: true),
            PaymentMethodAdded(id: "pm-1", gateway: "paystack", isDefault: false), aboutWallet: false),
        EventTests.Sample(
            PaymentMethodUnusable(id: "pm-1", gateway: "stripe", reason: "expired_card"),
            PaymentMethodUnusable(id: "pm-1", gateway: "stripe", reason: "removed"), aboutWallet: false),
        EventTests.Sample(
            PackageChanged(package: package, actor: "a"), PackageChanged(package: leastPackage), aboutWallet: false),
    ]
}
