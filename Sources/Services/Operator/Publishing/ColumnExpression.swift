/// A sum, difference or product of columns and whole numbers: `ContextTokens+GeneratedTokens*2`. A column whose name holds other
/// characters stands in double quotes. Pure.
struct ColumnExpression: Equatable, Sendable {
    enum Operand: Equatable, Sendable {
        case column(String)
        case number(Int64)
    }

    /// Products, each with its sign; they are added up.
    private(set) var terms: [(isNegative: Bool, factors: [Operand])] = []

    static func == (left: ColumnExpression, right: ColumnExpression) -> Bool {
        left.terms.elementsEqual(right.terms) { $0.isNegative == $1.isNegative && $0.factors == $1.factors }
    }

    /// - Throws: what is wrong with the text, as the end of a sentence about the mapping.
    init(_ text: Substring) throws(RowProblem) {
        var rest = text
        var isNegative = false
        while true {
            var factors = [try ColumnExpression.operand(&rest)]
            while rest.first == "*" {
                rest.removeFirst()
                factors.append(try ColumnExpression.operand(&rest))
            }
            terms.append((isNegative, factors))
            guard let sign = rest.popFirst() else { return }
            guard sign == "+" || sign == "-" else { throw RowProblem(String(text), "is no sum of columns") }
            isNegative = sign == "-"
        }
    }

    private static func operand(_ rest: inout Substring) throws(RowProblem) -> Operand {
        if rest.first == "\"" {
            rest.removeFirst()
            guard let end = rest.firstIndex(of: "\"") else { throw RowProblem(String(rest), "has a quote that is never closed") }
            defer { rest = rest[rest.index(after: end)...] }
            return .column(String(rest[..<end]))
        }
        let word = rest.prefix { !"+-*\"".contains($0) }
        rest = rest.dropFirst(word.count)
        let name = trimmed(word)
        guard !name.isEmpty else { throw RowProblem("the expression", "lacks a column") }
        return Invocation.whole(name).map { .number($0) } ?? .column(String(name))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The one column that it names, where it is nothing but that.
    var singleColumn: String? {
        if terms.count == 1, terms[0].factors.count == 1, case .column(let name) = terms[0].factors[0] { name } else { nil }
    }

    /// Every column that it names.
    var columns: [String] {
        terms.flatMap(\.factors).compactMap { if case .column(let name) = $0 { name } else { nil } }
    }

    /// - Throws: which column of this row is no whole number, or that the result does not fit 64 bits.
    func value(_ row: CSVRow) throws(RowProblem) -> Int64 {
        var sum: Int64 = 0
        for term in terms {
            var product: Int64 = term.isNegative ? -1 : 1
            for factor in term.factors {
                let (next, overflow) = product.multipliedReportingOverflow(by: try operand(factor, row))
                if overflow { throw RowProblem(columns.joined(separator: ", "), "must come to a whole number \(Invocation.bounds64)") }
                product = next
            }
            let (next, overflow) = sum.addingReportingOverflow(product)
            if overflow { throw RowProblem(columns.joined(separator: ", "), "must come to a whole number \(Invocation.bounds64)") }
            sum = next
        }
        return sum
    }

    private func operand(_ operand: Operand, _ row: CSVRow) throws(RowProblem) -> Int64 {
        switch operand {
        case .number(let number): return number
        case .column(let name):
            guard let number = Invocation.whole(ColumnExpression.trimmed(row[name][...])) else {
                throw RowProblem(name, "must be a whole number \(Invocation.bounds64)")
            }
            return number
        }
    }
}
