import Domain
import Messages
import Postgres
import Runtime
import Store

/// What is sold, and documents that are missing.
extension PurchaseSession {
    /// `billing.package_set`: makes or changes a package; what is not said stays as it is.
    func setPackage(_ request: PackageSet) throws -> [UInt8] {
        let known = TokenPackages.found(in: try transaction.run([TokenPackages.loading(request.id)])[0]).first
        guard let catalog = try catalog(request.catalog ?? known?.catalog ?? configuration.catalog) else {
            return Answer.failure(.catalogUnknown, detail: "there is no such catalog", field: "catalog")
        }
        let package = TokenPackage(
            id: request.id, name: request.name, description: request.description ?? known?.description ?? "",
            features: request.features ?? known?.features ?? [], catalog: catalog.name, tokens: request.tokens, price: request.price,
            currency: request.currency ?? known?.currency ?? catalog.currency,
            isBestValue: request.isBestValue ?? known?.isBestValue ?? false, isActive: request.isActive ?? known?.isActive ?? true,
            expirationDays: request.expirationDays ?? known?.expirationDays)
        requests.append(TokenPackages.storing(package, at: moment))
        tell(PackageChanged(package: package, actor: request.actor))
        note(item.command.type.rawValue, before: known.map { Self.packageText($0) }, after: Self.packageText(package))
        return PackageAnswer(package: package).success()
    }

    private static func packageText(_ package: TokenPackage) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", package.id)
        writer.member("name", package.name)
        writer.member("catalog", package.catalog)
        writer.member("tokens", package.tokens)
        writer.member("price", package.price.text)
        writer.member("currency", package.currency.code)
        writer.member("is_best_value", package.isBestValue)
        writer.member("is_active", package.isActive)
        writer.member("expiration_days", ifPresent: package.expirationDays)
        writer.endObject()
        return writer.text
    }

    /// `billing.invoice`: makes the invoice of a completed purchase where it is missing, and tells which it is.
    func makeInvoice(_ id: Int64) throws -> [UInt8] {
        let purchase = stored(id).purchase
        guard purchase.state.status.wasCompleted, let transaction = purchase.state.transaction else {
            return figures(id).refusal(.purchaseNotCompleted, detail: "only a completed purchase has an invoice")
        }
        if stored(id).invoice == nil {
            invoices.append(PendingInvoice(purchase: id, transaction: transaction, lot: nil, tellsCompletion: false))
        }
        try issueDocuments()
        let kept = try SaleDocuments.invoice(in: try self.transaction.run([SaleDocuments.loadingInvoice(purchase: id)])[0])
        guard let invoice = issued[id] ?? kept else { preconditionFailure("a completed purchase has an invoice by now") }
        return InvoiceAnswer(
            number: invoice.number.text, reference: purchase.reference, issuedAt: invoice.issuedAt.microseconds,
            totalAmount: invoice.totals.total.text, currency: invoice.currency.code
        ).success()
    }
}
