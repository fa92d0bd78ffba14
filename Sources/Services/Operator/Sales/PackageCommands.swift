import Domain
import Messages
import Postgres
import Runtime
import Store

/// `purser packages list`: what is sold. A package is set by a request (`PurchaseRequests`).
enum PackageCommands {
    static let all: [Command] = [
        Command(
            path: ["packages", "list"], summary: "List the packages of tokens that are sold, catalog by catalog.",
            details: """
                The discount is what a package costs less than its tokens one by one, at the price that its catalog has for a single token; the
                catalog organization takes DEFAULT_TOKEN_PRICE and TOKEN_CURRENCY of the configuration.
                """,
            options: [.value("catalog", "NAME", "only those of this catalog")],
            examples: ["packages list", "packages list --catalog credits --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) })
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let configuration = try session.configuration(requiring: [.databaseURL])
        let connection = try session.openDatabase()
        defer { connection.close() }
        let (packages, stored) = try database("read the packages") { () throws(DatabaseError) in
            let rows = try connection.pipeline([TokenPackages.loadingAll(), TokenPackages.loadingCatalogs()])
            return (TokenPackages.found(in: rows[0]), TokenPackages.catalogs(in: rows[1]))
        }
        guard let currency = Currency(configuration.currency) else {
            throw CommandFailure(.configuration, "TOKEN_CURRENCY is a currency that no gateway charges")
        }
        let price = ExactDecimal(tenThousandths: configuration.tokenPrice)
        let catalogs = stored.map { $0.catalog(price: price, currency: currency) }
        if let wanted = invocation.text("catalog"), !catalogs.contains(where: { ExactText($0.name) == ExactText(wanted) }) {
            throw CommandFailure(
                .differences, "there is no catalog \(wanted)", hint: "there are \(catalogs.map(\.name).joined(separator: ", "))")
        }
        let shown = packages.filter { package in
            guard let wanted = invocation.text("catalog") else { return true }
            return ExactText(package.catalog) == ExactText(wanted)
        }
        let items = shown.map { package in facts(package, catalogs.first { ExactText($0.name) == ExactText(package.catalog) }) }
        let columns: [FactList.Column] = [
            ("catalog", "catalog"), ("id", "id"), ("name", "name"), ("tokens", "tokens"), ("price", "price"), ("currency", "currency"),
            ("discount_percent", "discount %"), ("is_best_value", "best value"), ("is_active", "active"),
            ("expiration_days", "expires after days"),
        ]
        let list = FactList("packages", columns, items)
        guard session.wantsJSON else {
            for line in list.table.lines { session.console.line(line) }
            return .done
        }
        session.print { writer in
            writer.beginObject()
            list.writeMember(to: &writer)
            writer.endObject()
        }
        return .done
    }

    /// A price in another currency than the single token's cannot be compared with it.
    private static func facts(_ package: TokenPackage, _ catalog: Catalog?) -> Facts {
        var discount: Int64?
        if let catalog, catalog.currency == package.currency { discount = package.discountPercent(at: catalog.tokenPrice) ?? 0 }
        return Facts([
            Fact("catalog", .text(package.catalog)), Fact("id", .text(package.id)), Fact("name", .text(package.name)),
            Fact("description", .text(package.description.isEmpty ? nil : package.description)), Fact("features", .texts(package.features)),
            Fact("tokens", .number(package.tokens)), Fact("price", .decimal(package.price.text(decimals: package.currency.decimals))),
            Fact("currency", .text(package.currency.code)), Fact("discount_percent", .number(discount)),
            Fact("is_best_value", .flag(package.isBestValue)), Fact("is_active", .flag(package.isActive)),
            Fact("expiration_days", .number(package.expirationDays)),
        ])
    }
}
