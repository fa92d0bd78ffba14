/// A text and its place across the page.
struct Cell {
    let layout: TextLayout
    let x: Double
    let width: Double
    let alignment: PDFTable.Alignment

    /// Wraps the text to the width.
    init(_ layout: TextLayout, x: Double, width: Double, alignment: PDFTable.Alignment = .leading) {
        layout.wrap(at: width)
        self.layout = layout
        self.x = x
        self.width = width
        self.alignment = alignment
    }

    func piece(line: Int, baseline: Double) -> Strip.Piece {
        let spare = alignment == .trailing ? width - layout.lines[line].width : 0
        return Strip.Piece(x: x + spare, y: baseline, shape: .text(layout, line: line))
    }
}

/// Texts side by side.
enum RowComposer {
    /// Line by line, the lines beside each other on one base line, with space above the first and below the last.
    static func strips(_ cells: [Cell], padding: Double = 0) -> [Strip] {
        let count = cells.lazy.map(\.layout.lines.count).max() ?? 0
        return (0..<count).map { line in
            let present = cells.filter { line < $0.layout.lines.count }
            let above = line == 0 ? padding : 0
            let ascent = present.lazy.map { $0.layout.lines[line].ascent }.max() ?? 0
            let descent = present.lazy.map { $0.layout.lines[line].descent }.max() ?? 0
            return Strip(
                height: above + ascent + descent + (line == count - 1 ? padding : 0),
                pieces: present.map { $0.piece(line: line, baseline: above + ascent) })
        }
    }

    /// All lines in one strip.
    static func stacked(_ cells: [Cell], top: Double = 0) -> Strip {
        var whole = Strip(height: top)
        for var strip in strips(cells) {
            strip.move(right: 0, down: whole.height)
            whole.pieces += strip.pieces
            whole.height += strip.height
        }
        return whole
    }
}
