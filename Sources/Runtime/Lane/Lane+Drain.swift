import AMQP
import Postgres
import Store
import Telemetry

/// The orderly end (operations.md, "Scaling and shutdown").
extension Lane {
    /// So much of the time to stop is kept for acknowledgements and tidying up.
    static let lastSeconds = Duration.seconds(2)

    /// Finishes what is held within the time of the stop signal, hands back the rest.
    ///
    /// Queues on which order does not matter are cancelled first. Partitions are not: a cancelled consumer would let the next one start
    /// on later messages while this one still has earlier ones in hand. Instead nothing is acknowledged until the end, so that the
    /// windows close by themselves; then everything is acknowledged and the connection dropped.
    func drain() throws {
        for index in links.indices {
            do throws(BrokerError) {
                try links[index].cancelUnordered()
            } catch {
                lost(index, error)
            }
        }
        while timeLeft > Lane.lastSeconds {
            let connections = (links.map(\.connection) + [publisher.connection, answers.connection]).compactMap { $0 }
            BrokerConnection.wait(for: connections, alsoReadable: [], timeout: .milliseconds(20))
            var hasWorked = false
            var isAbandoned = false
            for index in links.indices {
                let end = try serve(index)
                hasWorked = hasWorked || end == .finished
                isAbandoned = isAbandoned || end == .abandoned
            }
            pumpPublisher()
            if !hasWorked || isAbandoned { break }
        }
        waitForCopies()
        for index in links.indices {
            do throws(BrokerError) {
                try links[index].finish()
            } catch {
                links[index].forget()
            }
        }
        try tidyUp()
        close()
    }

    private var timeLeft: Duration { stop.timeLeft ?? .zero }

    /// Messages that were put off or buried are acknowledged only when their copies are confirmed.
    private func waitForCopies() {
        while !publisher.isIdle, timeLeft > .seconds(1), let connection = publisher.connection, connection.blockedReason == nil {
            BrokerConnection.wait(for: [connection], alsoReadable: [], timeout: .milliseconds(50))
            pumpPublisher()
        }
    }

    /// Leaves no trace of a lane that ends in good order: notes of suspects, published rows, its heartbeat.
    private func tidyUp() throws {
        guard database.isOpen else { return }
        try onDatabase { connection in
            try runner.tidyNotes(on: connection)
            let rows = publisher.takePublishedRows()
            if !rows.isEmpty { _ = try connection.pipeline([Outbox.delete(rows, program: context.program)]) }
            try Heartbeats.remove(instance, program: context.program, on: connection)
        }
    }
}
