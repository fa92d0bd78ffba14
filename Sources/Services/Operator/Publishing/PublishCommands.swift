import Messages
import Runtime

/// `purser publish`.
enum PublishCommands {
    static let all: [Command] = [
        Command(
            path: ["publish", "usage"], summary: "Publish usage: one event, a file of them, or a CSV file as it is.",
            details: """
                One event by its fields; many by --file (one JSON object a line: a whole CloudEvent, or just its fields) or --csv with a header.
                Events are published with confirms; refused ones are told with their row and field, and the exit code is then 1. A run that was
                interrupted goes on after the last confirmed row when the same command is given again. Ids make a repetition harmless.
                --map names what columns mean: tokens, quantity, time, organization, service, id, source; numbers may be sums such as A+B*2.
                --organizations, --service, --id and --source may hold {row}, {row%N}, {file} and, for --csv, {COLUMN}. For --file they stand
                in for what a line lacks; a whole CloudEvent is sent as it stands.
                An event is charged once per source and id, and rows without an id get one:
                  --csv FILE   FILE:ROW. A file of the same name with other rows is taken for the same events, which are refused as conflicts
                               or dropped as repetitions: give it another name, or other ids by --id, such as --id '2026-11/{file}:{row}'.
                  --file FILE  FILE:LINE:DIGEST. The same line again is the same event; a line that is changed is another one.
                  -            stdin-RANDOM:LINE. Every run sends other events; a run that was interrupted cannot be gone on with.
                """,
            options: source + event + csv + sending,
            examples: [
                "publish usage --organization org-42 --service ai.chat --quantity 3",
                "publish usage --organization org-42 --service llm.chat --tokens 120 --wait", "publish usage --file events.ndjson",
                "generate-events | purser publish usage --file - --batch 100",
                "publish usage --csv trace.csv --map tokens=ContextTokens+GeneratedTokens,time=TIMESTAMP --shift-time-to now "
                    + "--organizations 'org-{row%40}' --service llm.chat",
            ],
            run: { (invocation, session) throws(CommandFailure) in try PublishUsage(invocation, session).run() }),
        PublishPurchase.command,
        Command(
            path: ["publish"], summary: "Publish any command by its type and data.",
            details: "TYPE is a routing key such as billing.grant, or its last word with hyphens: wallet-open, rate-set, usage-refund.",
            arguments: [CommandArgument(name: "TYPE", summary: "the type of the request")],
            options: [
                .value("data", "JSON", "the data, an object ({})"), .value("subject", "ORG", "the organization"),
                .value("id", "ID", "the request's id"), .value("source", "SOURCE", "its source (\(RequestMessage.source))"),
                .value("time", "TIME", "its time (now)"), .flag("wait", "wait for the answer and print it"),
                .value(
                    "deadline", "SECONDS",
                    "how long to wait (30; 60 for purchases, which wait for the gateway; 90 for meter.usage_refund, which looks three times)"
                ),
            ],
            examples: [
                "publish wallet-open --subject org-42 --wait", "publish billing.grant --subject org-42 --data '{\"tokens\":100}' --wait",
                "publish meter.rate_set --data '{\"service\":\"ai.chat\",\"tokens_per_unit\":2}'",
            ],
            run: { (invocation, session) throws(CommandFailure) in try any(invocation, session) }),
    ]

    private static let source: [CommandOption] = [
        .value("file", "FILE", "events as lines of JSON; - is standard input"),
        .value("csv", "FILE", "rows of CSV with a header; - is standard input"),
    ]

    private static let event: [CommandOption] = [
        .value("organization", "ORG", "whose use it is; for lines that do not say so too"),
        .value("service", "NAME", "what was used"),
        .value("quantity", "N", "how much of it (1)"), .value("tokens", "N", "the cost itself, for a pass-through service"),
        .value("time", "TIME", "when it happened (now)"), .value("id", "ID", "the event's id (a new one; of rows as above)"),
        .value("source", "SOURCE", "who sent it (\(UsageDefaults.source))"), .value("metadata", "JSON", "kept with the event, an object"),
        .flag("wait", "for one event: wait for the outcome and print it"),
    ]

    private static let csv: [CommandOption] = [
        .value("map", "FIELD=COLUMN,...", "what the columns mean"),
        .value("organizations", "TEMPLATE", "whose use a row is, such as 'org-{row%40}'; for lines that do not say so too"),
        .value("shift-time-to", "TIME", "move the last row to this moment (now, or RFC 3339) and the others with it"),
    ]

    private static let sending: [CommandOption] = [
        .value("batch", "N", "put N events into a message (1)"), .value("window", "N", "messages that may be unconfirmed at a time (1000)"),
        .value("repeat", "N", "send everything N times, for tests (1)"), .value("shuffle", "SEED", "send in another order, for tests"),
        .value("resume", "FILE", "where to note how far it has come ($XDG_STATE_HOME/purser, or .run)"),
        .flag("restart", "begin anew, whatever an earlier run has done"),
        .value("deadline", "SECONDS", "how long the broker may take nothing before this gives up (30)"),
    ]

    private static func any(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let word = try invocation.argument("TYPE")
        guard let type = type(word) else {
            let near = Suggestion.nearest(word, among: RequestType.allCases.flatMap { [$0.rawValue, shortName($0)] })
            throw .usage("TYPE: \(word) is no type of request", hint: near.map { "did you mean \($0)?" })
        }
        if type == .usageRecorded { throw .usage("TYPE: usage has a command of its own", hint: "purser publish usage --help") }
        let subject = try invocation.text("subject").map { text throws(CommandFailure) in try Invocation.organization(text, "--subject") }
        let data = try data(invocation)
        do throws(InvalidRequest) {
            try RequestCheck.check(type, data: data.value, document: data.bytes)
        } catch {
            throw .usage("--data: \(error.detail)")
        }
        let message = RequestMessage.make(
            type: type.rawValue, id: try RequestSender.identifier("id", invocation, session),
            source: invocation.text("source") ?? RequestMessage.source, subject: subject,
            time: try invocation.moment("time", now: session.now) ?? session.now, data: data.value)
        let title = type.rawValue + (subject.map { " \($0)" } ?? "")
        return try RequestSender.send(
            message, title: title, waits: invocation.flag("wait"), patience: RequestSender.patience(type), invocation, session)
    }

    /// By the routing key, or by its last word with hyphens.
    static func type(_ word: String) -> RequestType? {
        RequestType.allCases.first { $0.rawValue == word || shortName($0) == word }
    }

    private static func shortName(_ type: RequestType) -> String {
        String(type.rawValue.drop { $0 != "." }.dropFirst().map { $0 == "_" ? "-" : $0 })
    }

    private static func data(_ invocation: Invocation) throws(CommandFailure) -> (value: JSONValue, bytes: [UInt8]) {
        let bytes = Array((invocation.text("data") ?? "{}").utf8)
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.read(bytes)
        } catch {
            throw .usage("--data is not JSON: \(error.detail)")
        }
        guard value.members != nil else { throw .usage("--data must be a JSON object") }
        return (value, bytes)
    }
}
