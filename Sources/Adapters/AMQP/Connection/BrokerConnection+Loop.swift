import Glibc

/// One turn of the loop: write what the socket takes, wait, read and dispatch what is there, keep the heartbeats going.
extension BrokerConnection {
    /// Waits for something to happen, at most until the deadline.
    func turn(until deadline: Deadline, limit: Int = .max) throws(BrokerError) {
        try beat()
        try writeSome()
        guard let transport else { throw BrokerError(.closed, "the connection was closed") }
        if !transport.hasPending {
            let wake = min(deadline.moment, heartbeat.nextMoment(outputIsStuck: !output.isEmpty))
            let events = transport.events(hasOutput: !output.isEmpty)
            guard Poll.wait(transport.descriptor, events, until: Deadline(moment: wake)) else { return try checkSilence() }
        }
        try readSome(limit: limit)
        try writeSome()
        try checkSilence()
    }

    /// Turns as long as `waiting` says so; false when the deadline came first. There is at least one turn.
    func turns(until deadline: Deadline, while waiting: () -> Bool, limit: Int = .max) throws(BrokerError) -> Bool {
        while waiting() {
            try turn(until: deadline, limit: limit)
            if waiting(), deadline.hasPassed { return false }
        }
        return true
    }

    /// Sends as much as the socket takes now.
    func writeSome() throws(BrokerError) {
        while !output.isEmpty {
            switch output.withPending({ transport?.write($0) ?? .ended }) {
            case .done(let count):
                output.consume(count)
                heartbeat.sent(Deadline.now())
            case .wouldBlock: return
            case .ended: throw BrokerError(.unreachable, "the broker hung up")
            case .failed(let error):
                // The broker may have said why before it hung up.
                try readSome()
                throw error
            }
        }
    }

    /// Reads what is there and dispatches it, until nothing is left or the inbox holds `limit` deliveries.
    func readSome(limit: Int = .max) throws(BrokerError) {
        for _ in 0..<16 {
            var room = 0
            let result = input.fill { buffer in
                room = buffer.count
                return transport?.read(into: buffer) ?? .ended
            }
            switch result {
            case .done(let count):
                heartbeat.received(Deadline.now())
                try input.forEachFrame { (frame) throws(BrokerError) in try dispatch(frame) }
                // A short read from a plain socket means that it is empty; a TLS record says nothing about the next.
                if inbox.count >= limit || count < room && configuration.tls == nil { return }
            case .wouldBlock: return
            case .ended: throw BrokerError(.unreachable, "the broker hung up")
            case .failed(let error): throw error
            }
        }
    }

    /// Queues a heartbeat when nothing was sent for a while. While other output is stuck it would only wait behind it.
    func beat() throws(BrokerError) {
        guard output.isEmpty, heartbeat.isDue(Deadline.now()) else { return }
        output.endFrame(output.beginFrame(.heartbeat, channel: 0))
    }

    private func checkSilence() throws(BrokerError) {
        guard heartbeat.isMissed(Deadline.now()) else { return }
        throw BrokerError(.heartbeatMissed, "nothing was heard from the broker for twice the heartbeat interval")
    }

    /// Reads and writes what is possible and keeps the heartbeats going; waits up to `timeout` for something to happen. A connection that is
    /// only published on needs this, or another call, more often than the heartbeat interval.
    /// - Throws: whatever kills the connection.
    public func service(timeout: Duration) throws(BrokerError) {
        try guarded { () throws(BrokerError) in try turn(until: Deadline(after: timeout)) }
    }

    /// Sends everything that is buffered.
    /// - Throws: `.blocked` when the broker takes no messages within `publishTimeout` (they stay buffered, their fate is unconfirmed);
    ///   a fatal `.timeout` when it takes nothing without having said so; whatever else kills the connection.
    public func flush() throws(BrokerError) {
        try guarded { () throws(BrokerError) in
            try writeSome()
            let sent = try turns(until: Deadline(after: configuration.publishTimeout), while: { !output.isEmpty })
            guard sent else { throw stuck(.unconfirmed) }
        }
    }

    /// The error for output that does not get away.
    func stuck(_ fate: BrokerError.MessageFate) -> BrokerError {
        if let blockedReason { return BrokerError(.blocked, "the broker takes no messages: \(blockedReason)", isFatal: false, fate: fate) }
        return BrokerError(.timeout, "the broker took nothing in time", fate: fate)
    }
}
