import Domain
import Testing

/// Sales whose documents are looked at.
enum SampleSale {
    static let issued = CivilDate(year: 2026, month: 11, day: 20).start.adding(.hours(11))
    static let reference = "REF-7Q2M9XKD4TLA0ZB8WN5VEH3RCJ"
    static let payment = InvoicePayment(
        gateway: .stripe, transaction: "pi_3QExampleTransaction01", paidAt: CivilDate(year: 2026, month: 11, day: 21).start)
    static let seller = InvoiceParty(
        name: "Example Seller GmbH", address: "Musterstraße 1\n10115 Berlin\nGermany", taxID: "DE123456789", email: "billing@example.com")
    static let buyers = [
        InvoiceParty(name: "株式会社サンプル商事 東京本社", address: "東京都千代田区丸の内1-2-3\n100-0005\nJapan", taxID: "T1234567890123"),
        InvoiceParty(name: "شركة المثال للتجارة المحدودة", address: "شارع الملك فهد\nالرياض", taxID: "300123456700003"),
        InvoiceParty(name: "Sample Client Ltd", address: "1 High Street\nLondon EC1A 1BB\nUnited Kingdom", taxID: "GB123456789"),
    ]

    static func line(
        _ description: String = "Business", quantity: Int64 = 1, price: String = "225.00", tax: String = "0.16", _ currency: String = "USD"
    ) throws -> SaleLine {
        try SaleLine(
            description, quantity: quantity, unitPrice: #require(ExactDecimal(price)), currency: #require(Currency(currency)),
            taxRate: #require(ExactDecimal(tax)))
    }

    static func invoice(
        _ lines: [SaleLine]? = nil, seller: InvoiceParty = seller, buyer: InvoiceParty = buyers[2], payment: InvoicePayment? = nil,
        count: Int64 = 42
    ) throws -> Invoice {
        let lines = try lines ?? [line()]
        return Invoice(
            number: InvoiceNumber(.invoice, issuedAt: issued, count: count), issuedAt: issued, seller: seller, buyer: buyer,
            reference: try #require(PurchaseReference(reference)), lines: lines, totals: try SaleTotals(lines, lines[0].net.currency),
            payment: payment, dueDays: 30)
    }

    /// A fifth of the invoice taken back a month later.
    static func creditNote(of invoice: Invoice, tokens: Int64 = 100, reason: String? = "Tokens were not needed.") throws -> CreditNote {
        let currency = invoice.currency
        return try CreditNote(
            number: InvoiceNumber(.creditNote, issuedAt: issued.adding(.days(30)), count: 7), issuedAt: issued.adding(.days(30)),
            of: invoice, tokens: tokens, net: Money(minorUnits: invoice.totals.net.minorUnits / 5, currency),
            tax: Money(minorUnits: invoice.totals.tax.minorUnits / 5, currency), reason: reason)
    }
}
