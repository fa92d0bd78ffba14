import Messages
import Runtime

/// A command that sends one request and waits for its answer. All of them come from the table in `RequestCommands`.
struct RequestCommand: Sendable {
    let path: [String]
    let type: RequestType
    let summary: String
    /// Arguments that are fields of the data, beside the organization: their names in capitals and their fields.
    var fieldArguments: [(name: String, field: String, summary: String)] = []
    /// False where the request concerns no organization.
    var hasOrganization = true
    var fields: [FieldOption]
    var examples: [String]
    var details = ""
    /// False where a request without its answer would be of no use.
    var mayGoUnanswered = true
    /// Whether what was asked for is told beside the answer, which says less.
    var tellsRequest = false

    private var waiting: [CommandOption] {
        [
            .value("deadline", "SECONDS", "how long to wait for the answer (\(RequestSender.patience(type)))")
        ] + (mayGoUnanswered ? [.flag("no-wait", "return as soon as the broker has the request")] : []) + RequestCommand.sending
    }

    private static let sending: [CommandOption] = [
        .value("request-id", "ID", "the request's own id: the same id again gives the first answer and does nothing"),
        .value("actor", "NAME", "for whom the change is made (operator:<login name>)"),
    ]

    /// The command for the table.
    var command: Command {
        var arguments = hasOrganization ? [CommandArgument(name: "ORG", summary: "the organization's id")] : []
        arguments += fieldArguments.map { CommandArgument(name: $0.name, summary: $0.summary) }
        return Command(
            path: path, summary: summary, details: details, arguments: arguments,
            options: fields.map(\.commandOption) + waiting, examples: examples,
            run: { (invocation, session) throws(CommandFailure) in try self.run(invocation, session) })
    }

    private func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let organization = hasOrganization ? try invocation.organization() : nil
        let (data, document) = try data(invocation, session)
        let subject = try fieldArguments.first.map { argument throws(CommandFailure) in try invocation.argument(argument.name) }
        let title = (path + [organization, hasOrganization ? nil : subject].compactMap { $0 }).joined(separator: " ")
        let message = RequestMessage.make(
            type: type.rawValue, id: try RequestSender.identifier("request-id", invocation, session), subject: organization,
            time: session.now, data: data, document: document)
        return try RequestSender.send(
            message, title: title, waits: !invocation.flag("no-wait"), patience: RequestSender.patience(type),
            beside: tellsRequest ? [JSONMember(name: "set", value: RequestCommand.withoutActor(data))] : [], invocation, session)
    }

    private static func withoutActor(_ data: JSONValue) -> JSONValue {
        JSONValue(.object((data.members ?? []).filter { $0.name != "actor" }), at: data.range)
    }

    /// The data, already held against the schema of its type, and the bytes that it was read from.
    private func data(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> (value: JSONValue, document: [UInt8]) {
        var writer = JSONWriter()
        writer.beginObject()
        for argument in fieldArguments { writer.member(argument.field, try invocation.argument(argument.name)) }
        try FieldOption.write(fields, invocation, now: session.now, to: &writer)
        writer.member("actor", invocation.text("actor") ?? session.actor)
        writer.endObject()
        do throws(InvalidRequest) {
            let value = RequestSender.parsed(writer.bytes)
            try RequestCheck.check(type, data: value, document: writer.bytes)
            return (value, writer.bytes)
        } catch {
            throw .usage(RequestCommand.named(error, fields, fieldArguments), hint: "purser \(path.joined(separator: " ")) --help")
        }
    }

    /// Other fields in the words, where their names are not words of their own: `pass_through` becomes `--pass-through`.
    private static func optionsNamed(_ words: String, _ fields: [FieldOption]) -> String {
        words.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let option = word.contains("_") ? fields.first { $0.field == word } : nil
            return option.map { "--\($0.option)" } ?? String(word)
        }.joined(separator: " ")
    }

    /// The schema speaks of fields; a person typed options.
    static func named(
        _ error: InvalidRequest, _ fields: [FieldOption], _ arguments: [(name: String, field: String, summary: String)] = []
    ) -> String {
        let rest = error.detail.hasPrefix(error.field) ? String(error.detail.dropFirst(error.field.count)) : ": " + error.detail
        if let argument = arguments.first(where: { $0.field == error.field }) { return argument.name + optionsNamed(rest, fields) }
        if let option = fields.first(where: { $0.field == error.field }) { return "--\(option.option)\(optionsNamed(rest, fields))" }
        if error.field == "actor" { return "--actor\(rest)" }
        return error.field == "data" ? "at least one option is needed" : error.detail
    }
}
