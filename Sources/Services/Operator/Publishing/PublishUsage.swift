import AMQP
import Messages
import Runtime
import Telemetry

/// One run of `publish usage`.
struct PublishUsage {
    private let invocation: Invocation
    private let session: Session

    init(_ invocation: Invocation, _ session: Session) {
        self.invocation = invocation
        self.session = session
    }

    func run() throws(CommandFailure) -> ExitCode {
        let inputs = ["file", "csv"].filter { invocation.text($0) != nil }
        guard inputs.count < 2 else { throw .usage("--file and --csv exclude one another") }
        for option in ["map", "shift-time-to"] where invocation.text(option) != nil && inputs != ["csv"] {
            throw .usage("--\(option) is for --csv")
        }
        let ofOne = inputs.isEmpty ? ["organizations", "repeat", "shuffle", "resume", "batch"] : ["quantity", "tokens", "metadata"]
        for option in ofOne where invocation.text(option) != nil {
            throw .usage(inputs.isEmpty ? "--\(option) is for --file and --csv" : "--\(option) is for a single event")
        }
        if inputs == ["csv"], invocation.text("organization") != nil { throw .usage("--organization is --organizations for --csv") }
        if inputs.isEmpty { return try single() }
        if invocation.flag("wait") { throw .usage("--wait is for a single event") }
        return try many(isCSV: inputs == ["csv"])
    }

    private func single() throws(CommandFailure) -> ExitCode {
        let event = try event()
        let organization = event.organization
        let properties = RequestMessage.properties(id: event.id, type: UsageRecorded.type)
        guard invocation.flag("wait") else {
            return try publish(UsageInput(.single(UsageItem(event, row: 1))), of: event, state: nil)
        }
        return try RequestSender.send(
            .init(exchange: "purser.usage", routingKey: organization, properties: properties, body: event.structured()),
            title: "usage of \(event.service) by \(organization) (id \(event.id), source \(event.source))",
            waits: true, beside: [.text("id", event.id), .text("source", event.source)], invocation, session)
    }

    /// The event that the options describe, as the meter would read it.
    private func event() throws(CommandFailure) -> UsageRecorded {
        let organization = try Invocation.organization(invocation.required("organization"), "--organization")
        func amount(_ option: String) throws(CommandFailure) -> QuantityField {
            try invocation.whole(option, 1...Int64.max).map { .whole($0) } ?? .absent
        }
        let event = UsageRecorded(
            id: try RequestSender.identifier("id", invocation, session), source: invocation.text("source") ?? UsageDefaults.source,
            organization: organization, time: try invocation.moment("time", now: session.now) ?? session.now,
            service: try invocation.required("service"), quantity: try amount("quantity"), tokens: try amount("tokens"),
            metadata: try metadata())
        do throws(RowProblem) {
            return try UsageDefaults.checked(event)
        } catch {
            throw .usage("--\(error.field) \(error.reason)")
        }
    }

    private func metadata() throws(CommandFailure) -> String? {
        guard let text = invocation.text("metadata") else { return nil }
        guard let value = try? JSONReader.read(Array(text.utf8)), value.members != nil else {
            throw .usage("--metadata must be a JSON object")
        }
        return text
    }

    private func many(isCSV: Bool) throws(CommandFailure) -> ExitCode {
        let path = invocation.text(isCSV ? "csv" : "file") ?? "-"
        let repetitions = try invocation.whole("repeat", 1...1000) ?? 1
        let seed = try invocation.whole("shuffle", 0...Int64.max).map { UInt64($0) }
        let needsPlaces = repetitions > 1 || seed != nil
        let shiftsTime = invocation.text("shift-time-to") != nil
        let target = try invocation.moment("shift-time-to", now: session.now)
        let file = try RecordFile(path, isCSV ? .csv : .lines, twice: needsPlaces || shiftsTime)
        let content = try content(file, isCSV)
        let survey = file.isSeekable ? try file.survey(places: needsPlaces) : nil
        // What comes by once cannot be gone on with.
        if file.isStream, invocation.text("resume") != nil { throw .usage("--resume is for files: standard input comes by once") }
        let state = file.isStream ? nil : try state(path, file, target ?? session.now)
        let input = UsageInput(
            try shifted(content, survey, to: state?.moment ?? target), file: file, survey: survey, repetitions: repetitions, seed: seed)
        return try publish(input, of: nil, state: state)
    }

    private func content(_ file: RecordFile, _ isCSV: Bool) throws(CommandFailure) -> UsageInput.Content {
        guard isCSV else {
            let time = try invocation.moment("time", now: session.now) ?? session.now
            return .lines(try LineDefaults(invocation, time: time, isStream: file.isStream))
        }
        guard let header = file.header, !header.isTooLong else { throw CommandFailure(.data, "the header is longer than 1 MiB") }
        let columns = try CSVColumns(header.bytes)
        var mapping = try ColumnMapping(invocation, columns: columns)
        mapping.fallbackTime = try invocation.moment("time", now: session.now) ?? session.now
        return .csv(columns, mapping)
    }

    /// Moves the last row to the moment and keeps the intervals.
    private func shifted(
        _ content: UsageInput.Content, _ survey: RecordFile.Survey?, to moment: Int64?
    ) throws(CommandFailure) -> UsageInput.Content {
        guard invocation.text("shift-time-to") != nil, let moment, case .csv(let columns, var mapping) = content else { return content }
        guard mapping.hasTime else { throw .usage("--shift-time-to needs time=COLUMN in --map") }
        guard let last = survey?.last else { return content }
        do throws(RowProblem) {
            mapping.shift = moment - (try mapping.time(columns.row(last, file: "")))
        } catch {
            throw CommandFailure(.data, "row \(last.number), the last one: \(error.field) \(error.reason); times cannot be shifted by it")
        }
        return .csv(columns, mapping)
    }

    private func state(_ path: String, _ file: RecordFile, _ moment: Int64) throws(CommandFailure) -> PublishState {
        let names = ["map", "organizations", "shift-time-to", "service", "organization", "id", "source", "time", "repeat", "shuffle"]
        let options = names.map { "\($0)=\(invocation.text($0) ?? "")" }.joined(separator: "\n")
        let server = session.environment["AMQP_URL"] ?? ""
        let fingerprint = "\(path)\n\(file.mark)\n\(options)\n\(server)"
        let place = invocation.text("resume") ?? PublishState.defaultPath(fingerprint, environment: session.environment)
        return try PublishState(path: place, fingerprint: fingerprint, moment: moment, restart: invocation.flag("restart"))
    }

    /// - Parameter event: the one event, where there is only one.
    private func publish(_ input: UsageInput, of event: UsageRecorded?, state: PublishState?) throws(CommandFailure) -> ExitCode {
        let deadline = try invocation.seconds("deadline", fallback: 30)
        let window = Int(try invocation.whole("window", 1...100_000) ?? 1000)
        let batch = Int(try invocation.whole("batch", 1...Int64(EnvelopeReader.batchLimit)) ?? 1)
        let start = state?.position ?? 0
        let publisher = try UsagePublisher(
            session, window: window, batchSize: batch, deadline: deadline, report: PublishReport(startingAt: start))
        defer { publisher.close() }
        if start > 0 { session.console.note("going on after row \(Figures.grouped(start)) of an interrupted run") }
        Interruption.watch()
        var bar = ProgressBar("publishing", console: session.console, time: session.time)
        var saved = session.time.monotonicNanoseconds
        do throws(CommandFailure) {
            try input.skip(to: start)
            while let next = try input.next() {
                switch next {
                case .item(let item): try publisher.add(item)
                case .problem(let position, let row, let problem): try publisher.refuse(position, row: row, problem)
                }
                let done = publisher.report.position
                bar.show(done, of: input.total)
                if let state, session.time.monotonicNanoseconds - saved > 50_000_000 {
                    saved = session.time.monotonicNanoseconds
                    state.save(done)
                }
                if Interruption.isAsked { throw CommandFailure(.temporary, "interrupted") }
            }
            try publisher.finish()
        } catch {
            state?.save(publisher.report.position)
            session.console.clearTransient()
            let done = Figures.count(publisher.report.position, "row")
            throw CommandFailure(
                error.exitCode, error.message,
                hint: state == nil ? error.hint : "\(done) settled so far; the same command goes on from there")
        }
        state?.remove()
        session.console.clearTransient()
        PublishSummary.print(publisher.report, of: event, seconds: bar.elapsed, session)
        return publisher.report.isClean ? .done : .differences
    }
}
