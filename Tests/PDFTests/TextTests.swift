import PDF
import PurserTesting
import Testing

@Suite("Texts")
struct TextTests {
    static let names = [
        "株式会社サンプル商事", "شركة المثال للتجارة", "חברת הדוגמה", "示例有限公司", "예시 주식회사", "ООО Пример", "Παράδειγμα ΑΕ", "Công ty Ví dụ",
        "उदाहरण", "ตัวอย่าง", "Åse Ğüneş Łódź", "მაგალითი", "օրինակ", "ምሳሌ", "₦ € ¥ ₹ ½ №",
    ]

    private func render(_ blocks: [PDFBlock], hanForms: HanForms = .japanese) throws -> RenderedPDF {
        try PDFRenderer().render(PDFDocument(title: "", created: 0, hanForms: hanForms, footer: PDFFooter(numbering: ""), blocks: blocks))
    }

    @Test("every glyph of a name is there, in both weights", arguments: names)
    func glyphs(_ name: String) throws {
        #expect(try render([.paragraph(name), .paragraph(name, .strong)]).unknownGlyphs == 0)
    }

    // Without the two whose marks a reader puts in an order of its own, and the signs, which it takes for one word.
    @Test("names can be selected and copied, in any direction", arguments: names.filter { !["उदाहरण", "ตัวอย่าง", names.last].contains($0) })
    func selectable(_ name: String) throws {
        #expect(try Poppler.text(render([.paragraph(name)]).bytes, page: 1).contains(name))
    }

    @Test("Chinese characters have the glyphs of the wanted place", arguments: HanForms.allCases)
    func hanForms(_ forms: HanForms) throws {
        let file = try render([.paragraph("直骨")], hanForms: forms)
        #expect(file.unknownGlyphs == 0)
        #expect(try Poppler.output(of: "pdffonts", file.bytes).contains("NotoSansCJK\(forms.rawValue.lowercased())-Regular"))
    }

    @Test("a character that no font has is counted")
    func unknown() throws {
        #expect(try render([.paragraph("a \u{10FFFD} b \u{E000}")]).unknownGlyphs == 2)
    }

    @Test("control characters neither end a text nor show")
    func controls() throws {
        let file = try render([.paragraph("before\u{0}between\u{1B}after\tthe\r\nend")])
        #expect(file.unknownGlyphs == 0)
        let words = try Poppler.text(file.bytes, page: 1).split { $0.isWhitespace }
        #expect(words.starts(with: ["before", "between", "after", "the", "end"]))
    }

    @Test("every font is embedded, only with what is used of it, and can be read back as text")
    func fonts() throws {
        let table = try Poppler.output(of: "pdffonts", PDFRenderer().render(SampleInvoice.document()).bytes)
        let fonts = table.split(separator: "\n").dropFirst(2)
        #expect(fonts.count == 3)
        for font in fonts { #expect(font.contains(" yes yes yes ")) }
    }

    @Test("an identifier too long for its line is broken without a hyphen")
    func longWord() throws {
        let word = String(repeating: "0123456789abcdef", count: 12)
        let text = try Poppler.text(render([.paragraph(word)]).bytes, page: 1).split { $0.isWhitespace }
        #expect(text.count >= 2)
        #expect(text.joined() == word)
    }
}
