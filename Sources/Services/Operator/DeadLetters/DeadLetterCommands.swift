import Messages
import Runtime

/// `purser dead list|show|retry|discard` (product.md O3).
enum DeadLetterCommands {
    private static let queue = CommandOption.value(
        "queue", "CONSUMER", "only this consumer's", choices: DeadLetterQueue.consumers)

    private static let selection: [CommandOption] = [
        queue, .value("id", "ID", "the one with this id"), .value("reason", "WORD", "all that are dead for this reason"),
        .flag("all", "all of them"),
    ]

    static let all: [Command] = [
        Command(
            path: ["dead", "list"], summary: "List dead letters, counted by reason. Looking takes nothing away.",
            options: [
                queue, .value("reason", "WORD", "only those that are dead for this reason"),
                .value("limit", "N", "look at so many of each queue (1000)"),
            ],
            examples: ["dead list", "dead list --queue usage --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) }),
        Command(
            path: ["dead", "show"], summary: "Show one dead letter with its headers and body.",
            arguments: [CommandArgument(name: "ID", summary: "its id, as dead list shows it")], options: [queue],
            examples: ["dead show 01J8ZC", "dead show sha256:9f86d081884c7d65 --json"],
            run: { (invocation, session) throws(CommandFailure) in try show(invocation, session) }),
        Command(
            path: ["dead", "retry"], summary: "Put dead letters back into the queue from which they came.",
            details: "Each is published with a confirm before it leaves the dead letters. Consumers drop what they have done already.",
            options: selection + [
                .value("key", "KEY", "the routing key under which it was first published, for messages that the broker itself buried")
            ],
            examples: ["dead retry --id 01J8ZC", "dead retry --reason unknown_type --queue billing", "dead retry --all"],
            run: { (invocation, session) throws(CommandFailure) in try retry(invocation, session) }),
        Command(
            path: ["dead", "discard"], summary: "Throw dead letters away; written into the audit log.",
            details: "There is no way back: keep them first with dead show --json.",
            options: selection + [.flag("yes", "really")], examples: ["dead discard --id 01J8ZC --yes"],
            run: { (invocation, session) throws(CommandFailure) in try discard(invocation, session) }),
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let limit = Int(try invocation.whole("limit", 1...65_535) ?? 1000)
        let reason = invocation.text("reason")
        var listing = DeadLetterListing()
        for queue in DeadLetterQueue.named(invocation) {
            let reader = try DeadLetterReader(queue, session)
            var seen = 0
            listing.begin(queue, holds: reader.left)
            while seen < limit {
                let letters = try reader.next(min(64, limit - seen))
                guard !letters.isEmpty else { break }
                seen += letters.count
                for letter in letters where reason == nil || letter.reason == reason { listing.add(letter) }
            }
        }
        if session.wantsJSON {
            session.print { listing.write(to: &$0) }
        } else {
            for line in listing.lines { session.console.line(line) }
        }
        return .done
    }

    private static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let id = try invocation.argument("ID")
        var found = 0
        for queue in DeadLetterQueue.named(invocation) {
            let reader = try DeadLetterReader(queue, session)
            while true {
                let letters = try reader.next(64)
                guard !letters.isEmpty else { break }
                for letter in letters where letter.id == id {
                    found += 1
                    if session.wantsJSON {
                        session.print { letter.write(to: &$0, withBody: true) }
                    } else {
                        for line in letter.lines { session.console.line(line) }
                    }
                }
            }
        }
        guard found > 0 else { throw CommandFailure(.differences, "no dead letter has the id \(id)", hint: "purser dead list") }
        return .done
    }

    private static func retry(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let selection = try DeadLetterSelection(invocation)
        let mover = try DeadLetterMover(session, key: invocation.text("key"))
        defer { mover.close() }
        // Whoever has only the broker may put messages back too; with a database it is written down.
        let audit = try session.configuration().text(.databaseURL) == nil ? nil : DeadLetterAudit(session)
        defer { audit?.close() }
        let (done, failed) = try work(selection, invocation, session) { letters throws(CommandFailure) in
            let moved = try mover.move(letters)
            try audit?.note(moved, action: "dead.retried")
            return moved
        }
        return tell("put back", selection, done, failed, session)
    }

    private static func discard(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let selection = try DeadLetterSelection(invocation)
        guard invocation.flag("yes") else { throw .usage("--yes is missing: discarded messages are gone for good") }
        let audit = try DeadLetterAudit(session)
        defer { audit.close() }
        let (done, failed) = try work(selection, invocation, session) { letters throws(CommandFailure) in
            // Written down first: a crash in between leaves a note too many, never a message that vanished without one.
            try audit.note(letters, action: "dead.discarded")
            return letters
        }
        return tell("discarded", selection, done, failed, session)
    }

    /// Goes through the queues and takes out of them what `handle` has dealt with.
    private static func work(
        _ selection: DeadLetterSelection, _ invocation: Invocation, _ session: Session,
        _ handle: ([DeadLetter]) throws(CommandFailure) -> [DeadLetter]
    ) throws(CommandFailure) -> (done: Int64, failed: Int64) {
        var done: Int64 = 0
        var failed: Int64 = 0
        for queue in DeadLetterQueue.named(invocation) {
            let reader = try DeadLetterReader(queue, session)
            while true {
                let letters = try reader.next(64)
                guard !letters.isEmpty else { break }
                let selected = letters.filter(selection.contains)
                guard !selected.isEmpty else { continue }
                let handled = try handle(selected)
                try reader.remove(handled)
                done += Int64(handled.count)
                failed += Int64(selected.count - handled.count)
            }
        }
        return (done, failed)
    }

    private static func tell(
        _ word: String, _ selection: DeadLetterSelection, _ done: Int64, _ failed: Int64, _ session: Session
    ) -> ExitCode {
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.member("done", done)
                writer.member("failed", failed)
                writer.endObject()
            }
        } else if done == 0 && failed == 0 {
            session.console.line(TextTable.printable(selection.nothingFound))
        } else {
            let rest = failed > 0 ? ", \(Figures.grouped(failed)) not: their queue did not take them (purser topology check)" : ""
            session.console.line("\(Figures.count(done, "dead letter")) \(word)\(rest)")
        }
        return failed > 0 || done == 0 ? .differences : .done
    }
}
