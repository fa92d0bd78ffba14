/// The packages with which a new installation begins (`domain.md` 7.3); the migration holds the same ones.
public enum SeededPackages {
    public static func of(_ catalog: String, in currency: Currency) -> [TokenPackage] {
        rows.filter { $0.catalog == catalog }.map { row in
            TokenPackage(
                id: row.id, name: row.name, catalog: row.catalog, tokens: row.tokens, price: ExactDecimal(tenThousandths: row.price),
                currency: currency, isBestValue: row.isBestValue)
        }
    }

    private struct Row {
        let id: String
        let name: String
        let catalog: String
        let tokens: Int64
        /// Ten-thousandths.
        let price: Int64
        var isBestValue = false
    }

    private static let rows = [
        Row(id: "starter", name: "Starter", catalog: Catalog.organization, tokens: 100, price: 50_0000),
        Row(id: "business", name: "Business", catalog: Catalog.organization, tokens: 500, price: 225_0000),
        Row(id: "enterprise", name: "Enterprise", catalog: Catalog.organization, tokens: 2_000, price: 800_0000),
        Row(id: "premium", name: "Premium", catalog: Catalog.organization, tokens: 5_000, price: 1_750_0000),
        Row(id: "credits-10", name: "10 credits", catalog: Catalog.credits, tokens: 10, price: 10_0000),
        Row(id: "credits-50", name: "50 credits", catalog: Catalog.credits, tokens: 50, price: 45_0000),
        Row(id: "credits-100", name: "100 credits", catalog: Catalog.credits, tokens: 100, price: 90_0000),
        Row(id: "credits-500", name: "500 credits", catalog: Catalog.credits, tokens: 500, price: 400_0000, isBestValue: true),
    ]
}
