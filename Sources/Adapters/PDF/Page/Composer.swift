/// Turns blocks into strips of a given width.
struct Composer {
    let typesetter: Typesetter
    let width: Double

    private static let columnGap = 24.0
    private static let bar = (width: 36.0, height: 3.0, gap: 16.0)

    func strips(of blocks: [PDFBlock]) -> [Strip] {
        var strips: [Strip] = []
        for (index, block) in blocks.enumerated() {
            if index > 0 { strips.append(.space(spaceAbove(block), staysWithNext: strips.last?.staysWithNext ?? false)) }
            strips += self.strips(of: block)
        }
        return strips
    }

    private func spaceAbove(_ block: PDFBlock) -> Double {
        switch block {
        case .title, .table: 14
        case .heading: 12
        case .columns: 16
        case .totals: 8
        case .paragraph, .pairs: 3
        case .space: 0
        }
    }

    private func strips(of block: PDFBlock) -> [Strip] {
        switch block {
        case .title(let text, let mark): title(text, mark: mark)
        case .heading(let text): heading(text)
        case .paragraph(let text, let tone): paragraph(text, tone)
        case .pairs(let pairs): self.pairs(pairs)
        case .columns(let columns): self.columns(columns)
        case .table(let table): TableComposer(typesetter: typesetter, width: width, table: table).strips()
        case .totals(let totals): self.totals(totals)
        case .space(let height): [.space(height)]
        }
    }

    /// With a short bar of the accent above it, where the document has one.
    private func title(_ text: String, mark: String?) -> [Strip] {
        var strips = titleLine(text, mark: mark)
        if let accent = typesetter.accent {
            let bar = Strip.Piece(x: 0, y: 0, shape: .fill(width: Composer.bar.width, height: Composer.bar.height, accent))
            strips.insert(Strip(height: Composer.bar.height + Composer.bar.gap, pieces: [bar], staysWithNext: true), at: 0)
        }
        return strips
    }

    private func titleLine(_ text: String, mark: String?) -> [Strip] {
        let layout = typesetter.layout(text, .title)
        guard let mark, !mark.isEmpty else {
            return RowComposer.strips([Cell(layout, x: 0, width: width)])
        }
        let side = 7.0
        let marked = typesetter.layout(mark, .mark)
        // The mark keeps to a third of the line, the title to the rest.
        marked.wrap(at: width / 3 - 2 * side)
        let markWidth = marked.naturalWidth + 2 * side
        let markHeight = marked.lines.reduce(6) { $0 + $1.ascent + $1.descent }
        var strips = RowComposer.strips([Cell(layout, x: 0, width: width - markWidth - Composer.columnGap)])
        let framed = Cell(marked, x: width - markWidth + side, width: markWidth - 2 * side)
        var frame = Strip(height: markHeight)
        frame.pieces = [
            Strip.Piece(x: width - markWidth, y: 0, shape: .frame(width: markWidth, height: markHeight, typesetter.accent ?? .grey))
        ]
        frame.pieces += RowComposer.stacked([framed], top: 3).pieces
        // The first line of the title and the mark are centred on each other.
        frame.move(right: 0, down: max(0, (strips[0].height - markHeight) / 2))
        strips[0].pieces += frame.pieces
        strips[0].height = max(strips[0].height, markHeight)
        return strips
    }

    private func heading(_ text: String) -> [Strip] {
        var strips = RowComposer.strips([Cell(typesetter.layout(text, .heading), x: 0, width: width)])
        for index in strips.indices { strips[index].staysWithNext = true }
        return strips
    }

    private func paragraph(_ text: String, _ tone: PDFTone) -> [Strip] {
        let style: TextStyle =
            switch tone {
            case .plain: .plain
            case .strong: .strong
            case .quiet: .quiet
            }
        var strips = RowComposer.strips([Cell(typesetter.layout(text, style), x: 0, width: width)])
        // No single line of a paragraph at either edge of a page.
        for index in strips.indices.dropLast() where strips.count <= 4 || index == 0 || index == strips.count - 2 {
            strips[index].staysWithNext = true
        }
        return strips
    }

    private func pairs(_ pairs: [PDFPair]) -> [Strip] {
        let names = pairs.map { typesetter.layout($0.name, .name) }
        let nameWidth = min(names.lazy.map(\.naturalWidth).max() ?? 0, width * 0.45)
        let gap = 12.0
        return zip(pairs, names).flatMap { pair, name in
            let value = Cell(typesetter.layout(pair.value, .plain), x: nameWidth + gap, width: width - nameWidth - gap)
            return RowComposer.strips([Cell(name, x: 0, width: nameWidth), value], padding: 1)
        }
    }

    private func columns(_ columns: [[PDFBlock]]) -> [Strip] {
        guard !columns.isEmpty else { return [] }
        let columnWidth = (width - Double(columns.count - 1) * Composer.columnGap) / Double(columns.count)
        let composer = Composer(typesetter: typesetter, width: columnWidth)
        let parts = columns.enumerated().map { index, blocks in
            composer.strips(of: blocks).map { strip in
                var moved = strip
                moved.move(right: Double(index) * (columnWidth + Composer.columnGap), down: 0)
                return moved
            }
        }
        let height = parts.map { $0.reduce(0) { $0 + $1.height } }.max() ?? 0
        guard height > PageGeometry.height / 2 else { return [stacked(parts, height: height)] }
        return interleaved(parts)
    }

    /// Columns in one strip, each as dense as its own lines.
    private func stacked(_ parts: [[Strip]], height: Double) -> Strip {
        var whole = Strip(height: height)
        for part in parts {
            var y = 0.0
            for var strip in part {
                strip.move(right: 0, down: y)
                whole.pieces += strip.pieces
                y += strip.height
            }
        }
        return whole
    }

    /// Columns too high for one strip: line by line, so that a page can end between any two.
    private func interleaved(_ parts: [[Strip]]) -> [Strip] {
        (0..<(parts.lazy.map(\.count).max() ?? 0)).map { index in
            let beside = parts.compactMap { index < $0.count ? $0[index] : nil }
            return Strip(height: beside.lazy.map(\.height).max() ?? 0, pieces: beside.flatMap(\.pieces))
        }
    }

    private func totals(_ totals: [PDFTotal]) -> [Strip] {
        let styles = totals.map { $0.isStrong ? TextStyle.total : TextStyle.plain }
        let values = zip(totals, styles).map { typesetter.layout($0.value, $1) }
        let left = width / 2
        let gap = 12.0
        let valueWidth = min(values.lazy.map(\.naturalWidth).max() ?? 0, left * 0.7)
        var strips = totals.indices.flatMap { index in
            let name = typesetter.layout(totals[index].name, totals[index].isStrong ? .total : .name)
            let cells = [
                Cell(name, x: left + TableComposer.side, width: left - valueWidth - gap - 2 * TableComposer.side),
                Cell(values[index], x: width - valueWidth - TableComposer.side, width: valueWidth, alignment: .trailing),
            ]
            var row = RowComposer.strips(cells, padding: totals[index].isStrong ? 5 : 2)
            if totals[index].isStrong {
                row[0].pieces.append(Strip.Piece(x: left, y: 0, shape: .fill(width: left, height: 0.8, typesetter.accent ?? .black)))
            }
            return row
        }
        for index in strips.indices.dropLast() where strips.count <= 20 { strips[index].staysWithNext = true }
        return strips
    }
}
