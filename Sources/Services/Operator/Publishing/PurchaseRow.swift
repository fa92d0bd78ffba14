import AMQP
import Crypto
import Messages
import Runtime

/// A purchase of a file on its way to billing.
struct PurchaseRow {
    /// The line it came from.
    let number: Int64
    let id: String
    let organization: String
    let message: OutgoingMessage
}

/// Makes purchases of lines of JSON: the fields of `billing.purchase`, beside `organization` (or `subject`), `id` and `source`. What a line
/// does not say is taken from here.
struct PurchaseDefaults {
    /// Fields that stand for one another: who says one of them says nothing by the others.
    private static let alternatives: [Set<String>] = [["package_id", "tokens"], ["payment_method_id", "checkout"]]
    private static let ownFields: Set<String> = ["organization", "subject", "id", "source"]

    private let organization: String?
    private let source: String
    /// Nil: made of the file's name, the line's number and its digest.
    private let id: RowTemplate?
    private let members: [JSONMember]
    private let document: [UInt8]
    private let time: Int64

    /// - Throws: a usage failure that names the option at fault.
    init(_ invocation: Invocation, _ session: Session) throws(CommandFailure) {
        organization = try invocation.text("organization").map { text throws(CommandFailure) in
            try Invocation.organization(text, "--organization")
        }
        source = invocation.text("source") ?? RequestMessage.source
        id = try PurchaseDefaults.template(invocation)
        time = session.now
        var writer = JSONWriter()
        writer.beginObject()
        try FieldOption.write(PurchaseRequests.purchase, invocation, now: session.now, to: &writer)
        writer.member("actor", invocation.text("actor") ?? session.actor)
        writer.endObject()
        document = writer.bytes
        members = RequestSender.parsed(document).members ?? []
    }

    private static func template(_ invocation: Invocation) throws(CommandFailure) -> RowTemplate? {
        guard let text = invocation.text("id") else { return nil }
        do throws(RowProblem) {
            let template = try RowTemplate(text)
            if let column = template.columns.first { throw RowProblem("{\(column)}", "is no place: lines know {row}, {row%N} and {file}") }
            guard template.tellsRowsApart else { throw RowProblem("it", "must hold {row}: else all lines are the same purchase") }
            return template
        } catch {
            throw .usage("--id: \(error.field) \(error.reason)")
        }
    }

    /// - Throws: the field at fault, in the words of billing's own schema.
    func row(_ record: Record, file: String) throws(RowProblem) -> PurchaseRow {
        let line: JSONValue
        do throws(JSONSyntaxError) {
            line = try JSONReader.read(record.bytes)
        } catch {
            throw RowProblem("line", error.detail)
        }
        guard let given = line.members else { throw RowProblem("line", "is no JSON object") }
        guard line["specversion"] == nil else {
            throw RowProblem("line", "is a whole CloudEvent: give the fields of billing.purchase with an organization")
        }
        let (first, second) = (try text(line, "organization"), try text(line, "subject"))
        guard let named = first ?? second ?? organization else { throw RowProblem("organization", "is missing") }
        guard Invocation.isOrganization(named) else { throw RowProblem("organization", "must be 1 to 128 printable ASCII characters") }
        let id = try text(line, "id") ?? madeUpID(record, file)
        guard (1...128).contains(id.utf8.count) else { throw RowProblem("id", "must be 1 to 128 bytes long") }
        let data = try data(given, record)
        let message = RequestMessage.make(
            type: RequestType.purchase.rawValue, id: id, source: try text(line, "source") ?? source, subject: named, time: time,
            data: data.value, document: data.document)
        return PurchaseRow(number: record.number, id: id, organization: named, message: message)
    }

    /// The same line of the same file is the same purchase whenever it is sent, and a line that was changed is another one.
    private func madeUpID(_ record: Record, _ file: String) -> String {
        if let id { return id.text(row: record.number, file: file) }
        return "\(file):\(record.number):\(SHA256.hash(record.bytes).hex.prefix(12))"
    }

    private func data(_ given: [JSONMember], _ record: Record) throws(RowProblem) -> (value: JSONValue, document: [UInt8]) {
        let own = given.filter { !PurchaseDefaults.ownFields.contains($0.name) }
        var said = Set(own.map(\.name))
        for group in PurchaseDefaults.alternatives where !group.isDisjoint(with: said) { said.formUnion(group) }
        var writer = JSONWriter()
        writer.beginObject()
        for member in own {
            writer.name(member.name)
            writer.raw(member.value.received(in: record.bytes))
        }
        for member in members where !said.contains(member.name) {
            writer.name(member.name)
            writer.raw(member.value.received(in: document))
        }
        writer.endObject()
        let value = RequestSender.parsed(writer.bytes)
        do throws(InvalidRequest) {
            _ = try BillingPurchase(data: value, document: writer.bytes)
        } catch {
            let rest = error.detail.hasPrefix(error.field) ? error.detail.dropFirst(error.field.count) : ": \(error.detail)"
            throw RowProblem(error.field, String(rest.drop { $0 == " " }))
        }
        return (value, writer.bytes)
    }

    private func text(_ line: JSONValue, _ field: String) throws(RowProblem) -> String? {
        guard let member = line[field], !member.isNull else { return nil }
        guard let text = member.text else { throw RowProblem(field, "must be a string") }
        return text
    }
}
