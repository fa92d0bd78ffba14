import Glibc

/// Waiting on several connections at once.
extension BrokerConnection {
    /// Waits until one of the connections has something to handle, one of the other descriptors is readable, or the time is over. Keeps the
    /// connections' heartbeats and output going meanwhile. Comes back at once when a connection is dead: its next call says why.
    /// - Returns: those of `descriptors` that are readable.
    @discardableResult
    public static func wait(for connections: [BrokerConnection], alsoReadable descriptors: [Int32], timeout: Duration) -> [Int32] {
        let deadline = Deadline(after: timeout)
        while true {
            for connection in connections { connection.keepAlive() }
            let isReady = connections.contains { $0.failure != nil || $0.hasBufferedInput }
            var entries = connections.map { connection in
                let events = connection.transport?.events(hasOutput: !connection.output.isEmpty) ?? POLLIN
                return pollfd(fd: connection.fileDescriptor, events: Int16(events), revents: 0)
            }
            entries += descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let wake = connections.map { $0.heartbeat.nextMoment(outputIsStuck: !$0.output.isEmpty) }.min() ?? .max
            let end = isReady ? Deadline(moment: 0) : Deadline(moment: min(deadline.moment, wake))
            entries.withUnsafeMutableBufferPointer { Poll.wait($0, until: end) }
            let hasInput = entries.prefix(connections.count).contains { Int32($0.revents) & ~POLLOUT != 0 }
            let readable = entries.dropFirst(connections.count).filter { $0.revents != 0 }.map(\.fd)
            if isReady || hasInput || !readable.isEmpty || deadline.hasPassed { return readable }
        }
    }

    /// Sends what is buffered, a heartbeat where one is due; notes when the peer has been silent for too long.
    private func keepAlive() {
        do throws(BrokerError) {
            try guarded { () throws(BrokerError) in
                try beat()
                try writeSome()
                // Input that waits in the socket is proof of life; it is read by the caller.
                guard heartbeat.isMissed(Deadline.now()), !hasBufferedInput else { return }
                try turn(until: Deadline(moment: 0))
            }
        } catch {
            // Kept in `failure`, for the next call to throw.
        }
    }
}
