/// A text with places for a row's number and columns: `org-{row%40}`, `{Customer}`, `{file}:{row}`. Pure.
struct RowTemplate: Equatable, Sendable {
    enum Piece: Equatable, Sendable {
        case literal(String)
        case row(modulo: Int64?)
        case file
        case column(String)
    }

    private(set) var pieces: [Piece] = []

    /// A text without places, whatever it holds.
    init(literal: String) {
        pieces = [.literal(literal)]
    }

    /// - Throws: what is wrong with the text, as the end of a sentence about the option.
    init(_ text: String) throws(RowProblem) {
        var rest = text[...]
        while !rest.isEmpty {
            let literal = rest.prefix { $0 != "{" && $0 != "}" }
            if !literal.isEmpty { pieces.append(.literal(String(literal))) }
            rest = rest.dropFirst(literal.count)
            guard let brace = rest.popFirst() else { return }
            guard brace == "{", let end = rest.firstIndex(of: "}") else { throw RowProblem(text, "has a brace without its partner") }
            pieces.append(try RowTemplate.place(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
    }

    private static func place(_ name: Substring) throws(RowProblem) -> Piece {
        if name == "row" { return .row(modulo: nil) }
        if name == "file" { return .file }
        if name.hasPrefix("row%") {
            guard let modulo = Invocation.whole(name.dropFirst(4)), modulo > 0 else {
                throw RowProblem("{\(name)}", "needs a whole number above 0 behind the percent sign")
            }
            return .row(modulo: modulo)
        }
        guard !name.isEmpty else { throw RowProblem("{}", "names no column") }
        return .column(String(name))
    }

    var columns: [String] {
        pieces.compactMap { if case .column(let name) = $0 { name } else { nil } }
    }

    /// Whether its text can differ from row to row.
    var tellsRowsApart: Bool {
        pieces.contains { piece in
            switch piece {
            case .row, .column: true
            case .literal, .file: false
            }
        }
    }

    func text(_ row: CSVRow) -> String { text(row: row.number, file: row.file) { row[$0] } }

    /// - Parameter column: the content of a column; rows of JSON have none.
    func text(row: Int64, file: String, column: (String) -> String = { _ in "" }) -> String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .row(let modulo): String(modulo.map { row % $0 } ?? row)
            case .file: file
            case .column(let name): column(name)
            }
        }.joined()
    }
}
