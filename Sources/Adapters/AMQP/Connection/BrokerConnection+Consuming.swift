import CRabbitMQ

/// Taking messages in.
extension BrokerConnection {
    /// Starts a consumer. `prefetch` is its own window of un-acknowledged messages, 0 for no bound.
    /// - Parameters:
    ///   - acknowledges: false makes the broker forget a message as it sends it; direct reply-to requires that.
    ///   - waits: false sends the request with the next output and does not wait for its answer, behind which everything that other
    ///     consumers are sent meanwhile would have to be read; a refusal then closes the channel later.
    /// - Returns: the number that stands in each of its deliveries.
    /// - Throws: `.channelClosed` (404 no such queue, 403 not allowed); as in topology calls otherwise.
    public func consume(
        queue: String, prefetch: Int, arguments: Headers = [:], acknowledges: Bool = true, waits: Bool = true
    ) throws(BrokerError) -> Int {
        guard let window = UInt16(exactly: prefetch) else { throw .invalid("a prefetch beyond 65,535") }
        let index = consumers.count
        let qos = amqp_basic_qos_t(prefetch_size: 0, prefetch_count: window, global: 0)
        guard waits else {
            try guarded { () throws(BrokerError) in
                try codec.encode(AMQP_BASIC_QOS_METHOD, qos, channel: Self.channel, into: &output)
                // This method has no form without an answer.
                unawaitedWindows += 1
                let method = try consumeMethod(queue, index, arguments, acknowledges: acknowledges, waits: false)
                try codec.encode(AMQP_BASIC_CONSUME_METHOD, method, channel: Self.channel, into: &output)
                consumers.append(true)
            }
            return index
        }
        _ = try request(AMQP_BASIC_QOS_METHOD, answer: AMQP_BASIC_QOS_OK_METHOD) { () throws(BrokerError) in qos }
        _ = try request(AMQP_BASIC_CONSUME_METHOD, answer: AMQP_BASIC_CONSUME_OK_METHOD) { () throws(BrokerError) in
            let method = try consumeMethod(queue, index, arguments, acknowledges: acknowledges, waits: true)
            // Known before the answer: deliveries may come in the same read.
            consumers.append(true)
            return method
        }
        return index
    }

    private func consumeMethod(
        _ queue: String, _ index: Int, _ arguments: Headers, acknowledges: Bool, waits: Bool
    ) throws(BrokerError) -> amqp_basic_consume_t {
        amqp_basic_consume_t(
            ticket: 0, queue: try codec.name(queue), consumer_tag: try codec.name(Self.consumerPrefix + String(index)), no_local: 0,
            no_ack: (!acknowledges).wire, exclusive: 0, nowait: (!waits).wire, arguments: try codec.table(arguments))
    }

    /// Stops a consumer. What was delivered before is still handed out, and still has to be acknowledged.
    /// - Parameter waits: false sends the request with the next output and does not wait for its answer; deliveries may come until the
    ///   broker has read it.
    /// - Throws: whatever kills the connection, `.blocked`.
    public func cancel(_ consumer: Int, waits: Bool = true) throws(BrokerError) {
        guard consumers.indices.contains(consumer), consumers[consumer] else { return }
        let tag = Self.consumerPrefix + String(consumer)
        if waits {
            _ = try request(AMQP_BASIC_CANCEL_METHOD, answer: AMQP_BASIC_CANCEL_OK_METHOD) { () throws(BrokerError) in
                amqp_basic_cancel_t(consumer_tag: try codec.name(tag), nowait: 0)
            }
        } else {
            try guarded { () throws(BrokerError) in
                let method = amqp_basic_cancel_t(consumer_tag: try codec.name(tag), nowait: 1)
                try codec.encode(AMQP_BASIC_CANCEL_METHOD, method, channel: Self.channel, into: &output)
            }
        }
        consumers[consumer] = false
    }

    /// Fetches one message, nil when none is ready.
    /// - Throws: `.channelClosed` (404 no such queue), whatever kills the connection.
    public func get(queue: String) throws(BrokerError) -> Delivery? {
        let answers = [AMQP_BASIC_GET_OK_METHOD, AMQP_BASIC_GET_EMPTY_METHOD]
        let reply = try request(AMQP_BASIC_GET_METHOD, answers: answers) { () throws(BrokerError) in
            amqp_basic_get_t(ticket: 0, queue: try codec.name(queue), no_ack: 0)
        }
        if case .got(let delivery) = reply { return delivery }
        return nil
    }

    /// Appends deliveries to `batch`, at most `limit`: all that are there without waiting. Waits up to `timeout` only while there are none,
    /// and comes back early when the broker cancelled a consumer. Buffered acknowledgements are sent first.
    /// - Throws: whatever kills the connection.
    public func receive(into batch: inout [Delivery], limit: Int, timeout: Duration) throws(BrokerError) {
        try guarded { () throws(BrokerError) in
            try writeSome()
            if inbox.count < limit { try readSome(limit: limit) }
            if inbox.isEmpty, cancellations.isEmpty {
                let deadline = Deadline(after: timeout)
                _ = try turns(until: deadline, while: { inbox.isEmpty && cancellations.isEmpty }, limit: limit)
            } else {
                try beat()
                try writeSome()
            }
        }
        inbox.move(to: &batch, limit: limit)
    }

    /// Acknowledges a delivery, or everything up to it. Buffered: sent by the next call that waits, by `flush`, or once enough has gathered.
    /// - Throws: only what has killed the connection.
    public func acknowledge(_ tag: UInt64, multiple: Bool = false) throws(BrokerError) {
        try settle(AMQP_BASIC_ACK_METHOD, tag, multiple)
    }

    /// Gives a delivery back, to the queue or to its dead letters. Buffered like `acknowledge`.
    /// - Throws: only what has killed the connection.
    public func reject(_ tag: UInt64, requeue: Bool) throws(BrokerError) {
        try settle(AMQP_BASIC_REJECT_METHOD, tag, requeue)
    }

    /// Ack and reject look alike on the wire: a tag and one flag.
    private func settle(_ number: UInt32, _ tag: UInt64, _ flag: Bool) throws(BrokerError) {
        if let failure { throw failure }
        let start = output.beginFrame(.method, channel: Self.channel)
        output.append(number)
        output.append(tag)
        output.append(UInt8(flag ? 1 : 0))
        output.endFrame(start)
        if output.pending >= Self.sendThreshold { try guarded { () throws(BrokerError) in try writeSome() } }
    }

    /// Consumers that the broker cancelled since the last call (their queue was deleted, say).
    public func takeCancellations() -> [Int] {
        defer { cancellations = [] }
        return cancellations
    }

    func cancelledByBroker(_ index: Int, mustAnswer: Bool) throws(BrokerError) {
        if consumers[index] {
            consumers[index] = false
            cancellations.append(index)
        }
        guard mustAnswer else { return }
        let method = amqp_basic_cancel_ok_t(consumer_tag: try codec.name(Self.consumerPrefix + String(index)))
        try codec.encode(AMQP_BASIC_CANCEL_OK_METHOD, method, channel: Self.channel, into: &output)
    }

    private static let consumerPrefix = "consumer-"

    /// The number inside a consumer tag of ours.
    func consumerIndex(_ tag: UnsafeRawBufferPointer) throws(BrokerError) -> Int {
        var index = 0
        let prefix = Self.consumerPrefix.utf8.count
        guard tag.count > prefix, tag.count <= prefix + 9 else { throw .violation("a consumer tag that was not given out") }
        for byte in tag[prefix...] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .violation("a consumer tag that was not given out") }
            index = index * 10 + Int(byte - UInt8(ascii: "0"))
        }
        guard index < consumers.count else { throw .violation("a consumer tag that was not given out") }
        return index
    }
}
