import Domain
import PDF

/// What all documents of sales have in common: their look, who sells to whom, and the lines at the foot of each page.
struct Letterhead {
    /// The name of the document, `Invoice`.
    let title: String
    /// `INV-2026-000042`
    let number: InvoiceNumber
    let issuedAt: Moment
    let seller: InvoiceParty
    let buyer: InvoiceParty

    /// A dark sea blue, 9 to 1 on white.
    private static let accent = PDFColor(red: 0x0B, green: 0x4A, blue: 0x6F)

    /// - Parameters:
    ///   - mark: stands framed beside the title; nil for none.
    ///   - facts: the few that a reader looks for first, under the title.
    ///   - blocks: what is particular to this document.
    func document(subject: String, mark: String?, facts: [PDFPair], blocks: [PDFBlock]) -> PDFDocument {
        PDFDocument(
            title: "\(title) \(number.text)", author: seller.name, subject: subject, created: issuedAt.microseconds / 1_000_000,
            accent: Letterhead.accent, footer: PDFFooter(text: footer),
            blocks: [
                .title(title, mark: mark), .space(6),
                .columns(facts.map { [.heading($0.name), .paragraph($0.value, .strong)] }), .space(8),
                .columns([party("From", seller), party("To", buyer)]), .space(14),
            ] + blocks)
    }

    private func party(_ heading: String, _ party: InvoiceParty) -> [PDFBlock] {
        var blocks: [PDFBlock] = [.heading(heading), .paragraph(party.name, .strong)]
        if let address = given(party.address) { blocks.append(.paragraph(address)) }
        if let taxID = given(party.taxID) { blocks.append(.paragraph("Tax ID \(taxID)")) }
        if let email = given(party.email) { blocks.append(.paragraph(email, .quiet)) }
        return blocks
    }

    /// What this page is a page of and who sent it, for one that lies alone. A name without end is cut off there, so it comes last.
    private var footer: String {
        let document = "\(title) \(number.text) · \(Printed.date(issuedAt))"
        guard let taxID = given(seller.taxID) else { return "\(document)\n\(seller.name)" }
        return "\(document)\n\(seller.name) · Tax ID \(taxID)"
    }

    private func given(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text
    }
}
