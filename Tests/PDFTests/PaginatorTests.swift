import Testing

@testable import PDF

@Suite("Page breaks")
struct PaginatorTests {
    private let mark = Strip.Piece(x: 0, y: 0, shape: .fill(width: 1, height: 1, .rule))

    private func strip(_ height: Double, staysWithNext: Bool = false, head: [Strip] = []) -> Strip {
        Strip(height: height, pieces: [mark], staysWithNext: staysWithNext, head: head)
    }

    /// The heights of the strips on each page.
    private func heights(_ strips: [Strip], page: Double = 100) -> [[Double]] {
        Paginator(height: page).pages(of: strips).map { $0.map(\.strip.height) }
    }

    @Test("pages are filled to the last point")
    func exact() {
        #expect(heights([]) == [[]])
        #expect(heights([strip(60), strip(40)]) == [[60, 40]])
        #expect(heights([strip(60), strip(41)]) == [[60], [41]])
        #expect(heights((0..<30).map { _ in strip(10) }).map(\.count) == [10, 10, 10])
    }

    @Test("strips follow each other without gap or overlap")
    func places() {
        let pages = Paginator(height: 100).pages(of: [strip(30), .space(5), strip(40), strip(50)])
        #expect(pages.map { $0.map(\.y) } == [[0, 30, 35], [0]])
    }

    @Test("what belongs together goes to the next page together")
    func together() {
        #expect(heights([strip(70), strip(20, staysWithNext: true), strip(20)]) == [[70], [20, 20]])
        // Nothing is gained by it where both are higher than a page.
        #expect(heights([strip(50), strip(40, staysWithNext: true), strip(80)]) == [[50, 40], [80]])
        // The last strip of all has nothing to stay with.
        #expect(heights([strip(50), strip(60, staysWithNext: true)]) == [[50], [60]])
    }

    @Test("space vanishes at the top of a page, and at the end of one begins no other")
    func spaces() {
        #expect(heights([.space(10), strip(90), .space(20), strip(30)]) == [[90, 20], [30]])
        #expect(heights([strip(100), .space(20), .space(20)]) == [[100, 20, 20]])
    }

    @Test("a head stands on every page that its rows reach")
    func heads() {
        let head = strip(10, staysWithNext: true)
        let rows = (0..<7).map { _ in strip(30, head: [head]) }
        #expect(heights([head] + rows) == [[10, 30, 30, 30], [10, 30, 30, 30], [10, 30]])
    }

    @Test("what is higher than a page gets one of its own and ends nothing")
    func tooHigh() {
        let head = strip(10, staysWithNext: true)
        #expect(heights([strip(5), strip(300), strip(5)]) == [[5], [300], [5]])
        #expect(heights([strip(95, head: [head]), strip(95, head: [head])]) == [[95], [10, 95]])
        #expect(heights([strip(90, head: [strip(60)]), strip(90, head: [strip(60)])]) == [[90], [90]])
    }

    @Test("a heading is never the last line of a page")
    func headings() throws {
        let typesetter = try Typesetter(fonts: FontMap(folders: PDFRenderer.fontFolders), hanForms: .japanese)
        let blocks = (1...40).flatMap { [PDFBlock.heading("Heading \($0)"), .paragraph("one\ntwo\nthree")] }
        let strips = Composer(typesetter: typesetter, width: 300).strips(of: blocks)
        let pages = Paginator(height: 200).pages(of: strips)
        #expect(pages.count > 10)
        for page in pages { #expect(page.last { !$0.strip.isSpace }?.strip.staysWithNext == false) }
    }
}
