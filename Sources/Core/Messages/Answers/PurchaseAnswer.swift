public import Domain

/// The answer to the requests of billing that are about a purchase. Amounts are texts in major units (domain.md 1.1).
public struct PurchaseAnswer: Equatable, Sendable {
    /// The purchase.
    public var reference: PurchaseReference
    /// Who buys.
    public var organization: String
    /// `one_time`, `subscription` or `auto_topup`.
    public var type: String
    /// Where it stands (domain.md 7.1).
    public var status: String
    /// Where it stands while it is `processing`.
    public var phase: String?
    /// How many tokens it is of.
    public var tokens: Int64
    /// Without tax.
    public var netAmount: String
    /// The tax.
    public var taxAmount: String
    /// With tax.
    public var totalAmount: String
    /// Of the amounts; ISO 4217.
    public var currency: String
    /// Who moves the money.
    public var gateway: String
    /// The gateway's charge, once there is one.
    public var transaction: String?
    /// The package, where one is bought.
    public var packageID: String?
    /// The saved method that pays.
    public var paymentMethodID: String?
    /// When it was made, in microseconds since 1970.
    public var createdAt: Int64
    /// When it was paid, in microseconds since 1970.
    public var completedAt: Int64?
    /// When something is done by itself, in microseconds since 1970.
    public var nextAttemptAt: Int64?
    /// Where the customer pays or acts.
    public var url: String?
    /// The gateway's name of that page.
    public var sessionID: String?
    /// Why it failed.
    public var failureReason: String?
    /// Its invoice.
    public var invoiceNumber: String?
    /// How many of its tokens were given back for money.
    public var refundedTokens: Int64
    /// `metadata` exactly as received: the text of a JSON object.
    public var metadata: String?
    /// What the wallet owns now, held tokens included (domain.md 3.4).
    public var balance: Int64?
    /// What can be used now.
    public var available: Int64?

    /// An answer.
    public init(
        reference: PurchaseReference, organization: String, type: String, status: String, phase: String? = nil, tokens: Int64,
        netAmount: String, taxAmount: String, totalAmount: String, currency: String, gateway: String, transaction: String? = nil,
        packageID: String? = nil, paymentMethodID: String? = nil, createdAt: Int64, completedAt: Int64? = nil, nextAttemptAt: Int64? = nil,
        url: String? = nil, sessionID: String? = nil, failureReason: String? = nil, invoiceNumber: String? = nil, refundedTokens: Int64 = 0,
        metadata: String? = nil, balance: Int64? = nil, available: Int64? = nil
    ) {
        self.reference = reference
        self.organization = organization
        self.type = type
        self.status = status
        self.phase = phase
        self.tokens = tokens
        self.netAmount = netAmount
        self.taxAmount = taxAmount
        self.totalAmount = totalAmount
        self.currency = currency
        self.gateway = gateway
        self.transaction = transaction
        self.packageID = packageID
        self.paymentMethodID = paymentMethodID
        self.createdAt = createdAt
        self.completedAt = completedAt
        self.nextAttemptAt = nextAttemptAt
        self.url = url
        self.sessionID = sessionID
        self.failureReason = failureReason
        self.invoiceNumber = invoiceNumber
        self.refundedTokens = refundedTokens
        self.metadata = metadata
        self.balance = balance
        self.available = available
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    /// The body of a refusal that shows the purchase as it is; `reason` is the word of whoever refused, such as a decline code.
    public func refusal(_ code: ErrorCode, detail: String, reason: String? = nil) -> [UInt8] {
        Answer.failure(code, detail: detail) { writer in
            writer.member("reason", ifPresent: reason)
            write(to: &writer)
        }
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("purchase_reference_id", reference.text)
        writer.member("organization", organization)
        writer.member("purchase_type", type)
        writer.member("status", status)
        writer.member("phase", ifPresent: phase)
        writer.member("tokens", tokens)
        writer.member("net_amount", netAmount)
        writer.member("tax_amount", taxAmount)
        writer.member("total_amount", totalAmount)
        writer.member("currency", currency)
        writer.member("gateway", gateway)
        writer.member("gateway_transaction_id", ifPresent: transaction)
        writer.member("package_id", ifPresent: packageID)
        writer.member("payment_method_id", ifPresent: paymentMethodID)
        writer.member("created_at", timeIfPresent: createdAt)
        writer.member("completed_at", timeIfPresent: completedAt)
        writer.member("next_attempt_at", timeIfPresent: nextAttemptAt)
        writer.member("url", ifPresent: url)
        writer.member("session_id", ifPresent: sessionID)
        writer.member("failure_reason", ifPresent: failureReason)
        writer.member("invoice_number", ifPresent: invoiceNumber)
        writer.member("refunded_tokens", refundedTokens)
        writer.member("metadata", rawIfPresent: metadata)
        writer.member("balance", ifPresent: balance)
        writer.member("available", ifPresent: available)
    }
}
