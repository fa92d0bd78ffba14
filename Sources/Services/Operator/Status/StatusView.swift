import Messages
import Postgres

/// One look at everything. What could not be read stands in `problems`.
struct StatusView {
    var queues: [QueueState] = []
    var database: DatabaseState?
    var problems: [String] = []

    static func read(_ session: Session) -> StatusView {
        var view = StatusView()
        do throws(CommandFailure) {
            view.queues = try QueueState.all(session)
        } catch { view.problems.append(error.message) }
        do throws(CommandFailure) {
            let connection = try session.openDatabase()
            defer { connection.close() }
            view.database = try Operator.database("read the state") { () throws(DatabaseError) in
                try DatabaseState.read(on: connection)
            }
        } catch { view.problems.append(error.message) }
        return view
    }

    /// For a person. - Parameter all: also queues where nothing is waiting and that somebody reads, or nobody ever will.
    func lines(all: Bool, _ console: Console) -> [String] {
        var lines = problems.map { console.colored("problem", .red) + "  \($0)" }
        lines += databaseLines(console)
        var table = TextTable(["queue", "ready", "unacknowledged", "consumers"], right: [1, 2, 3])
        for queue in queues where all || queue.ready > 0 || (queue.unacknowledged ?? 0) > 0 || queue.consumers > 0 {
            let held = queue.unacknowledged.map(Figures.grouped) ?? "-"
            table.add([queue.name, Figures.grouped(queue.ready), held, Figures.grouped(queue.consumers)])
        }
        if !table.isEmpty { lines += table.lines }
        let dead = queues.filter(\.isDead).reduce(0) { $0 + $1.ready }
        if !queues.isEmpty {
            let count = console.colored(Figures.count(dead, "dead letter"), .yellow)
            lines.append(dead == 0 ? "no dead letters" : count + ": purser dead list")
        }
        return lines
    }

    private func databaseLines(_ console: Console) -> [String] {
        guard let state = database else { return [] }
        var lines: [String] = []
        switch state.isEnabled {
        case true?: lines.append("the token system is on")
        case false?: lines.append(console.colored("the token system is off", .yellow) + ": usage is recorded, not charged")
        case nil: lines.append("the token system has no setting yet: no program has started")
        }
        var table = TextTable(["program", "instance", "share", "prefers", "seen", "alive"], console: console)
        for program in state.programs {
            let seen = program.isAlive ? "now" : "\(Figures.clock(seconds: Double(program.secondsAgo))) ago"
            let partitions = program.partitions.map { String($0) }.joined(separator: ",")
            table.add(
                [
                    program.name, program.instance, program.share, partitions, seen, Figures.clock(seconds: Double(program.secondsAlive)),
                ], colors: program.isAlive ? [:] : [4: .red])
        }
        lines += table.isEmpty ? [console.colored("no program runs", .yellow)] : table.lines
        lines.append(state.figures.line(shown: state.figures.count))
        if let seconds = state.lastRowSeconds {
            let age = Figures.clock(seconds: Double(seconds))
            lines.append("newest ledger row \(age) ago, \(Figures.grouped(state.rowsLastMinute)) in the last minute")
        } else {
            lines.append("no ledger row in the last hour")
        }
        for entry in state.outbox {
            let age = Figures.clock(seconds: Double(entry.secondsOld))
            lines.append("outbox of \(entry.program): \(Figures.grouped(entry.count)), the oldest \(age) old")
        }
        let refusals = state.refusals.map { "\($0.reason) \(Figures.grouped($0.count))" }
        lines.append(
            refusals.isEmpty ? "no open refusals" : "open refusals: " + refusals.joined(separator: ", ") + " (purser refusals list)")
        if state.suspects > 0 { lines.append("suspect messages: \(Figures.grouped(state.suspects))") }
        return lines
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("queues")
        writer.beginArray()
        for queue in queues {
            writer.beginObject()
            writer.member("name", queue.name)
            writer.member("ready", queue.ready)
            writer.member("unacknowledged", ifPresent: queue.unacknowledged)
            writer.member("consumers", queue.consumers)
            writer.endObject()
        }
        writer.endArray()
        if let state = database { write(state, to: &writer) }
        writer.name("problems")
        writer.beginArray()
        for problem in problems { writer.value(problem) }
        writer.endArray()
        writer.endObject()
    }

    private func write(_ state: DatabaseState, to writer: inout JSONWriter) {
        writer.member("enabled", ifPresent: state.isEnabled)
        writer.name("programs")
        writer.beginArray()
        for program in state.programs {
            writer.beginObject()
            writer.member("program", program.name)
            writer.member("instance", program.instance)
            writer.member("shard", program.share)
            writer.name("preferred_partitions")
            writer.beginArray()
            for partition in program.partitions { writer.value(partition) }
            writer.endArray()
            writer.member("alive", program.isAlive)
            writer.member("seconds_ago", program.secondsAgo)
            writer.endObject()
        }
        writer.endArray()
        writer.name("wallets")
        writer.beginObject()
        let figures = state.figures
        writer.member("count", figures.count)
        writer.member("average", figures.average)
        writer.member("least", figures.least)
        writer.member("most", figures.most)
        writer.member("sum", figures.sum)
        writer.endObject()
        writer.member("last_row_seconds", ifPresent: state.lastRowSeconds)
        writer.member("rows_last_minute", state.rowsLastMinute)
        writer.name("outbox")
        writer.beginObject()
        for entry in state.outbox { writer.member(entry.program, entry.count) }
        writer.endObject()
        writer.name("open_refusals")
        writer.beginObject()
        for entry in state.refusals { writer.member(entry.reason, entry.count) }
        writer.endObject()
        writer.member("suspect_messages", state.suspects)
    }
}
