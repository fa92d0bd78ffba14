import Documents
import Domain
import PurserTesting
import Testing

@Suite("Texts of any script and length in documents")
struct DocumentTextTests {
    /// What is printed on lies between these edges, in points.
    private static let edges = (left: 56.0, right: 540.0)

    @Test("names and addresses in Japanese and Arabic can be read back", arguments: SampleSale.buyers)
    func scripts(_ buyer: InvoiceParty) throws {
        let invoice = try SampleSale.invoice(buyer: buyer, payment: SampleSale.payment)
        for file in [
            try SaleDocument.invoice(invoice), try SaleDocument.invoice(invoice, as: .receipt),
            try SaleDocument.creditNote(SampleSale.creditNote(of: invoice), of: invoice),
        ] {
            let text = try Poppler.text(file, page: 1)
            #expect(text.contains(buyer.name))
            for line in try #require(buyer.address).split(separator: "\n") { #expect(text.contains(line)) }
        }
    }

    @Test("long descriptions, names and addresses wrap: every word is there, none beyond the edges")
    func wraps() throws {
        let words = (1...60).map { "word\($0)" }
        let long = InvoiceParty(
            name: "Gesellschaft für außergewöhnlich lange Firmennamen und deren vollständige Wiedergabe mit beschränkter Haftung",
            address: (1...12).map { "Line \($0) of an address that is far longer than its half of the page is wide, as some are" }
                .joined(separator: "\n"),
            taxID: String(repeating: "1234567890", count: 9))
        let invoice = try SampleSale.invoice(
            [SampleSale.line(words.joined(separator: " "), quantity: 999_999, price: "99999.9999", "KWD")], seller: long, buyer: long)
        let file = try SaleDocument.invoice(invoice)
        let printed = try Poppler.words(file)
        for word in words { #expect(printed.contains { $0.text == word }) }
        for word in printed { #expect(word.left > DocumentTextTests.edges.left && word.right < DocumentTextTests.edges.right) }
        #expect(printed.count { $0.text == "Firmennamen" } >= 2)
        // No seller's name is long enough to push the number off the foot of a page.
        for page in 1...(try Poppler.pages(file)) {
            #expect(try Poppler.lines(file, page: page).contains { $0.hasPrefix("Tax invoice INV-2026-000042 · 20 Nov 2026 Page") })
        }
    }

    @Test("sixty lines go over pages: each once, the head on every page with lines, pages numbered, amounts at one edge")
    func pages() throws {
        let invoice = try SampleSale.invoice((1...60).map { try SampleSale.line("Item \($0)", price: "\($0).00") })
        let file = try SaleDocument.invoice(invoice)
        let count = try Poppler.pages(file)
        #expect(count == 3)
        var seen: [Int] = []
        for page in 1...count {
            let lines = try Poppler.lines(file, page: page)
            let items = lines.filter { $0.hasPrefix("Item ") }.compactMap { Int($0.split(separator: " ")[1]) }
            #expect(lines.contains("Description Quantity Unit price Tax Net") == !items.isEmpty)
            #expect(lines.contains("Tax invoice INV-2026-000042 · 20 Nov 2026 Page \(page) of \(count)"))
            seen += items
        }
        #expect(seen == Array(1...60))
        let edges = try Poppler.rightEdges(of: "USD", file).filter { $0 > 520 }
        #expect(edges.count > 60)
        #expect(try #require(edges.max()) - #require(edges.min()) < 0.5)
    }
}
