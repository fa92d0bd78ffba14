import PDF

/// A tax invoice as a company would send it, laid out with every kind of block.
enum SampleInvoice {
    static let buyers = ["株式会社サンプル商事 東京本社 御中", "شركة المثال للتجارة المحدودة"]

    static func document(buyer: String = buyers[0], lines: Int = 1) -> PDFDocument {
        PDFDocument(
            title: "Invoice INV-2026-000042", author: "Example Seller GmbH", subject: "Tax invoice", created: 1_795_174_637,
            footer: PDFFooter(text: "Example Seller GmbH · Musterstraße 1 · 10115 Berlin · Germany\nVAT DE123456789 · billing@example.com"),
            blocks: [
                .title("Invoice", mark: "PAID"),
                .columns([
                    [
                        .heading("From"), .paragraph("Example Seller GmbH", .strong),
                        .paragraph("Musterstraße 1\n10115 Berlin\nGermany\nVAT DE123456789"),
                    ],
                    [
                        .heading("Bill to"), .paragraph(buyer, .strong),
                        .paragraph("1-2-3 Marunouchi, Chiyoda-ku\nTokyo 100-0005\nJapan"),
                    ],
                    [
                        .pairs([
                            PDFPair("Invoice", "INV-2026-000042"), PDFPair("Issued", "20 Nov 2026"), PDFPair("Due", "nothing due"),
                            PDFPair("Currency", "USD"),
                        ])
                    ],
                ]),
                .table(items(lines)),
                .totals([
                    PDFTotal("Net", "1,099.00"), PDFTotal("VAT 19 % of 1,099.00", "208.81"),
                    PDFTotal("Total USD", "1,307.81", isStrong: true), PDFTotal("Paid 20 Nov 2026", "-1,307.81"),
                    PDFTotal("Due USD", "0.00", isStrong: true),
                ]),
                .heading("Payment"),
                .pairs([
                    PDFPair("Method", "Visa ending in 4242"), PDFPair("Transaction", "pi_3QExampleTransaction0000001"),
                    PDFPair("Reference", "01JD4ZK3QX8YV5M7T2B9C6W0RE"),
                ]),
                .space(10),
                .paragraph("Tokens are credited at the moment of payment and are used in the order in which they expire.", .quiet),
            ])
    }

    static func items(_ lines: Int) -> PDFTable {
        PDFTable(
            columns: [
                .init("Description"), .init("Quantity", .trailing), .init("Unit price", .trailing), .init("Tax", .trailing),
                .init("Amount", .trailing),
            ],
            rows: (1...lines).map { ["Package \($0): 100,000 tokens, credited at once", "1", "1,099.00", "19 %", "\($0),099.00"] })
    }
}
