import Messages

/// How a row of CSV becomes a usage event: `--map`, `--organizations`, `--service`, `--id`, `--source`. Pure.
struct ColumnMapping: Sendable {
    static let targets = ["tokens", "quantity", "time", "organization", "service", "id", "source"]

    private var numbers: [String: ColumnExpression] = [:]
    private var texts: [String: RowTemplate] = [:]
    private var time: String?
    private let columns: CSVColumns
    /// Added to every row's time, microseconds.
    var shift: Int64 = 0
    /// The time of a row where none is mapped, microseconds since 1970.
    var fallbackTime: Int64 = 0

    /// - Throws: a usage failure that names the option at fault.
    init(_ invocation: Invocation, columns: CSVColumns) throws(CommandFailure) {
        self.columns = columns
        texts["id"] = ColumnMapping.defaultID
        for (option, target) in [("organizations", "organization"), ("service", "service"), ("id", "id"), ("source", "source")] {
            if let text = invocation.text(option) { try setTemplate(text, target, option) }
        }
        for pair in ColumnMapping.pairs(invocation.text("map") ?? "") { try map(pair) }
        if texts["id"]?.tellsRowsApart != true { throw .usage("--id must hold {row} or a column: else all rows are the same event") }
        if texts["organization"] == nil { throw .usage("--organizations is missing, or organization=COLUMN in --map") }
        if texts["service"] == nil { throw .usage("--service is missing, or service=COLUMN in --map") }
        if texts["source"] == nil { texts["source"] = try? RowTemplate(UsageDefaults.source) }
    }

    private static let defaultID = try? RowTemplate("{file}:{row}")

    private mutating func map(_ pair: Substring) throws(CommandFailure) {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let target = String(parts[0])
        guard parts.count == 2, ColumnMapping.targets.contains(target) else {
            throw .usage("--map: \(pair) is not FIELD=COLUMN", hint: "fields are \(ColumnMapping.targets.joined(separator: ", "))")
        }
        let expression: ColumnExpression
        do throws(RowProblem) {
            expression = try ColumnExpression(parts[1])
        } catch {
            throw .usage("--map \(target): \(error.field) \(error.reason)")
        }
        try columns.require(expression.columns, "map")
        if target == "tokens" || target == "quantity" {
            guard numbers.updateValue(expression, forKey: target) == nil else { throw .usage("--map: \(target) stands twice") }
            return
        }
        guard let column = expression.singleColumn else { throw .usage("--map \(target): must be a single column") }
        if target == "time" {
            guard time == nil else { throw .usage("--map: time stands twice") }
            time = column
        } else {
            try setTemplate("{\(column)}", target, "map")
        }
    }

    private mutating func setTemplate(_ text: String, _ target: String, _ option: String) throws(CommandFailure) {
        do throws(RowProblem) {
            let template = try RowTemplate(text)
            try check(template, option)
            texts[target] = template
        } catch {
            throw .usage("--\(option): \(error.field) \(error.reason)")
        }
    }

    private func check(_ template: RowTemplate, _ option: String) throws(RowProblem) {
        for column in template.columns where columns.places[column] == nil {
            throw RowProblem("there is no column \(column);", "the header has \(columns.names.joined(separator: ", "))")
        }
    }

    /// `a=b,"c,d"=e` at the commas that stand outside of quotes.
    static func pairs(_ text: String) -> [Substring] {
        var isQuoted = false
        return text.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == "," && !isQuoted
        }
    }

    /// Whether rows have a time of their own.
    var hasTime: Bool { time != nil }

    /// The time in a row, not shifted. - Throws: the column, when it holds no time.
    func time(_ row: CSVRow) throws(RowProblem) -> Int64 {
        guard let time else { return fallbackTime }
        guard let moment = ColumnMapping.moment(row[time]) else {
            throw RowProblem(time, "is no time such as 2023-11-16 18:15:46.6805900 or 2023-11-16T18:15:46Z")
        }
        return moment
    }

    /// RFC 3339, or the same without a zone, which is then UTC.
    static func moment(_ text: String) -> Int64? {
        EventTime.microseconds(text) ?? EventTime.microseconds(text + "Z")
    }

    /// The event of a row.
    func event(_ row: CSVRow) throws(RowProblem) -> UsageRecorded {
        let (moment, overflow) = hasTime ? try time(row).addingReportingOverflow(shift) : (fallbackTime, false)
        guard !overflow, UsageDefaults.times.contains(moment) else { throw RowProblem("time", "lies outside of the years 1 to 9999") }
        let event = UsageRecorded(
            id: text("id", row), source: text("source", row), organization: text("organization", row), time: moment,
            service: text("service", row), quantity: try number("quantity", row), tokens: try number("tokens", row))
        return try UsageDefaults.checked(event)
    }

    private func text(_ target: String, _ row: CSVRow) -> String { texts[target]?.text(row) ?? "" }

    private func number(_ target: String, _ row: CSVRow) throws(RowProblem) -> QuantityField {
        guard let expression = numbers[target] else { return .absent }
        let value = try expression.value(row)
        guard value >= 1 else { throw RowProblem(target, "must be at least 1") }
        return .whole(value)
    }
}
