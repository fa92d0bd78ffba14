public import Domain
public import Postgres

/// A catalog as its row says: without a price of its own the settings' price and currency hold.
public struct StoredCatalog: Hashable, Sendable {
    public let name: String
    public let tokenPrice: ExactDecimal?
    public let currency: Currency?

    /// The catalog with what the settings say where it says nothing.
    public func catalog(price: ExactDecimal, currency fallback: Currency) -> Catalog {
        Catalog(name: name, tokenPrice: tokenPrice ?? price, currency: currency ?? fallback)
    }
}

/// The tables `token_packages` and `token_catalogs`.
public enum TokenPackages {
    /// The request that reads a package; read its row with `found(in:)`.
    public static func loading(_ id: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: id)
        return Request(PackageStatements.load, parameters)
    }

    /// The request that reads all packages, catalog by catalog, cheapest first.
    public static func loadingAll() -> Request {
        Request(PackageStatements.loadAll)
    }

    /// Reads the rows of `loading` and `loadingAll`.
    public static func found(in rows: Rows) -> [TokenPackage] {
        (0..<rows.count).map { row in
            TokenPackage(
                id: rows.text(row, 0), name: rows.text(row, 1), description: rows.text(row, 2), features: rows.textArray(row, 3),
                catalog: rows.text(row, 4), tokens: rows.int64(row, 5), price: PurchaseRows.decimal(rows, row, 6),
                currency: PurchaseRows.word(rows.text(row, 7)) { Currency($0) }, isBestValue: rows.bool(row, 8),
                isActive: rows.bool(row, 9),
                expirationDays: rows.int64OrNil(row, 10))
        }
    }

    /// The request that reads the catalogs; read its rows with `catalogs(in:)`.
    public static func loadingCatalogs() -> Request {
        Request(PackageStatements.catalogs)
    }

    /// Reads the rows of `loadingCatalogs`.
    public static func catalogs(in rows: Rows) -> [StoredCatalog] {
        (0..<rows.count).map { row in
            StoredCatalog(
                name: rows.text(row, 0), tokenPrice: PurchaseRows.optionalWord(rows.textOrNil(row, 1)) { ExactDecimal($0) },
                currency: PurchaseRows.optionalWord(rows.textOrNil(row, 2)) { Currency($0) })
        }
    }

    /// The request that makes or changes a package.
    public static func storing(_ package: TokenPackage, at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(text: package.id)
        parameters.add(text: package.name)
        parameters.add(text: package.description)
        parameters.add(texts: package.features)
        parameters.add(text: package.catalog)
        parameters.add(int64: package.tokens)
        parameters.add(text: package.price.text)
        parameters.add(text: package.currency.code)
        parameters.add(bool: package.isBestValue)
        parameters.add(bool: package.isActive)
        parameters.add(int64OrNil: package.expirationDays)
        parameters.add(timestamp: moment.microseconds)
        return Request(PackageStatements.store, parameters)
    }
}

enum PackageStatements {
    static let load = Statement(
        "package_load",
        """
        SELECT id, name, description, features, catalog, tokens, price::text, currency, is_best_value, is_active, expiration_days
        FROM token_packages WHERE id = $1
        """)

    /// The price is named with its table: `price` alone is the column of the result, which is text.
    static let loadAll = Statement(
        "packages_load",
        """
        SELECT id, name, description, features, catalog, tokens, price::text, currency, is_best_value, is_active, expiration_days
        FROM token_packages ORDER BY catalog, token_packages.price, id
        """)

    static let catalogs = Statement("catalogs_load", "SELECT name, token_price::text, currency FROM token_catalogs ORDER BY name")

    static let store = Statement(
        "package_store",
        """
        INSERT INTO token_packages (id, name, description, features, catalog, tokens, price, currency, is_best_value, is_active,
            expiration_days, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7::numeric, $8, $9, $10, $11, $12, $12)
        ON CONFLICT (id) DO UPDATE
        SET name = excluded.name, description = excluded.description, features = excluded.features, catalog = excluded.catalog,
            tokens = excluded.tokens, price = excluded.price, currency = excluded.currency, is_best_value = excluded.is_best_value,
            is_active = excluded.is_active, expiration_days = excluded.expiration_days, updated_at = excluded.updated_at
        """)
}
