import AMQP
import Postgres
import Store
import Telemetry

/// What a lane does beside messages.
extension Lane {
    /// Does what is due. Nothing here may stop the lane's main work: failures are noted and tried again later.
    /// - Throws: only `LaneDatabase.WrongSchema`.
    func doChores(isIdle: Bool) throws {
        let now = context.time.monotonicNanoseconds
        reconnect(now)
        if chores.isDue(.standBy, now) {
            chores.done(.standBy, now)
            standBy()
        }
        if chores.isDue(.heartbeat, now) {
            chores.done(.heartbeat, now)
            try onDatabase { try heartbeat(on: $0) }
        }
        if !publisher.publishedRows.isEmpty, chores.isDue(.forget, now) || publisher.publishedRows.count >= 500 {
            chores.done(.forget, now)
            try forgetPublished()
        }
        // After this turn's acknowledgements: a note of poison must outlive the message.
        if runner.suspects.hasBuried { try onDatabase { try runner.suspects.forgetBuried(on: $0) } }
        if chores.isDue(.relay, now), isIdle || chores.isOverdue(.relay, now) {
            chores.done(.relay, now)
            try relayLeftovers()
        }
        if chores.isDue(.tend, now) {
            chores.done(.tend, now)
            try tendSteps()
        }
        if chores.isDue(.depth, now) {
            chores.done(.depth, now)
            lookAtDepths()
        }
    }

    /// Opens what is closed, the publishing connection first: an answer waits for it only for a moment, so nothing is to be handled
    /// that cannot be told.
    private func reconnect(_ now: Int64) {
        if publisher.connection == nil, publisherRetry.isDue(now) {
            do throws(BrokerError) {
                try publisher.connect()
                publisherRetry.worked()
                context.log.info("broker connected", [.connection: "publishes"])
                // The broker is back: what it was away for need not wait out its time.
                for index in linkRetries.indices { linkRetries[index].worked() }
            } catch {
                lostPublisher(error)
            }
        }
        guard publisher.connection != nil else { return }
        for index in links.indices where links[index].connection == nil && linkRetries[index].isDue(now) {
            do throws(BrokerError) {
                try links[index].connect()
                linkRetries[index].worked()
                context.log.info("broker connected", [.connection: "consumes"])
            } catch {
                lost(index, error)
            }
        }
        if links[0].connection != nil { health.fine("broker of lane \(context.lane)") }
    }

    /// Subscribes to the shares of others; the broker hands them over when their owner is gone. Connected by `reconnect`.
    private func standBy() {
        for (_, subscriptions) in Lane.foreign(intakes, part).sorted(by: { $0.key < $1.key }) {
            let numbers = subscriptions.compactMap(\.partition).map(String.init).joined(separator: ",")
            links.append(
                ConsumerLink(
                    broker, name: "\(context.program) lane of \(instance), stands by for \(numbers)", subscriptions: subscriptions,
                    budget: Lane.budget(intakes), context: context))
            linkRetries.append(RetryTimer())
        }
    }

    private func heartbeat(on connection: DatabaseConnection) throws(DatabaseError) {
        let own = Heartbeat(
            instance: instance, shard: part.index, shards: part.count, secondsAlive: 0,
            partitions: links[0].subscriptions.compactMap(\.partition))
        let others = try Heartbeats.beat(own, program: context.program, on: connection)
        health.fine("database of lane \(context.lane)")
        context.metrics.gauge(.held, String(context.lane)).set(Double(links.reduce(0) { $0 + $1.held }))
        for index in links.indices.dropFirst() {
            guard let owner = HandoverPolicy.owner(of: links[index].serving, asking: instance, others) else { continue }
            giveBack(index, to: owner)
        }
    }

    /// Gives a share back to its owner: what is held is finished by now, so it is acknowledged and the connection dropped, without
    /// cancelling. A connection that still waits for copies to be confirmed gives back at the next heartbeat.
    private func giveBack(_ index: Int, to owner: String) {
        guard links[index].held == 0 else { return }
        context.log.info("share handed back", [.owner: .string(owner), .partitions: .string("\(links[index].serving.sorted())")])
        do throws(BrokerError) {
            try links[index].finish()
        } catch {
            links[index].forget()
        }
        // Again a standby, behind the owner.
        linkRetries[index].failed(now: context.time.monotonicNanoseconds, using: &context.random)
    }

    private func forgetPublished() throws {
        let rows = publisher.takePublishedRows()
        context.pass(.beforeForget)
        try onDatabase { connection throws(DatabaseError) in
            _ = try connection.pipeline([
                Request(SuspectStatements.withoutWaiting), Outbox.delete(rows, program: context.program),
            ])
        }
    }

    private func relayLeftovers() throws {
        guard let broker = publisher.connection, broker.blockedReason == nil else { return }
        do {
            try onDatabase { connection in
                if try relay.run(on: connection, through: publisher) { chores.again(.relay, context.time.monotonicNanoseconds) }
            }
        } catch let error as BrokerError {
            lostPublisher(error)
        }
    }

    private func tendSteps() throws {
        try onDatabase { _ in
            for intake in intakes { try intake.step.tend(context) }
        }
    }

    private func lookAtDepths() {
        guard let connection = publisher.connection, connection.blockedReason == nil else { return }
        do throws(BrokerError) {
            for subscription in links[0].subscriptions {
                let info = try connection.declareQueuePassively(subscription.queue)
                context.metrics.gauge(.queueDepth, subscription.queue).set(Double(info.messages))
            }
        } catch {
            if error.isFatal { lostPublisher(error) }
        }
    }

    /// Runs work of the lane's own on the database. While it is away such work waits for its next turn.
    func onDatabase(_ body: (DatabaseConnection) throws -> Void) throws {
        do {
            try body(database.ready())
        } catch let error as DatabaseError {
            if error.isConnectionLost { database.close() }
            health.trouble("database of lane \(context.lane)", "\(error)")
            context.log.warning("database away", [.error: "\(error)"])
        }
    }
}
