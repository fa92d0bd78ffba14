import AMQP
import Postgres
import Store
import Telemetry

/// The first connections, with the checks that a start makes: exchanges, queues, schema.
extension Lane {
    /// The program cannot begin its work.
    struct StartFailure: Error {
        let exitCode: ExitCode
        let reason: String
    }

    /// A server that cannot be reached for so long at the start ends the program, so that whoever started it learns of it. Nanoseconds.
    static let startTime: Int64 = 60_000_000_000

    /// Connects everything.
    /// - Returns: false when the stop signal came first.
    /// - Throws: `StartFailure`, `LaneDatabase.WrongSchema`.
    func start() throws -> Bool {
        let begin = context.time.monotonicNanoseconds
        var backoff = Backoff()
        while !stop.isRequested {
            health.beat(lane: context.lane)
            do {
                if publisher.connection == nil { try publisher.connect() }
                if links[0].connection == nil { try links[0].connect() }
                health.fine("broker of lane \(context.lane)")
                let connection = try database.ready()
                health.fine("database of lane \(context.lane)")
                try Heartbeats.remove(instance, program: context.program, on: connection)
                try Suspects.forgetOld(on: connection)
                return true
            } catch {
                try judge(error, isLate: context.time.monotonicNanoseconds - begin > Lane.startTime)
            }
            _ = pause(backoff.next(using: &context.random))
        }
        return false
    }

    /// Decides whether a failure at the start ends the program.
    private func judge(_ error: any Error, isLate: Bool) throws {
        if error is LaneDatabase.WrongSchema { throw error }
        let part = error is BrokerError ? "broker" : "database"
        health.trouble("\(part) of lane \(context.lane)", "\(error)")
        context.log.warning("server not reached yet", [.error: "\(error)"])
        var exitCode = ExitCode.unavailable
        if let error = error as? BrokerError {
            switch error.kind {
            case .misconfigured: throw StartFailure(exitCode: .configuration, reason: "\(error)")
            case .channelClosed(404, let text):
                throw StartFailure(exitCode: .configuration, reason: "missing in the topology, run purser topology apply: \(text)")
            case .channelClosed(403, let text): throw StartFailure(exitCode: .permission, reason: text)
            case .refused: exitCode = .permission
            default: break
            }
            if case .channelClosed = error.kind { publisher.forget() }
            links[0].forget()
        }
        if let error = error as? DatabaseError {
            if error.kind == .unusable { throw StartFailure(exitCode: .configuration, reason: "DATABASE_URL: \(error)") }
            if error.sqlState == "42501" { throw StartFailure(exitCode: .permission, reason: "\(error)") }
            if error.sqlState?.hasPrefix("28") == true { exitCode = .permission }
            database.close()
        }
        if isLate { throw StartFailure(exitCode: exitCode, reason: "\(error)") }
    }
}
