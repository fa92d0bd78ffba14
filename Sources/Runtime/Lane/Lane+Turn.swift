import AMQP
import Telemetry

/// One turn of the loop.
extension Lane {
    /// Waits for something to do, does it, tells the broker.
    /// - Throws: only what ends the lane.
    func turn() throws {
        waitForWork()
        health.beat(lane: context.lane)
        var hasWorked = false
        for index in links.indices {
            switch try serve(index) {
            case nil: break
            case .finished: hasWorked = true
            // What is not decided must not be acknowledged, nor may its window widen; the next turn begins anew.
            case .abandoned: return
            }
        }
        pumpPublisher()
        acknowledge()
        try doChores(isIdle: !hasWorked)
    }

    private func waitForWork() {
        let connections = (links.map(\.connection) + [publisher.connection, answers.connection]).compactMap { $0 }
        var rest = chores.rest(context.time.monotonicNanoseconds, hasRows: !publisher.publishedRows.isEmpty)
        let isBroken = publisher.connection == nil || links.contains { $0.connection == nil }
        if isBroken || publisher.hasWaiting { rest = min(rest, .milliseconds(50)) }
        if answers.hasWaiting { rest = min(rest, .milliseconds(20)) }
        BrokerConnection.wait(for: connections, alsoReadable: [stop.fileDescriptor], timeout: rest)
    }

    /// Takes what a link has and has it handled.
    /// - Returns: nil when there was nothing.
    func serve(_ index: Int) throws -> BatchRunner.End? {
        let link = links[index]
        buffer.removeAll(keepingCapacity: true)
        let hasSuspects: Bool
        do throws(BrokerError) {
            hasSuspects = try link.receive(into: &buffer)
        } catch {
            lost(index, error)
            return nil
        }
        guard let first = buffer.first else { return nil }
        context.pass(.received)
        let intake = link.intake(of: first)
        if intakes.count == 1 || !buffer.contains(where: { link.intake(of: $0) != intake }) {
            return try runner.run(buffer, hasSuspects: hasSuspects, intakes[intake], link)
        }
        for intake in intakes.indices {
            let batch = buffer.filter { link.intake(of: $0) == intake }
            if batch.isEmpty { continue }
            if try runner.run(batch, hasSuspects: hasSuspects, intakes[intake], link) == .abandoned { return .abandoned }
        }
        return .finished
    }

    /// Publishes what waits and takes confirms.
    func pumpPublisher() {
        do throws(BrokerError) {
            try publisher.pump()
        } catch {
            lostPublisher(error)
        }
        answers.pump(mayConnect: publisher.connection != nil)
    }

    private func acknowledge() {
        for index in links.indices {
            do throws(BrokerError) {
                try links[index].acknowledge()
            } catch {
                lost(index, error)
            }
        }
    }

    /// A consuming connection is gone: what it delivered comes again.
    func lost(_ index: Int, _ error: BrokerError) {
        links[index].forget()
        linkRetries[index].failed(now: context.time.monotonicNanoseconds, using: &context.random)
        context.log.warning("broker connection lost", [.connection: "consumes", .error: "\(error)"])
        if index == 0 { health.trouble("broker of lane \(context.lane)", "\(error)") }
    }

    /// The publishing connection is gone: what it did not confirm is published again.
    func lostPublisher(_ error: BrokerError) {
        publisher.forget(error)
        publisherRetry.failed(now: context.time.monotonicNanoseconds, using: &context.random)
        context.log.warning("broker connection lost", [.connection: "publishes", .error: "\(error)"])
        health.trouble("broker of lane \(context.lane)", "\(error)")
    }

    /// Waits while a server is away: heartbeats go on, confirms are taken, nothing new is handled.
    /// - Returns: false when the lane is to stop.
    func pause(_ duration: Duration) -> Bool {
        guard !stop.isRequested else { return false }
        BrokerConnection.wait(for: [], alsoReadable: [stop.fileDescriptor], timeout: duration)
        keepAlive()
        return !stop.isRequested
    }

    /// Waits for a moment until other lanes are through with theirs, also when the lane finishes what it holds.
    /// - Returns: false when there is no time left for that.
    func pauseForOthers() -> Bool {
        if let left = stop.timeLeft, left <= Lane.lastSeconds { return false }
        BrokerConnection.wait(for: [], alsoReadable: [], timeout: .milliseconds(1))
        keepAlive()
        return true
    }

    /// Between two slow messages: answers and acknowledgements do not wait for the whole window.
    /// - Returns: false when the lane is to stop.
    func settleBetween() -> Bool {
        keepAlive()
        acknowledge()
        return !stop.isRequested
    }

    func keepAlive() {
        health.beat(lane: context.lane)
        for index in links.indices {
            do throws(BrokerError) {
                try links[index].service()
            } catch {
                lost(index, error)
            }
        }
        pumpPublisher()
    }
}
