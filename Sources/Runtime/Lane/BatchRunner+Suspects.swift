import AMQP
import Postgres
import Store
import Telemetry

/// Messages that were delivered before, any of which may have crashed a process (messages.md, "Poison").
///
/// After a crash a whole window of them comes back, nearly all innocent. So those that nobody has accused yet are handled as any batch is,
/// beside other lanes, but under notes. A crash leaves the notes, which accuse each of them, and from then on it is handled alone: one
/// message, while no other lane of the process handles anything. A crash then is its own doing and nobody else's, so the count of a
/// message grows once by company and otherwise only by itself. Two processes that have copies of one message do not count for each other:
/// a note is a crash only when the session that made it is gone.
///
/// A note is made after entering the gate and forgotten, in the database, before leaving it. Killed before the note or after it is
/// forgotten: nobody is accused. Killed in between: those are accused who were being handled.
extension BatchRunner {
    func runSuspects(_ batch: [Delivery], _ intake: Intake, _ link: ConsumerLink) throws -> End {
        let known = batch.map { $0.isSuspect ? suspect($0, link) : nil }
        for case let suspect? in known { context.metrics.counter(.redelivered, suspect.queue).add() }
        var isAccused = batch.map { _ in false }
        let end = try withDatabase(link) { connection throws(DatabaseError) in
            let places = known.indices.filter { known[$0] != nil }
            for found in try Suspects.accused(among: known.compactMap { $0 }, on: connection) { isAccused[places[found]] = true }
        }
        guard end == .finished else { return .abandoned }
        for part in BatchPlan.parts(accused: isAccused) {
            let end: End =
                if part.isAccused, let suspect = known[part.range.lowerBound] {
                    try runAlone(batch[part.range.lowerBound], suspect, intake, link)
                } else {
                    try runTogether(Array(batch[part.range]), known[part.range].compactMap { $0 }, intake, link)
                }
            if end == .abandoned { return .abandoned }
        }
        return .finished
    }

    private func suspect(_ delivery: Delivery, _ link: ConsumerLink) -> Suspect {
        Suspect(queue: link.queue(of: delivery), messageID: delivery.properties.messageID, body: delivery.body)
    }

    private func runTogether(_ batch: [Delivery], _ noted: [Suspect], _ intake: Intake, _ link: ConsumerLink) throws -> End {
        guard enter(.others, link) else { return .abandoned }
        defer { leave() }
        guard !noted.isEmpty else { return try runInBounds(batch, intake, link) }
        let end = try withDatabase(link) { connection throws(DatabaseError) in try suspects.note(together: noted, on: connection) }
        guard end == .finished else { return .abandoned }
        context.pass(.noted)
        guard try runInBounds(batch, intake, link) == .finished else { return .abandoned }
        return try withDatabase(link) { connection throws(DatabaseError) in try suspects.forget(on: connection) }
    }

    private func runAlone(_ delivery: Delivery, _ suspect: Suspect, _ intake: Intake, _ link: ConsumerLink) throws -> End {
        guard enter(.nobody, link) else { return .abandoned }
        defer { leave() }
        guard let count = try noteAlone(suspect, link) else { return .abandoned }
        context.pass(.noted)
        if case .bury(let crashes) = PoisonPolicy.verdict(noted: count) {
            context.log.error("message crashed the consumer too often", [.queue: .string(suspect.queue), .crashes: .number(crashes)])
            suspects.bury()
            apply(.crashedUs(times: crashes), to: delivery, intake, link) { [suspects] in suspects.arrived(suspect) }
            return .finished
        }
        guard try process([delivery], intake, link) == .finished else { return .abandoned }
        return try withDatabase(link) { connection throws(DatabaseError) in try suspects.forget(on: connection) }
    }

    private func noteAlone(_ suspect: Suspect, _ link: ConsumerLink) throws -> Int? {
        var count = 0
        let end = try withDatabase(link) { connection throws(DatabaseError) in
            count = try suspects.note(alone: suspect, on: connection)
        }
        return end == .finished ? count : nil
    }

    /// Waits for the database with the messages in hand. Others go on meanwhile, where no crash of theirs can be taken for one of these
    /// messages: a message that is alone lets them in only once its note is taken back. Where the connection is lost it cannot be; the
    /// others then wait for the same database, or for as long as this lane may live.
    /// - Returns: false when the lane is to stop.
    func pauseAside(_ length: Duration, _ batch: [Delivery], _ link: ConsumerLink) throws -> Bool {
        let before = company
        if before == .nobody, !takeBackNote() { return pause(length) }
        leave()
        guard pause(length), enter(before, link) else { return false }
        guard before == .nobody, let delivery = batch.first else { return true }
        return try noteAlone(suspect(delivery, link), link) != nil
    }

    private func takeBackNote() -> Bool {
        guard database.isOpen else { return false }
        do {
            try suspects.takeBack(on: database.ready())
            return true
        } catch {
            return false
        }
    }

    /// Passes the gate.
    /// - Returns: false when the lane must give up, also because the connection by which the messages came was lost while it waited.
    func enter(_ company: Company, _ link: ConsumerLink) -> Bool {
        let isIn =
            switch company {
            case .none: true
            case .others: gate.enterTogether(pause: pauseForOthers)
            case .nobody: gate.enterAlone(pause: pauseForOthers)
            }
        guard isIn else { return false }
        self.company = company
        guard link.generation == generation else {
            leave()
            return false
        }
        return true
    }

    func leave() {
        switch company {
        case .none: break
        case .others: gate.leaveTogether()
        case .nobody: gate.leaveAlone()
        }
        company = .none
    }

    /// Leaves no note behind of messages that did not crash us; for a lane that ends.
    func tidyNotes(on connection: DatabaseConnection) throws(DatabaseError) {
        try suspects.takeBack(on: connection)
        try suspects.forgetBuried(on: connection)
    }
}
