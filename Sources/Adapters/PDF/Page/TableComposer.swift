/// Turns a table into strips.
struct TableComposer {
    let typesetter: Typesetter
    let width: Double
    let table: PDFTable

    /// Between a text and the edge of its column.
    static let side = 6.0
    private static let padding = 4.0
    /// Between two columns of numbers, beside what columns have anyway: figures that stand close read as one.
    private static let numberGap = 8.0

    func strips() -> [Strip] {
        guard !table.columns.isEmpty else { return [] }
        let titles = table.columns.map { typesetter.layout($0.title, .tableHead) }
        let rows = table.rows.map { row in
            table.columns.indices.map { typesetter.layout($0 < row.count ? row[$0] : "", .plain) }
        }
        let widths = columnWidths(titles, rows)
        let head = self.head(titles, widths)
        return head + rows.flatMap { self.row($0, widths, under: head) }
    }

    private func head(_ titles: [TextLayout], _ widths: [Double]) -> [Strip] {
        var strips = RowComposer.strips(cells(titles, widths), padding: TableComposer.padding)
        for index in strips.indices {
            strips[index].pieces.insert(
                Strip.Piece(x: 0, y: 0, shape: .fill(width: width, height: strips[index].height, .shade)), at: 0)
            strips[index].staysWithNext = true
        }
        return strips
    }

    private func row(_ layouts: [TextLayout], _ widths: [Double], under head: [Strip]) -> [Strip] {
        var strips = RowComposer.strips(cells(layouts, widths), padding: TableComposer.padding)
        let isKept = strips.reduce(0) { $0 + $1.height } < PageGeometry.height / 2
        for index in strips.indices {
            strips[index].head = head
            strips[index].staysWithNext = isKept && index < strips.count - 1
        }
        let last = strips.count - 1
        strips[last].pieces.append(Strip.Piece(x: 0, y: strips[last].height - 0.5, shape: .fill(width: width, height: 0.5, .rule)))
        return strips
    }

    private func cells(_ layouts: [TextLayout], _ widths: [Double]) -> [Cell] {
        var x = 0.0
        return layouts.indices.map { index in
            defer { x += widths[index] }
            let alignment = table.columns[index].alignment
            return Cell(layouts[index], x: x + TableComposer.side, width: widths[index] - 2 * TableComposer.side, alignment: alignment)
        }
    }

    private func columnWidths(_ titles: [TextLayout], _ rows: [[TextLayout]]) -> [Double] {
        let natural = table.columns.indices.map { column in
            let followsNumber = column > 0 && table.columns[column - 1].alignment == .trailing
            let gap = followsNumber && table.columns[column].alignment == .trailing ? TableComposer.numberGap : 0
            // A hair wider than measured, or the rounding to Pango's units would wrap the widest text.
            return gap + 2 * TableComposer.side + 0.1 + rows.reduce(titles[column].naturalWidth) { max($0, $1[column].naturalWidth) }
        }
        return ColumnWidths.shared(width, natural: natural, isText: table.columns.map { $0.alignment == .leading })
    }
}

/// How wide columns are.
enum ColumnWidths {
    /// Numbers get what they need as long as the texts keep a third of the width; texts share the rest.
    static func shared(_ width: Double, natural: [Double], isText: [Bool]) -> [Double] {
        let texts = natural.indices.filter { isText[$0] }
        let numbers = natural.indices.filter { !isText[$0] }
        let forNumbers = min(numbers.reduce(0) { $0 + natural[$1] }, texts.isEmpty ? width : width * 2 / 3)
        var widths = natural
        for (index, fitted) in zip(numbers, fitted(numbers.map { natural[$0] }, into: forNumbers)) { widths[index] = fitted }
        for (index, fitted) in zip(texts, fitted(texts.map { natural[$0] }, into: width - forNumbers)) { widths[index] = fitted }
        // What is left over goes to the first text, or to the first column where all are numbers.
        if let taker = texts.first ?? natural.indices.first { widths[taker] += width - widths.reduce(0, +) }
        return widths
    }

    /// Narrow columns keep their width, the wide ones share what is left evenly.
    private static func fitted(_ natural: [Double], into width: Double) -> [Double] {
        guard natural.reduce(0, +) > width else { return natural }
        var result = natural
        var left = width
        let ascending = natural.indices.sorted { (natural[$0], $0) < (natural[$1], $1) }
        for (done, index) in ascending.enumerated() {
            result[index] = min(natural[index], left / Double(natural.count - done))
            left -= result[index]
        }
        return result
    }
}
