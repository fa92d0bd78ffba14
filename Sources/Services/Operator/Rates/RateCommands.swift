import Messages
import Postgres
import Runtime

/// `purser rates list|load`.
enum RateCommands {
    static let all: [Command] = [
        Command(
            path: ["rates", "list"], summary: "List what services cost.",
            options: [.flag("history", "past and future rates too")], examples: ["rates list", "rates list --history --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) }),
        Command(
            path: ["rates", "load"], summary: "Set the rates of a file; what is as it should be stays untouched.",
            details: "The file holds an array of objects with the fields of meter.rate_set: service, tokens_per_unit or pass_through, ...",
            arguments: [CommandArgument(name: "FILE", summary: "JSON; - is standard input")],
            options: [.value("deadline", "SECONDS", "how long to wait for each answer (30)")],
            examples: ["rates load ops/demo-rates.json", "rates load - < rates.json"],
            run: { (invocation, session) throws(CommandFailure) in try load(invocation, session) }),
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let connection = try session.openDatabase()
        defer { connection.close() }
        let rates = try database("read the rates") { () throws(DatabaseError) in
            try RateLine.read(history: invocation.flag("history"), on: connection)
        }
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.name("rates")
                writer.beginArray()
                for rate in rates { rate.write(to: &writer) }
                writer.endArray()
                writer.endObject()
            }
            return .done
        }
        var table = TextTable(["service", "tokens per unit", "trial", "unlimited", "from"], right: [1])
        for rate in rates { table.add(rate.cells) }
        for line in table.lines { session.console.line(line) }
        return .done
    }

    private static func load(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let wanted = try RateFile.read(invocation.argument("FILE"))
        let deadline = try invocation.seconds("deadline", fallback: 30)
        let present = try unchanged(session)
        let requester = try Requester(session, answers: true, deadline: deadline)
        var results: [(service: String, word: String, detail: String?)] = []
        for rate in wanted {
            if present.contains(where: { $0.isAlready(rate.request, now: session.now) }) {
                results.append((rate.request.service, "unchanged", nil))
                continue
            }
            let message = RequestMessage.make(
                type: MeterRateSet.type.rawValue, id: Identifier.make(at: session.now), subject: nil, time: session.now, data: rate.data)
            let answer = try requester.ask(message)
            let error = answer.value["error"]
            results.append((rate.request.service, answer.isOK ? "set" : "refused", error?["detail"]?.text ?? error?["code"]?.text))
        }
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.name("rates")
                writer.beginArray()
                for result in results {
                    writer.beginObject()
                    writer.member("service", result.service)
                    writer.member("result", result.word)
                    writer.member("detail", ifPresent: result.detail)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
            }
        } else {
            for result in results {
                session.console.line("\(result.word)  \(TextTable.printable(result.service))\(result.detail.map { ": \($0)" } ?? "")")
            }
        }
        return results.contains { $0.word == "refused" } ? .differences : .done
    }

    /// What holds now. Only who may read the database can tell; others set every rate again, which is harmless.
    private static func unchanged(_ session: Session) throws(CommandFailure) -> [RateLine] {
        guard try session.configuration().text(.databaseURL) != nil else { return [] }
        let connection = try session.openDatabase()
        defer { connection.close() }
        return try database("read the rates") { () throws(DatabaseError) in try RateLine.read(history: true, on: connection) }
    }
}
