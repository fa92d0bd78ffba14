/// Columns of text, numbers to the right.
struct TextTable {
    private let headers: [String]
    private let rightAligned: Set<Int>
    private let console: Console?
    private var rows: [[String]] = []
    /// Colours of cells by their row, then by their column.
    private var colors: [Int: [Int: Console.Color]] = [:]

    /// - Parameters:
    ///   - right: the columns that hold numbers.
    ///   - console: which knows whether colours are shown; without one they are not.
    init(_ headers: [String], right: Set<Int> = [], console: Console? = nil) {
        self.headers = headers
        rightAligned = right
        self.console = console
    }

    var isEmpty: Bool { rows.isEmpty }

    /// - Parameter colors: by column. The cells themselves are plain: what a stranger wrote is made printable, and widths are counted,
    ///   before any colour is put on.
    mutating func add(_ cells: [String], colors: [Int: Console.Color] = [:]) {
        rows.append(cells.map(TextTable.printable))
        self.colors[rows.count] = colors
    }

    /// The header, underlined by nothing, and the rows; no trailing blanks.
    var lines: [String] {
        var widths = headers.map(\.count)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        return ([headers] + rows).enumerated().map { number, row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let pad = String(repeating: " ", count: widths[column] - cell.count)
                let shown = colors[number]?[column].flatMap { console?.colored(cell, $0) } ?? cell
                line += (column == 0 ? "" : "  ") + (rightAligned.contains(column) ? pad + shown : shown + pad)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Control characters would let a stranger's text move the cursor or repaint the screen.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            shown.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : scalar)
        }
        return String(shown)
    }
}
