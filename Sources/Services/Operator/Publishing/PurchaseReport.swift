import Domain
import Messages
import Runtime

/// What became of the purchases of a `publish purchase`.
struct PurchaseReport {
    enum Result: String, CaseIterable {
        case completed
        /// Billing has it, and it is not finished: it is initialized only, or the customer or the gateway is waited for.
        case waiting
        /// The broker has it; its answer was not waited for.
        case sent
        case declined
        case refused
        /// No answer came in time. It waits in its queue.
        case unanswered
    }

    private struct Line {
        let row: Int64
        let id: String?
        let organization: String?
        let result: Result
        let reference: String?
        let status: String?
        let code: String?
        let detail: String?
    }

    /// The most that are told one by one.
    static let told = 1000

    private(set) var counts: [Result: Int64] = [:]
    private var lines: [Line] = []

    /// How many lines are settled.
    var total: Int64 { counts.values.reduce(0, +) }

    mutating func answered(_ row: PurchaseRow, _ answer: Answer) {
        let body = answer.isOK ? answer.value["result"] : answer.value["error"]
        let status = body?["status"]?.text
        let code = answer.isOK ? nil : body?["code"]?.text
        add(
            Line(
                row: row.number, id: row.id, organization: row.organization, result: PurchaseReport.result(answer.isOK, status, code),
                reference: body?["purchase_reference_id"]?.text, status: status, code: code,
                detail: body?[answer.isOK ? "failure_reason" : "detail"]?.text))
    }

    private static func result(_ isOK: Bool, _ status: String?, _ code: String?) -> Result {
        guard isOK else { return code == ErrorCode.paymentDeclined.rawValue ? .declined : .refused }
        guard let status, let known = PurchaseStatus(rawValue: status) else { return .waiting }
        return known.wasCompleted ? .completed : .waiting
    }

    mutating func ended(_ row: PurchaseRow, _ result: Result, _ detail: String? = nil) {
        add(
            Line(
                row: row.number, id: row.id, organization: row.organization, result: result, reference: nil, status: nil, code: nil,
                detail: detail))
    }

    /// A line that is no purchase.
    mutating func refused(row: Int64, _ problem: RowProblem) {
        add(
            Line(
                row: row, id: nil, organization: nil, result: .refused, reference: nil, status: nil, code: problem.field,
                detail: "\(problem.field) \(problem.reason)"))
    }

    private mutating func add(_ line: Line) {
        counts[line.result, default: 0] += 1
        if lines.count < PurchaseReport.told { lines.append(line) }
    }

    var exitCode: ExitCode {
        if counts[.declined] != nil || counts[.refused] != nil { return .differences }
        return counts[.unanswered] != nil ? .temporary : .done
    }

    // MARK: Telling

    /// What is not done, line by line, and the sum.
    func lines(_ console: Console) -> [String] {
        var shown: [String] = []
        for line in lines.sorted(by: { $0.row < $1.row }) where ![.completed, .sent].contains(line.result) {
            let color: Console.Color = line.result == .waiting ? .yellow : .red
            let words = [line.organization, line.code, line.status, line.detail, line.reference].compactMap { $0 }
            shown.append(
                "line \(line.row)  \(console.colored(line.result.rawValue, color))  " + TextTable.printable(words.joined(separator: ", ")))
        }
        if total > Int64(PurchaseReport.told) { shown.append("only the first \(PurchaseReport.told) are told one by one") }
        let sums = Result.allCases.compactMap { result in counts[result].map { "\(Figures.grouped($0)) \(result.rawValue)" } }
        shown.append("\(Figures.count(total, "purchase")): " + (sums.isEmpty ? "nothing to do" : sums.joined(separator: ", ")))
        return shown
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("lines", total)
        for result in Result.allCases { writer.member(result.rawValue, counts[result] ?? 0) }
        writer.name("purchases")
        writer.beginArray()
        for line in lines.sorted(by: { $0.row < $1.row }) {
            writer.beginObject()
            writer.member("row", line.row)
            writer.member("id", ifPresent: line.id)
            writer.member("organization", ifPresent: line.organization)
            writer.member("result", line.result.rawValue)
            writer.member("purchase_reference_id", ifPresent: line.reference)
            writer.member("status", ifPresent: line.status)
            writer.member("code", ifPresent: line.code)
            writer.member("detail", ifPresent: line.detail)
            writer.endObject()
        }
        writer.endArray()
        writer.member("more", total > Int64(PurchaseReport.told))
        writer.endObject()
    }
}
