import Messages
import Runtime

/// One run of `publish purchase`.
struct PublishPurchase {
    private let invocation: Invocation
    private let session: Session

    init(_ invocation: Invocation, _ session: Session) {
        self.invocation = invocation
        self.session = session
    }

    static let command = Command(
        path: ["publish", "purchase"], summary: "Publish purchases: one by its fields, or a file of them.",
        details: """
            One purchase by its fields; many by --file, one JSON object a line: the fields of billing.purchase with organization, and with id
            and source where they are known. What a line does not say is taken from the options. Each is a command that billing answers when
            its first charge has an outcome; the run ends with how many were completed, declined and refused.
            A purchase is bought once per source and id, and lines without an id get FILE:LINE:DIGEST (stdin:LINE:DIGEST for -). The same
            file a second time buys nothing twice: every line gets the answer that it had. Lines that are to be bought once more need other
            ids, such as --id 'april-{row}'.
            """,
        options: [
            .value("file", "FILE", "purchases as lines of JSON; - is standard input"),
            .value("organization", "ORG", "who buys; for lines that do not say so too"),
        ] + PurchaseRequests.purchase.map(\.commandOption) + [
            .value("id", "ID", "the request's id (a new one); for lines that have none a text with {row}"),
            .value("source", "SOURCE", "who asks (\(RequestMessage.source))"),
            .value("actor", "NAME", "for whom the purchase is made (operator:<login name>)"),
            .flag("no-wait", "return as soon as the broker has them"),
            .value("window", "N", "how many may be unanswered at a time (10)"),
            .value("deadline", "SECONDS", "how long to wait for each answer (\(RequestSender.patience(.purchase)))"),
        ],
        examples: [
            "publish purchase --organization org-42 --package business", "publish purchase --file purchases.ndjson",
            "publish purchase --file april.ndjson --catalog credits --id 'april-{row}' --json",
            "make-purchases | purser publish purchase --file -",
        ],
        run: { (invocation, session) throws(CommandFailure) in try PublishPurchase(invocation, session).run() })

    func run() throws(CommandFailure) -> ExitCode {
        guard let path = invocation.text("file") else {
            if invocation.text("window") != nil { throw .usage("--window is for --file") }
            return try single()
        }
        return try many(path)
    }

    private func single() throws(CommandFailure) -> ExitCode {
        let organization = try Invocation.organization(invocation.required("organization"), "--organization")
        var writer = JSONWriter()
        writer.beginObject()
        try FieldOption.write(PurchaseRequests.purchase, invocation, now: session.now, to: &writer)
        writer.member("actor", invocation.text("actor") ?? session.actor)
        writer.endObject()
        let data = RequestSender.parsed(writer.bytes)
        do throws(InvalidRequest) {
            try RequestCheck.check(.purchase, data: data, document: writer.bytes)
        } catch {
            throw .usage(RequestCommand.named(error, PurchaseRequests.purchase), hint: "purser publish purchase --help")
        }
        let message = RequestMessage.make(
            type: RequestType.purchase.rawValue, id: try RequestSender.identifier("id", invocation, session),
            source: invocation.text("source") ?? RequestMessage.source, subject: organization, time: session.now, data: data,
            document: writer.bytes)
        return try RequestSender.send(
            message, title: "purchase of \(organization)", waits: !invocation.flag("no-wait"), patience: RequestSender.patience(.purchase),
            invocation, session)
    }

    private func many(_ path: String) throws(CommandFailure) -> ExitCode {
        let deadline = try invocation.seconds("deadline", fallback: RequestSender.patience(.purchase))
        let window = Int(try invocation.whole("window", 1...1000) ?? 10)
        let defaults = try PurchaseDefaults(invocation, session)
        let file = try RecordFile(path, .lines, twice: false)
        let total = file.isSeekable ? try file.survey(places: false).count : nil
        // A name that is drawn for this run would make every repetition another purchase.
        let name = file.isStream ? "stdin" : file.name
        let sender = try PurchaseSender(session, waits: !invocation.flag("no-wait"), window: window, deadline: deadline)
        Interruption.watch()
        var bar = ProgressBar("buying", console: session.console, time: session.time)
        do throws(CommandFailure) {
            while let record = try file.next() {
                switch row(record, name, defaults) {
                case .success(let row): try sender.add(row)
                case .failure(let problem): sender.report.refused(row: record.number, problem)
                }
                bar.show(sender.report.total, of: total)
            }
            try sender.finish()
        } catch {
            session.console.clearTransient()
            let done = Figures.count(sender.report.total, "line")
            throw CommandFailure(
                error.exitCode, error.message, hint: "\(done) settled so far; the same command again buys nothing twice")
        }
        session.console.clearTransient()
        if session.wantsJSON {
            session.print { sender.report.write(to: &$0) }
        } else {
            for line in sender.report.lines(session.console) { session.console.line(line) }
        }
        return sender.report.exitCode
    }

    private func row(_ record: Record, _ file: String, _ defaults: PurchaseDefaults) -> Result<PurchaseRow, RowProblem> {
        do throws(RowProblem) {
            guard !record.isTooLong else { throw RowProblem("line", "is longer than 1 MiB") }
            return .success(try defaults.row(record, file: file))
        } catch {
            return .failure(error)
        }
    }
}
