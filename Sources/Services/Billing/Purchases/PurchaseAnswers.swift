import Domain
import Messages
import Postgres
import Runtime
import Store

/// Answers to requests about purchases, and the facts of their events.
extension PurchaseSession {
    func facts(_ id: Int64) -> PurchaseFacts {
        let stored = stored(id)
        let (purchase, terms) = (stored.purchase, stored.terms)
        return PurchaseFacts(
            reference: purchase.reference, type: purchase.scope.type.rawValue, status: purchase.state.status.rawValue,
            tokens: purchase.tokens, netAmount: terms.net.text, taxAmount: terms.tax.text, totalAmount: purchase.total.text,
            currency: purchase.total.currency.code, gateway: purchase.gateway.rawValue, packageID: terms.package,
            metadata: terms.metadata)
    }

    /// Where a purchase stands.
    func figures(_ id: Int64) -> PurchaseAnswer {
        let stored = stored(id)
        let (purchase, state) = (stored.purchase, stored.purchase.state)
        let wallet = wallet?.figures(at: moment)
        return PurchaseAnswer(
            reference: purchase.reference, organization: organization, type: purchase.scope.type.rawValue, status: state.status.rawValue,
            phase: state.phase?.rawValue, tokens: purchase.tokens, netAmount: stored.terms.net.text, taxAmount: stored.terms.tax.text,
            totalAmount: purchase.total.text, currency: purchase.total.currency.code, gateway: purchase.gateway.rawValue,
            transaction: state.transaction, packageID: stored.terms.package, paymentMethodID: stored.paymentMethod,
            createdAt: purchase.createdAt.microseconds, completedAt: state.completedAt?.microseconds,
            nextAttemptAt: state.nextActionAt?.microseconds, url: link(to: stored),
            sessionID: state.phase == .customerAction ? stored.gatewayObject : nil, failureReason: state.failure,
            invoiceNumber: stored.invoice, refundedTokens: state.refundedTokens, metadata: stored.terms.metadata,
            balance: wallet?.balance, available: wallet?.available)
    }

    /// The answer about a purchase: a refusal once it failed, whatever failed it.
    func answer(_ id: Int64) throws -> [UInt8] {
        try issueDocuments()
        let state = stored(id).purchase.state
        switch state.status {
        case .failed where try wasRefused(id):
            return figures(id).refusal(
                .gatewayRefused, detail: "the payment gateway did not accept the call", reason: state.failure)
        case .failed: return figures(id).refusal(.paymentDeclined, detail: "nobody was charged", reason: state.failure)
        default: return figures(id).success()
        }
    }

    /// Whether the gateway, not the customer's bank, turned the newest attempt down: in this transaction, or in an earlier one.
    private func wasRefused(_ id: Int64) throws(DatabaseError) -> Bool {
        if wasRefused { return true }
        let row = try transaction.run([PaymentAttempts.outcome(of: id, stored(id).purchase.state.attempts)])[0]
        return PaymentAttempts.outcome(in: row) == .refused
    }

    static let notFound = Answer.failure(
        .purchaseNotFound, detail: "this organization has no such purchase", field: "purchase_reference_id")

    static let unknownOrganization = Answer.failure(
        .unknownOrganization, detail: "this organization has no wallet", field: "subject")

    static let keyConflict = Answer.failure(
        .idempotencyConflict, detail: "something else was bought under this idempotency key before", field: "idempotency_key")

    static let gatewayUnavailable = Answer.failure(
        .gatewayUnavailable, detail: "the payment gateway did not answer; the same request may succeed later")

    static func refusal(_ refusal: PurchaseRefusal) -> [UInt8] {
        switch refusal {
        case .systemDisabled: return Answer.failure(.systemDisabled, detail: "the token system is disabled: no charge starts")
        case .walletSuspended: return Answer.failure(.walletSuspended, detail: "the wallet is suspended")
        case .inProgress(let reference):
            return Answer.failure(.purchaseInProgress, detail: "another purchase of this kind is not finished yet") {
                $0.member("purchase_reference_id", reference.text)
            }
        }
    }

    static func refusal(_ refusal: PaymentMethodRefusal) -> [UInt8] {
        let (code, detail): (ErrorCode, String) =
            switch refusal {
            case .missing: (.noPaymentMethod, "no payment method is named, and there is no default")
            case .unknown: (.paymentMethodUnknown, "this organization has no such payment method")
            case .unusable: (.paymentMethodUnusable, "the payment method cannot be used any more")
            case .expired: (.paymentMethodExpired, "the card has expired")
            }
        return Answer.failure(code, detail: detail, field: "payment_method_id")
    }

    static func refusal(_ refusal: PricingRefusal, _ item: BillingPurchase.Item) -> [UInt8] {
        let field =
            switch item {
            case .package: "package_id"
            case .tokens: "tokens"
            }
        let (code, detail): (ErrorCode, String) =
            switch refusal {
            case .packageUnavailable: (.packageUnavailable, "this package is not sold")
            case .tokensOutOfRange: (.tokensOutOfRange, "not within TOKEN_PURCHASE_MIN and TOKEN_PURCHASE_MAX")
            case .currencyNotSupported: (.currencyNotSupported, "this gateway does not charge the currency of the price")
            case .amountTooSmall: (.amountTooSmall, "less than the gateway charges")
            case .amountTooLarge: (.amountTooLarge, "more than the gateway charges")
            case .overflow: (.overflow, "the amount does not fit")
            }
        return Answer.failure(code, detail: detail, field: field)
    }

    func refusal(_ refusal: ChargeRefusal, _ id: Int64) -> [UInt8] {
        let (code, detail): (ErrorCode, String) =
            switch refusal {
            case .systemDisabled: (.systemDisabled, "the token system is disabled: no charge starts")
            case .chargeInProgress: (.chargeInProgress, "a charge is under way, or nobody knows yet how it ended")
            case .purchaseSettled: (.purchaseSettled, "the purchase is not waiting for a payment any more")
            case .notDue: (.chargeInProgress, "the next attempt has its moment")
            case .cardAttemptsUsedUp: (.cardAttemptsUsedUp, "the card was declined too often lately")
            }
        return figures(id).refusal(code, detail: detail)
    }
}
