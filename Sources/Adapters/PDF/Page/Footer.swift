/// The last lines of a page.
struct Footer {
    /// With the space above it.
    let height: Double
    private let text: [Strip]
    private let numbering: String
    private let typesetter: Typesetter

    private static let lineLimit = 3
    private static let padding = 5.0
    private static let gap = 14.0

    init(_ footer: PDFFooter, _ typesetter: Typesetter) {
        let layout = typesetter.layout(footer.text, .quiet)
        text = Array(RowComposer.strips([Cell(layout, x: 0, width: PageGeometry.width * 0.75)]).prefix(Footer.lineLimit))
        numbering = footer.numbering
        self.typesetter = typesetter
        height = text.reduce(Footer.gap + Footer.padding) { $0 + $1.height }
    }

    func strip(page: Int, of pages: Int) -> Strip {
        var whole = Strip(height: Footer.padding)
        whole.pieces = [Strip.Piece(x: 0, y: 0, shape: .fill(width: PageGeometry.width, height: 0.5, .rule))]
        for var strip in text {
            strip.move(right: 0, down: whole.height)
            whole.pieces += strip.pieces
            whole.height += strip.height
        }
        let numbers = numbering.replacing("{pages}", with: String(pages)).replacing("{page}", with: String(page))
        let cell = Cell(
            typesetter.layout(numbers, .quiet), x: PageGeometry.width * 0.77, width: PageGeometry.width * 0.23, alignment: .trailing)
        whole.pieces.append(cell.piece(line: 0, baseline: Footer.padding + cell.layout.lines[0].ascent))
        return whole
    }
}
