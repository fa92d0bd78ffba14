import Messages
import Postgres
import Runtime

/// `purser refusals list`.
enum RefusalCommands {
    static let all: [Command] = [
        Command(
            path: ["refusals", "list"], summary: "List usage that the meter refused, and conflicts, the latest first.",
            details: """
                A refused event was not charged. Mended and sent again with the same source and id it is decided anew, and accepted says when
                that was. A conflict is an event of a source and an id that came before with other content.
                """,
            options: [
                .value("organization", "ORG", "only this organization's"),
                .value("reason", "WORD", "only those refused for this reason", choices: RefusalLine.reasons),
                .flag("open", "only those that were not accepted later"), .value("limit", "N", "at most so many (100)"),
            ],
            examples: ["refusals list", "refusals list --organization org-42 --reason unknown_service --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) })
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let limit = try invocation.whole("limit", 1...100_000) ?? 100
        let organization = try invocation.text("organization").map { text throws(CommandFailure) in
            try Invocation.organization(text, "--organization")
        }
        let connection = try session.openDatabase()
        defer { connection.close() }
        // One more than is shown tells whether there are more.
        let found = try database("read the refusals") { () throws(DatabaseError) in
            try RefusalLine.read(
                organization: organization, reason: invocation.text("reason"), onlyOpen: invocation.flag("open"), limit: limit + 1,
                on: connection)
        }
        let lines = found.prefix(Int(limit))
        guard !session.wantsJSON else {
            session.print { writer in
                writer.beginObject()
                writer.name("refusals")
                writer.beginArray()
                for line in lines { line.write(to: &writer) }
                writer.endArray()
                writer.member("more", found.count > lines.count)
                writer.endObject()
            }
            return .done
        }
        guard !lines.isEmpty else {
            session.console.line("no refusals")
            return .done
        }
        var table = TextTable(RefusalLine.headers, right: [4])
        for line in lines { table.add(line.cells) }
        for line in table.lines { session.console.line(line) }
        if found.count > lines.count { session.console.line("and more: --limit, --organization and --reason choose others") }
        return .done
    }
}
