import Crypto
import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store

/// Saved payment methods (`domain.md` 8).
extension PurchaseSession {
    /// By reference, or on a page of the gateway.
    func addMethod(_ request: PaymentMethodAdd, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        guard gateways.isConfigured(request.gateway) else { return .answer(Self.notConfigured("gateway")) }
        let email = request.email ?? contact.email
        // Repeating the message repeats the call with the same key.
        let key = "method-" + SHA256.hash("\(organization) \(cause.source) \(cause.id)").hex
        switch (request.way, news) {
        case (.reference(let reference), nil):
            if request.gateway == .stripe, reference.hasPrefix("cs_") { return .call(PlannedCall(.stripe, .readMethodPage(reference))) }
            return .call(
                PlannedCall(request.gateway, .adoptMethod(reference: reference, email: email, organization: organization, key: key)))
        case (.page(let returnURL), nil):
            let page = MethodPageRequest(key: key, organization: organization, returnURL: returnURL, email: email)
            return .call(PlannedCall(request.gateway, .openMethodPage(page)))
        case (_, .method(let outcome)): return .answer(try adopted(outcome, request, email))
        case (_, .methodPage(let outcome)): return .answer(Self.pageAnswer(outcome, request.gateway))
        case (_, _): preconditionFailure("a payment method is asked for by its own calls")
        }
    }

    private static func pageAnswer(_ outcome: PageOutcome, _ gateway: Gateway) -> [UInt8] {
        switch outcome {
        case .opened(let page, let url):
            return PaymentMethodAnswer(
                paymentMethodID: nil, gateway: gateway.rawValue, brand: nil, lastFour: nil, expiry: nil, url: url, sessionID: page
            ).success()
        case .unknown, .slowDown: return gatewayUnavailable
        case .refused(let code): return refusedMethod(code)
        }
    }

    private static func refusedMethod(_ code: String) -> [UInt8] {
        switch code {
        case ErrorCode.checkoutNotSupported.rawValue:
            return Answer.failure(.checkoutNotSupported, detail: "this gateway has no page for saving a card", field: "gateway")
        case ErrorCode.emailMissing.rawValue:
            return Answer.failure(.emailMissing, detail: "this gateway needs the e-mail address that it was made with", field: "email")
        default:
            return Answer.failure(.gatewayRefused, detail: "the payment gateway did not accept it", field: "reference") {
                $0.member("reason", code)
            }
        }
    }

    private func adopted(_ outcome: MethodOutcome, _ request: PaymentMethodAdd, _ email: String?) throws -> [UInt8] {
        switch outcome {
        case .found(let details):
            // Whoever learnt another organization's reference or page is told what a stranger is told.
            if let owner = details.organization, ExactText(owner) != ExactText(organization) {
                return Self.refusal(PaymentMethodRefusal.unknown)
            }
            guard details.isReusable else {
                return Answer.failure(
                    .paymentMethodUnusable, detail: "it can be charged once only, or only while the customer is there", field: "reference")
            }
            return methodAnswer(
                try keep(details, request.gateway, email: request.gateway == .paystack ? email : nil, isDefault: request.isDefault))
        case .notFound: return Answer.failure(.paymentMethodUnknown, detail: "the gateway knows no such payment method", field: "reference")
        case .unknown: return Self.gatewayUnavailable
        case .refused(let code): return Self.refusedMethod(code)
        }
    }

    /// Stores a method, once; the first one becomes the default.
    func keep(
        _ details: MethodDetails, _ gateway: Gateway, email: String?, isDefault wanted: Bool?
    ) throws(DatabaseError) -> PaymentMethod {
        let methods = PaymentMethods.found(in: try transaction.run([PaymentMethods.loading(organization: organization)])[0])
            .filter { !$0.isRemoved }
        let known = methods.first { $0.gateway == gateway && ExactText($0.reference) == ExactText(details.reference) }
        let isDefault = wanted ?? !methods.contains { $0.isDefault && $0.isUsable }
        if var known {
            if isDefault, !known.isDefault { choose(known) }
            known.isDefault = known.isDefault || isDefault
            return known
        }
        let method = PaymentMethod(
            id: "pm-" + Hex.encode(SecureRandom.bytes(12)), organization: organization, gateway: gateway, reference: details.reference,
            customer: details.customer, brand: details.brand, lastFour: details.lastFour, expiry: details.expiry, email: email,
            isDefault: isDefault)
        if isDefault { requests += PaymentMethods.choosing(nil, organization: organization) }
        requests.append(PaymentMethods.adding(method, at: moment))
        tell(
            PaymentMethodAdded(
                id: method.id, gateway: gateway.rawValue, brand: method.brand, lastFour: method.lastFour, expiry: method.expiry?.text,
                isDefault: isDefault))
        note("payment_method.added", before: nil, after: methodText(method))
        return method
    }

    private func choose(_ method: PaymentMethod) {
        requests += PaymentMethods.choosing(method.id, organization: organization)
        note(RequestType.paymentMethodDefault.rawValue, before: nil, after: methodText(method))
    }

    func chooseMethod(_ id: String) throws -> [UInt8] {
        guard var method = try method(id) else { return Self.refusal(PaymentMethodRefusal.unknown) }
        guard method.isUsable else { return Self.refusal(PaymentMethodRefusal.unusable) }
        if !method.isDefault { choose(method) }
        method.isDefault = true
        return methodAnswer(method)
    }

    func removeMethod(_ id: String) throws -> [UInt8] {
        guard var method = try method(id) else { return Self.refusal(PaymentMethodRefusal.unknown) }
        requests.append(PaymentMethods.removing(method.id, at: moment))
        note(item.command.type.rawValue, before: methodText(method), after: nil)
        method.isDefault = false
        return methodAnswer(method)
    }

    /// One of this organization's own; another's is as good as none.
    private func method(_ id: String) throws(DatabaseError) -> PaymentMethod? {
        let methods = PaymentMethods.found(in: try transaction.run([PaymentMethods.loading(organization: organization)])[0])
        return methods.first { ExactText($0.id) == ExactText(id) && !$0.isRemoved }
    }

    private func methodAnswer(_ method: PaymentMethod) -> [UInt8] {
        PaymentMethodAnswer(
            paymentMethodID: method.id, gateway: method.gateway.rawValue, brand: method.brand, lastFour: method.lastFour,
            expiry: method.expiry?.text, isDefault: method.isDefault, isUsable: method.isUsable, url: nil, sessionID: nil
        ).success()
    }

    private func methodText(_ method: PaymentMethod) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("payment_method_id", method.id)
        writer.member("gateway", method.gateway.rawValue)
        writer.member("last_four", ifPresent: method.lastFour)
        writer.member("is_default", method.isDefault)
        writer.endObject()
        return writer.text
    }
}
