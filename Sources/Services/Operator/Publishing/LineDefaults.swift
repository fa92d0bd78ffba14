import Messages

/// Makes events of lines of JSON. A line with `specversion` is a whole event and is sent as it stands; any other object names its fields
/// flatly (`id`, `source`, `organization` or `subject`, `time`, `service`, `quantity`, `tokens`, `metadata`) and takes the rest from here.
struct LineDefaults: Sendable {
    var organization: String?
    var service: String?
    var source = UsageDefaults.source
    /// Microseconds since 1970.
    var time: Int64

    func item(_ record: Record, file: String) throws(RowProblem) -> UsageItem {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.read(record.bytes)
        } catch {
            throw RowProblem("line", error.detail)
        }
        guard value.members != nil else { throw RowProblem("line", "is no JSON object") }
        guard value["specversion"] == nil else { return try whole(record) }
        let event = UsageRecorded(
            id: try text(value, "id", "\(file):\(record.number)"), source: try text(value, "source", source),
            organization: try organization(value), time: try time(value),
            service: try text(value, "service", service ?? ""), quantity: try number(value, "quantity"),
            tokens: try number(value, "tokens"), metadata: metadata(value, record))
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

    private func organization(_ value: JSONValue) throws(RowProblem) -> String {
        if let named = try text(value, "organization") { return named }
        return try text(value, "subject", organization ?? "")
    }

    private func text(_ value: JSONValue, _ field: String, _ fallback: String) throws(RowProblem) -> String {
        let text = try text(value, field)
        return text ?? fallback
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
        guard let number = member.whole, number >= 1 else { throw RowProblem(field, "must be a whole number from 1") }
        return .whole(number)
    }
}
