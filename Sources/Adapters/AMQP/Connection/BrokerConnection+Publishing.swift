import CRabbitMQ

/// Sending messages, with confirms.
extension BrokerConnection {
    /// Makes the broker confirm every message from here on.
    /// - Throws: whatever kills the connection, `.blocked`.
    public func selectConfirms() throws(BrokerError) {
        guard !confirmsAreOn else { return }
        _ = try request(AMQP_CONFIRM_SELECT_METHOD, answer: AMQP_CONFIRM_SELECT_OK_METHOD) { () throws(BrokerError) in
            amqp_confirm_select_t(nowait: 0)
        }
        confirmsAreOn = true
    }

    /// Buffers a message; above 64 KiB the buffer is sent.
    /// - Returns: the sequence its outcome will carry, 0 while confirms are off.
    /// - Throws: in every case the message was not taken (`fate` is `.unsent` for those that may be tried again): `.blocked` when the broker
    ///   has taken nothing for `publishTimeout` because of an alarm, `.invalidArgument`, or what has killed the connection.
    @discardableResult
    public func publish(_ message: borrowing OutgoingMessage) throws(BrokerError) -> UInt64 {
        if let failure { throw failure }
        if blockedReason != nil || output.pending >= Self.sendThreshold {
            try guarded { () throws(BrokerError) in try makeRoom() }
        }
        try writer.write(message, into: &output)
        var sequence: UInt64 = 0
        if confirmsAreOn {
            let mandatory = message.isMandatory
            let identity =
                mandatory ? Self.identity(message.exchange, message.routingKey, message.properties.messageID, message.body) : 0
            sequence = confirms.add(identity: identity, isMandatory: mandatory)
        }
        if output.pending >= Self.sendThreshold {
            do throws(BrokerError) {
                try guarded { () throws(BrokerError) in
                    try writeSome()
                    try readSome()
                }
            } catch {
                // This message has its sequence already and counts as unconfirmed; the next call throws the error.
            }
        }
        return sequence
    }

    private func makeRoom() throws(BrokerError) {
        let deadline = Deadline(after: configuration.publishTimeout)
        let hasRoom = try turns(until: deadline, while: { blockedReason != nil || output.pending >= Self.sendThreshold })
        guard hasRoom else { throw stuck(.unsent) }
    }

    /// Messages whose outcome is not known yet.
    public var unconfirmed: Int { confirms.unconfirmed }

    /// The outcomes that came in since the last call; also after an error, for those that came before it.
    public func takeOutcomes() -> [PublishOutcome] { confirms.takeOutcomes() }

    /// Waits until every message has its outcome; take them with `takeOutcomes`.
    /// - Throws: `.blocked` (an alarm) or `.timeout`, both harmless to the connection: the messages are unconfirmed and may still be
    ///   confirmed later; whatever kills the connection.
    public func waitForConfirms(timeout: Duration) throws(BrokerError) {
        try guarded { () throws(BrokerError) in
            let isDone = try turns(until: Deadline(after: timeout), while: { confirms.unconfirmed > 0 })
            guard !isDone else { return }
            if blockedReason != nil { throw stuck(.unconfirmed) }
            throw BrokerError(.timeout, "the broker did not confirm in time", isFatal: false, fate: .unconfirmed)
        }
    }
}
