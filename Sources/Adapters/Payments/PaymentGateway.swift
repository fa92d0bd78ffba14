public import Domain

/// A gateway that moves money: Stripe or Paystack (`payments.md`, One interface).
///
/// Calls block for at most 15 s (`CallLimits`), 5 s of them to connect, and never throw: what came of a call is its value, and "nobody knows" is one of
/// them. Nothing is retried here. Each object belongs to one thread.
public protocol PaymentGateway: AnyObject {
    var gateway: Gateway { get }

    /// Charges a saved payment method while the customer is away. Call only when the attempt with its key is committed.
    func charge(_ attempt: ChargeAttempt) -> ChargeOutcome

    /// Asks what became of an attempt whose outcome is unknown.
    /// - Parameter way: what `AskingWay.of` says. With `sameKey` this is the charge, if the first call never arrived.
    func ask(_ attempt: ChargeAttempt, _ way: AskingWay) -> AskResult

    /// Reads one charge by the gateway's id of it, whatever became of it since. For webhooks: what those say is news, not proof.
    func readCharge(_ transaction: String, currency: Currency) -> AskResult

    /// Opens a page of the gateway on which the customer pays.
    func openPage(_ attempt: ChargeAttempt, _ page: PageRequest) -> PageOutcome

    /// Reads what became of a page.
    func readPage(_ id: String, currency: Currency) -> AskResult

    /// Closes a page or an intent, so that nobody can pay on it any more.
    func close(_ object: OpenObject, currency: Currency) -> CloseResult

    /// Opens a page of the gateway on which the customer saves a card for charges while he is away.
    func openMethodPage(_ request: MethodPageRequest) -> PageOutcome

    /// Reads what a customer saved on such a page: nothing is found there before he has used it, nor after it expired.
    func readMethodPage(_ id: String) -> MethodOutcome

    /// Takes in a payment method that a caller holds the reference of, so that it can be charged again and again.
    ///
    /// Stripe: a method that no customer has is attached to a new customer, without which it could be charged once and never again. The
    /// reference to keep is the one that is answered: names of test methods become another one. A card that is no good is refused with its
    /// decline code, and whether the bank wants the customer to authenticate is known only at the first charge. Paystack: the authorization
    /// is looked up at the customer to whose e-mail it is bound.
    /// - Parameter key: never changes; base of Stripe's idempotency keys, so that a repeated call meets the same customer.
    func adoptMethod(_ reference: String, email: String?, organization: String, key: String) -> MethodOutcome

    /// Gives money of a charge back. Call only when the refund with its key is committed.
    func refund(_ refund: RefundCall) -> RefundOutcome

    /// Asks what became of a refund.
    func askRefund(_ refund: RefundCall) -> RefundOutcome

    /// A page of the gateway's own list of charges, oldest first or newest first as the gateway has it (`domain.md` 16).
    /// - Parameter cursor: what the page before gave; nil for the first one.
    /// - Throws: `ListingFailure`; a retry makes sense where it says so.
    func charges(from: Moment, to: Moment, cursor: String?) throws(ListingFailure) -> ChargeList
}

/// One attempt to charge a purchase, as it stands in `payment_attempts`.
public struct ChargeAttempt: Sendable {
    /// `purchase_reference_id`.
    public let reference: String
    public let number: Int
    /// Never changes: Stripe's idempotency key, Paystack's transaction reference.
    public let key: String
    public let total: Money
    public let organization: String
    /// What the customer reads on the gateway's side.
    public let description: String
    /// Nil for a page.
    public let method: PaymentMethod?

    public init(
        reference: String, number: Int, key: String, total: Money, organization: String, description: String, method: PaymentMethod?
    ) {
        self.reference = reference
        self.number = number
        self.key = key
        self.total = total
        self.organization = organization
        self.description = description
        self.method = method
    }
}

/// Where a page sends the customer afterwards, and who he is.
public struct PageRequest: Sendable {
    public let successURL: String
    public let cancelURL: String
    public let email: String?

    public init(successURL: String, cancelURL: String, email: String?) {
        self.successURL = successURL
        self.cancelURL = cancelURL
        self.email = email
    }
}

/// A page on which a customer saves a payment method.
public struct MethodPageRequest: Sendable {
    /// Never changes: Stripe's idempotency key.
    public let key: String
    public let organization: String
    /// Where the customer is sent afterwards, whether he saved one or not.
    public let returnURL: String
    public let email: String?

    public init(key: String, organization: String, returnURL: String, email: String?) {
        self.key = key
        self.organization = organization
        self.returnURL = returnURL
        self.email = email
    }
}

/// What came of opening a page. Nobody is charged by any of these.
public enum PageOutcome: Hashable, Sendable {
    case opened(id: String, url: String)
    /// It may stand or not; opening it again with the same key is harmless.
    case unknown
    case refused(code: String)
    case slowDown
}

/// Something that the gateway keeps open for a purchase.
public enum OpenObject: Hashable, Sendable {
    case page(String)
    case intent(String)
}

/// What the gateway says about a payment method.
public enum MethodOutcome: Hashable, Sendable {
    case found(MethodDetails)
    /// Nothing has this reference.
    case notFound
    case unknown
    case refused(code: String)
}

/// A saved payment method as the gateway describes it.
public struct MethodDetails: Hashable, Sendable {
    public let reference: String
    /// Stripe: whose it is; charges have to name it.
    public let customer: String?
    public let brand: String?
    public let lastFour: String?
    public let expiry: Month?
    /// Whether it may be charged again while the customer is away.
    public let isReusable: Bool
    /// For which organization it was saved, where the gateway remembers that; nobody else may adopt it.
    public let organization: String?

    public init(
        reference: String, customer: String?, brand: String?, lastFour: String?, expiry: Month?, isReusable: Bool,
        organization: String? = nil
    ) {
        self.organization = organization
        self.reference = reference
        self.customer = customer
        self.brand = brand
        self.lastFour = lastFour
        self.expiry = expiry
        self.isReusable = isReusable
    }
}

/// A refund as it stands in our tables.
public struct RefundCall: Sendable {
    /// Never changes: by it a refund that may have arrived is asked for, before it is told again.
    public let key: String
    /// 0 for a day, then the number of the day. Stripe repeats its answer to an idempotency key, also one that says that Stripe itself had
    /// failed, so what did not arrive in a day is told under another one.
    public let round: Int64
    /// The gateway's id of the charge.
    public let transaction: String
    public let amount: Money
    public let reference: String

    public init(key: String, round: Int64 = 0, transaction: String, amount: Money, reference: String) {
        self.key = key
        self.round = round
        self.transaction = transaction
        self.amount = amount
        self.reference = reference
    }
}

/// What came of a refund, or of asking for it.
public enum RefundOutcome: Hashable, Sendable {
    case news(RefundNews, id: String)
    /// The gateway has no such refund.
    case notFound
    case unknown
    case refused(code: String)
    case slowDown
}

/// A page of a gateway's list of charges.
public struct ChargeList: Sendable {
    public let charges: [ListedCharge]
    /// For the next page; nil after the last one.
    public let next: String?

    public init(charges: [ListedCharge], next: String?) {
        self.charges = charges
        self.next = next
    }
}

/// A charge that succeeded, in the gateway's own books.
public struct ListedCharge: Hashable, Sendable {
    /// As in `gateway_transaction_id`.
    public let transaction: String
    public let reference: String?
    public let amount: Money?
    public let isFullyRefunded: Bool

    public init(transaction: String, reference: String?, amount: Money?, isFullyRefunded: Bool) {
        self.transaction = transaction
        self.reference = reference
        self.amount = amount
        self.isFullyRefunded = isFullyRefunded
    }
}

/// A list could not be read.
public struct ListingFailure: Error, Hashable, Sendable {
    public let reason: String
    /// Whether the same call may succeed later.
    public let isRetriable: Bool

    public init(reason: String, isRetriable: Bool) {
        self.reason = reason
        self.isRetriable = isRetriable
    }
}
