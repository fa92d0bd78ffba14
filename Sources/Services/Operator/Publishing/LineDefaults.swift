import Crypto
import Messages

/// Makes events of lines of JSON. A line with `specversion` is a whole event and is sent as it stands; any other object names its fields
/// flatly (`id`, `source`, `organization` or `subject`, `time`, `service`, `quantity`, `tokens`, `metadata`) and takes the rest from here.
struct LineDefaults: Sendable {
    var organization: RowTemplate?
    var service: RowTemplate?
    var source = RowTemplate(literal: UsageDefaults.source)
    /// Nil: made of the file's name, the line's number and, where the file can come again, the line's own digest.
    var id: RowTemplate?
    /// Whether the name of the input stands for this one run: then the number alone tells its lines apart.
    var isStream = false
    /// Microseconds since 1970.
    var time: Int64

    init(time: Int64) { self.time = time }

    /// - Throws: a usage failure that names the option at fault.
    init(_ invocation: Invocation, time: Int64, isStream: Bool) throws(CommandFailure) {
        self.time = time
        self.isStream = isStream
        service = try LineDefaults.template("service", invocation)
        if let named = try LineDefaults.template("source", invocation) { source = named }
        id = try LineDefaults.template("id", invocation)
        if let id, !id.tellsRowsApart { throw .usage("--id must hold {row}: else all lines without an id are the same event") }
        organization = try LineDefaults.template("organizations", invocation)
        guard let text = invocation.text("organization") else { return }
        guard organization == nil else { throw .usage("--organization and --organizations exclude one another") }
        guard !text.contains("{") else { throw .usage("--organization names a single one", hint: "--organizations takes {row} and {file}") }
        organization = RowTemplate(literal: try Invocation.organization(text, "--organization"))
    }

    private static func template(_ option: String, _ invocation: Invocation) throws(CommandFailure) -> RowTemplate? {
        guard let text = invocation.text(option) else { return nil }
        do throws(RowProblem) {
            let template = try RowTemplate(text)
            if let column = template.columns.first {
                throw RowProblem("{\(column)}", "is a column of --csv; lines know {row}, {row%N} and {file}")
            }
            return template
        } catch {
            throw .usage("--\(option): \(error.field) \(error.reason)")
        }
    }

    /// The line is part of the id, because a file of the same name may come again with other lines: those are other events, while the
    /// same line again is charged once.
    private func madeUpID(_ record: Record, _ file: String) -> String {
        let place = "\(file):\(record.number)"
        return isStream ? place : "\(place):\(SHA256.hash(record.bytes).hex.prefix(12))"
    }

    func item(_ record: Record, file: String) throws(RowProblem) -> UsageItem {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.read(record.bytes)
        } catch {
            throw RowProblem("line", error.detail)
        }
        guard value.members != nil else { throw RowProblem("line", "is no JSON object") }
        guard value["specversion"] == nil else { return try whole(record) }
        func filled(_ template: RowTemplate) -> String { template.text(row: record.number, file: file) }
        let organization = try text(value, "organization")
        let subject = try text(value, "subject")
        let event = UsageRecorded(
            id: try text(value, "id") ?? id.map(filled) ?? madeUpID(record, file), source: try text(value, "source") ?? filled(source),
            organization: organization ?? subject ?? self.organization.map(filled) ?? "",
            time: try time(value), service: try text(value, "service") ?? service.map(filled) ?? "",
            quantity: try number(value, "quantity"), tokens: try number(value, "tokens"), metadata: metadata(value, record))
        return UsageItem(try UsageDefaults.checked(event), row: record.number)
    }

    private func metadata(_ value: JSONValue, _ record: Record) -> String? {
        guard let metadata = value["metadata"], !metadata.isNull else { return nil }
        return String(decoding: metadata.received(in: record.bytes), as: UTF8.self)
    }

    private func whole(_ record: Record) throws(RowProblem) -> UsageItem {
        do throws(UnreadableMessage) {
            return UsageItem(try UsageEventReader.structured(record.bytes), row: record.number, body: record.bytes)
        } catch {
            let field = error.field ?? "line"
            throw RowProblem(field, error.detail.hasPrefix(field + " ") ? String(error.detail.dropFirst(field.count + 1)) : error.detail)
        }
    }

    private func text(_ value: JSONValue, _ field: String) throws(RowProblem) -> String? {
        guard let member = value[field], !member.isNull else { return nil }
        guard let text = member.text else { throw RowProblem(field, "must be a string") }
        return text
    }

    private func time(_ value: JSONValue) throws(RowProblem) -> Int64 {
        guard let text = try text(value, "time") else { return time }
        guard let time = ColumnMapping.moment(text), UsageDefaults.times.contains(time) else {
            throw RowProblem("time", "must be an RFC 3339 time")
        }
        return time
    }

    private func number(_ value: JSONValue, _ field: String) throws(RowProblem) -> QuantityField {
        guard let member = value[field], !member.isNull else { return .absent }
        guard let number = member.whole, number >= 1 else { throw RowProblem(field, "must be a whole number from 1 to \(Int64.max)") }
        return .whole(number)
    }
}
