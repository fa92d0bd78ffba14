import Domain
import Messages
import Postgres
import Runtime
import Store

/// A choice, or the answer that refuses it.
enum Chosen<Value> {
    case chosen(Value)
    case refused([UInt8])
}

/// How a new purchase will be paid.
struct ChosenPayment {
    let gateway: Gateway
    /// Nil for a page.
    let method: PaymentMethod?
    let page: PageAddresses?
}

/// What a new purchase costs and who is charged (`domain.md` 7.3, 8.2).
extension PurchaseSession {
    func choosePayment(_ payment: BillingPurchase.Payment) throws(DatabaseError) -> Chosen<ChosenPayment> {
        switch payment {
        case .method(let name):
            let methods = PaymentMethods.found(in: try transaction.run([PaymentMethods.loading(organization: organization)])[0])
            let method: PaymentMethod
            do throws(PaymentMethodRefusal) {
                method = try PaymentMethodChoice.of(name, among: methods, organization: organization, at: moment)
            } catch {
                return .refused(Self.refusal(error))
            }
            guard gateways.isConfigured(method.gateway) else { return .refused(Self.notConfigured("payment_method_id")) }
            return .chosen(ChosenPayment(gateway: method.gateway, method: method, page: nil))
        case .checkout(let success, let cancel, let name):
            let named = name.flatMap { Gateway(rawValue: $0) }
            guard let gateway = named ?? gateways.preferred, gateways.isConfigured(gateway) else {
                return .refused(Self.notConfigured("checkout.gateway"))
            }
            // Paystack ties a payment to an e-mail address.
            guard gateway != .paystack || contact.email != nil else {
                return .refused(
                    Answer.failure(.emailMissing, detail: "this gateway needs the organization's e-mail address", field: "checkout.gateway")
                )
            }
            return .chosen(ChosenPayment(gateway: gateway, method: nil, page: PageAddresses(success: success, cancel: cancel)))
        }
    }

    static func notConfigured(_ field: String) -> [UInt8] {
        Answer.failure(.gatewayNotConfigured, detail: "this deployment has no keys for the gateway", field: field)
    }

    func price(_ request: BillingPurchase, _ gateway: Gateway) throws(DatabaseError) -> Chosen<PurchaseQuote> {
        let terms = PricingTerms(
            taxRate: ExactDecimal(tenThousandths: configuration.taxRate), gateway: gateway, customTokens: configuration.customTokens)
        switch request.item {
        case .package(let id):
            guard let package = TokenPackages.found(in: try transaction.run([TokenPackages.loading(id)])[0]).first,
                request.catalog.map({ ExactText($0) == ExactText(package.catalog) }) ?? true
            else { return .refused(Answer.failure(.packageUnknown, detail: "there is no such package", field: "package_id")) }
            return Self.quote(request.item) { () throws(PricingRefusal) in try PurchaseQuote.of(package, terms) }
        case .tokens(let tokens):
            guard let catalog = try catalog(request.catalog ?? configuration.catalog) else {
                return .refused(Answer.failure(.catalogUnknown, detail: "there is no such catalog", field: "catalog"))
            }
            return Self.quote(request.item) { () throws(PricingRefusal) in try PurchaseQuote.of(tokens: tokens, from: catalog, terms) }
        }
    }

    private static func quote(
        _ item: BillingPurchase.Item, _ body: () throws(PricingRefusal) -> PurchaseQuote
    ) -> Chosen<PurchaseQuote> {
        do throws(PricingRefusal) {
            return .chosen(try body())
        } catch {
            return .refused(refusal(error, item))
        }
    }

    /// A catalog by its name, with what the settings say where its row says nothing; nil where there is none, or its currency is none.
    func catalog(_ name: String) throws(DatabaseError) -> Catalog? {
        let catalogs = TokenPackages.catalogs(in: try transaction.run([TokenPackages.loadingCatalogs()])[0])
        let wanted = ExactText(name)
        guard let found = catalogs.first(where: { ExactText($0.name) == wanted }), let currency = Currency(configuration.currency) else {
            return nil
        }
        return found.catalog(price: ExactDecimal(tenThousandths: configuration.tokenPrice), currency: currency)
    }
}
