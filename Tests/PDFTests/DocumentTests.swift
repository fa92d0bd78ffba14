import PDF
import PurserTesting
import Testing

@Suite("Documents")
struct DocumentTests {
    @Test("a file begins and ends as PDF does")
    func form() throws {
        let file = try PDFRenderer().render(SampleInvoice.document())
        #expect(file.bytes.starts(with: "%PDF-1.".utf8))
        #expect(file.bytes.suffix(6).elementsEqual("%%EOF\n".utf8))
        #expect(file.pages == 1)
    }

    @Test("the same document gives the same bytes, whatever was made before and by which renderer")
    func sameBytes() throws {
        let renderer = try PDFRenderer()
        let first = try renderer.render(SampleInvoice.document())
        _ = try renderer.render(SampleInvoice.document(buyer: SampleInvoice.buyers[1], lines: 60))
        #expect(try renderer.render(SampleInvoice.document()) == first)
        #expect(try PDFRenderer().render(SampleInvoice.document()) == first)
    }

    @Test("threads with a renderer each do not disturb each other")
    func threads() async throws {
        let document = SampleInvoice.document(buyer: SampleInvoice.buyers[1], lines: 20)
        let expected = try PDFRenderer().render(document)
        try await withThrowingTaskGroup(of: RenderedPDF.self) { group in
            for _ in 0..<8 { group.addTask { try PDFRenderer().render(document) } }
            for try await file in group { #expect(file == expected) }
        }
    }

    @Test("any difference of the document makes another file")
    func otherBytes() throws {
        let renderer = try PDFRenderer()
        let first = try renderer.render(SampleInvoice.document())
        var later = SampleInvoice.document()
        later.created += 1
        #expect(try renderer.render(later).bytes != first.bytes)
        var korean = SampleInvoice.document()
        korean.hanForms = .korean
        #expect(try renderer.render(korean).bytes != first.bytes)
    }

    @Test("an accent makes another file, and no word of it moves to a side")
    func accent() throws {
        var coloured = SampleInvoice.document()
        coloured.accent = PDFColor(red: 0, green: 70, blue: 110)
        let plain = try PDFRenderer().render(SampleInvoice.document()).bytes
        let other = try PDFRenderer().render(coloured).bytes
        #expect(plain != other)
        #expect(try Poppler.words(plain) == Poppler.words(other))
    }

    @Test("a reader sees title, author, subject, moment and paper")
    func metadata() throws {
        let information = try Poppler.output(of: "pdfinfo", PDFRenderer().render(SampleInvoice.document()).bytes, "-isodates")
        let lines = Set(
            information.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") })
        #expect(lines.contains("Title: Invoice INV-2026-000042"))
        #expect(lines.contains("Author: Example Seller GmbH"))
        #expect(lines.contains("Subject: Tax invoice"))
        #expect(lines.contains("CreationDate: 2026-11-20T11:37:17Z"))
        #expect(lines.contains("ModDate: 2026-11-20T11:37:17Z"))
        #expect(lines.contains("Page size: 595.276 x 841.89 pts (A4)"))
    }

    @Test(
        "moments outside of four-digit years are bounded",
        arguments: [(Int64.min, "/CreationDate (00010101000000Z)"), (.max, "/CreationDate (99991231235959Z)")])
    func bounds(_ created: Int64, _ expected: String) throws {
        let file = try PDFRenderer().render(PDFDocument(title: "", created: created, blocks: []))
        #expect(String(decoding: file.bytes, as: UTF8.self).contains(expected))
        #expect(file.pages == 1)
    }

    @Test("without fonts there is an error that says so")
    func noFonts() {
        #expect {
            try PDFRenderer(fontFolders: ["/nowhere/<&>"])
        } throws: { error in
            let error = error as? PDFError
            return error?.kind == .noFonts && error?.isFatal == true && error?.isRetriable == false
        }
    }
}
