import CRabbitMQ

/// Requests that the broker answers.
extension BrokerConnection {
    /// Sends a method and waits for one of the answers. An answer that does not come in time kills the connection, since it could come later
    /// and be taken for the answer to something else.
    func call<Method: BitwiseCopyable>(
        _ number: UInt32, _ method: Method, channel: UInt16 = BrokerConnection.channel, expecting answers: [UInt32],
        until end: Deadline? = nil
    ) throws(BrokerError) -> Reply {
        let deadline = end ?? Deadline(after: configuration.requestTimeout)
        try codec.encode(number, method, channel: channel, into: &output)
        return try wait(for: answers, until: deadline)
    }

    func wait(for answers: [UInt32], until deadline: Deadline) throws(BrokerError) -> Reply {
        expected = answers
        defer {
            expected = []
            reply = nil
        }
        _ = try turns(until: deadline, while: { reply == nil })
        guard let reply else {
            let cause = blockedReason.map { "; it takes no messages: \($0)" } ?? ""
            throw BrokerError(.timeout, "the broker did not answer in time\(cause)")
        }
        return reply
    }

    /// A request of a caller. A broker that has stopped reading (an alarm) could not answer, so nothing is sent until it reads again.
    func request<Method: BitwiseCopyable>(
        _ number: UInt32, answer: UInt32, _ method: () throws(BrokerError) -> Method
    ) throws(BrokerError) -> Reply {
        try request(number, answers: [answer], method)
    }

    func request<Method: BitwiseCopyable>(
        _ number: UInt32, answers: [UInt32], _ method: () throws(BrokerError) -> Method
    ) throws(BrokerError) -> Reply {
        try guarded { () throws(BrokerError) in
            let deadline = Deadline(after: configuration.requestTimeout)
            let isFree = try turns(until: deadline, while: { blockedReason != nil })
            guard isFree else {
                throw BrokerError(.blocked, "the broker takes no requests: \(blockedReason ?? "")", isFatal: false)
            }
            return try call(number, try method(), expecting: answers, until: deadline)
        }
    }
}
