import PurserTesting
import Testing

@testable import PDF

@Suite("Tables")
struct TableTests {
    @Test("sixty lines go over pages: the head on each, every line once, pages numbered")
    func pageBreak() throws {
        let file = try PDFRenderer().render(SampleInvoice.document(lines: 60))
        #expect(file.pages == 3)
        var seen: [Int] = []
        for page in 1...file.pages {
            let text = try Poppler.text(file.bytes, page: page)
            let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.count { $0.first == "Description" } == 1)
            #expect(text.contains("Page \(page) of \(file.pages)"))
            seen += lines.filter { $0.first == "Package" }.compactMap { Int($0[1].dropLast()) }
        }
        #expect(seen == Array(1...60))
    }

    @Test("numbers of a column end at the same edge")
    func alignment() throws {
        let file = try PDFRenderer().render(SampleInvoice.document(lines: 20))
        let edges = try (2...20).flatMap { try Poppler.rightEdges(of: "\($0),099.00", file.bytes) }
        #expect(edges.count == 19)
        #expect(try #require(edges.max()) - #require(edges.min()) < 0.2)
        let total = try Poppler.rightEdges(of: "1,307.81", file.bytes)
        #expect(try abs(#require(total.first) - edges[0]) < 0.5)
    }

    @Test("a row higher than a page is continued on the next, under the head")
    func highRow() throws {
        let words = (1...1500).map { "word\($0)" }
        let table = PDFTable(columns: [.init("Note"), .init("Number", .trailing)], rows: [[words.joined(separator: " "), "7"]])
        let file = try PDFRenderer().render(PDFDocument(title: "Row", created: 0, blocks: [.table(table)]))
        #expect(file.pages == 3)
        var seen: [Substring] = []
        for page in 1...file.pages {
            let text = try Poppler.text(file.bytes, page: page)
            #expect(text.contains("Note"))
            seen += text.split { $0.isWhitespace }.filter { $0.hasPrefix("word") }
        }
        #expect(seen.elementsEqual(words, by: ==))
    }

    @Test("rows may have too few or too many cells, tables no rows or no columns")
    func ragged() throws {
        let columns: [PDFTable.Column] = [.init("A"), .init("B", .trailing)]
        let tables = [
            PDFTable(columns: columns, rows: [["only"], [], ["two", "cells", "surplus"]]), PDFTable(columns: columns, rows: []),
            PDFTable(columns: [], rows: [["lost"]]),
        ]
        let file = try PDFRenderer().render(PDFDocument(title: "Ragged", created: 0, blocks: tables.map(PDFBlock.table)))
        let text = try Poppler.text(file.bytes, page: 1)
        #expect(text.contains("only") && text.contains("cells") && !text.contains("surplus") && !text.contains("lost"))
    }

    @Test("columns fill the width: numbers as wide as they are, texts share the rest")
    func widths() {
        #expect(ColumnWidths.shared(500, natural: [100, 40, 60], isText: [true, false, false]) == [400, 40, 60])
        #expect(ColumnWidths.shared(500, natural: [900, 40, 60], isText: [true, false, false]) == [400, 40, 60])
        #expect(ColumnWidths.shared(500, natural: [100, 900, 100], isText: [true, true, false]) == [100, 300, 100])
        #expect(ColumnWidths.shared(300, natural: [50, 900], isText: [true, false]) == [100, 200])
        #expect(ColumnWidths.shared(300, natural: [100, 100], isText: [false, false]) == [200, 100])
        #expect(ColumnWidths.shared(300, natural: [], isText: []) == [])
    }
}
