import CRabbitMQ

/// From the first byte to an open channel.
extension BrokerConnection {
    func shakeHands(name: String, until deadline: Deadline) throws(BrokerError) {
        output.append(contentsOf: Array("AMQP".utf8)[...])
        output.append(contentsOf: [0, 0, 9, 1][...])
        guard case .start(let mechanisms) = try wait(for: [AMQP_CONNECTION_START_METHOD], until: deadline) else {
            throw .violation("no start")
        }
        guard mechanisms.split(separator: " ").contains("PLAIN") else {
            throw BrokerError(.refused(code: 403), "the broker does not take user and password (PLAIN)")
        }
        let startOK = amqp_connection_start_ok_t(
            client_properties: try clientProperties(name: name), mechanism: try codec.name("PLAIN"),
            response: codec.bytes([0] + Array(configuration.user.utf8) + [0] + Array(configuration.password.utf8)),
            locale: try codec.name("en_US"))
        let tuning = try call(
            AMQP_CONNECTION_START_OK_METHOD, startOK, channel: 0, expecting: [AMQP_CONNECTION_TUNE_METHOD], until: deadline)
        guard case .tune(_, let frameMax, let seconds) = tuning else { throw .violation("no tune") }
        try tune(frameMax: Int(frameMax), heartbeat: seconds)

        let open = amqp_connection_open_t(
            virtual_host: try codec.name(configuration.virtualHost), capabilities: codec.bytes([]), insist: 0)
        _ = try call(AMQP_CONNECTION_OPEN_METHOD, open, channel: 0, expecting: [AMQP_CONNECTION_OPEN_OK_METHOD], until: deadline)
        let channel = amqp_channel_open_t(out_of_band: codec.bytes([]))
        _ = try call(AMQP_CHANNEL_OPEN_METHOD, channel, expecting: [AMQP_CHANNEL_OPEN_OK_METHOD], until: deadline)
    }

    /// Settles frame size and heartbeat: the smaller wish counts, 0 is no wish.
    private func tune(frameMax theirs: Int, heartbeat theirSeconds: UInt16) throws(BrokerError) {
        let frameMax = theirs == 0 ? Self.frameMax : min(theirs, Self.frameMax)
        guard frameMax >= 4_096 else { throw .violation("a frame size below the smallest allowed") }
        let ours = UInt16(clamping: max(0, configuration.heartbeat.components.seconds))
        // Zero on our side is "none at all" and wins; zero on the broker's side leaves it to us.
        let seconds = ours == 0 || theirSeconds == 0 ? ours : min(ours, theirSeconds)
        let tuneOK = amqp_connection_tune_ok_t(channel_max: Self.channel, frame_max: UInt32(frameMax), heartbeat: seconds)
        try codec.encode(AMQP_CONNECTION_TUNE_OK_METHOD, tuneOK, channel: 0, into: &output)
        input.frameMax = frameMax
        writer.frameMax = frameMax
        heartbeat.interval = Int64(seconds) * 1_000_000_000
    }

    /// Without the capabilities the broker sends neither `connection.blocked` nor `basic.cancel` (mq-facts 0.9).
    private func clientProperties(name: String) throws(BrokerError) -> amqp_table_t {
        let capabilities: Headers = [
            "authentication_failure_close": true, "basic.nack": true, "connection.blocked": true, "consumer_cancel_notify": true,
            "publisher_confirms": true, "exchange_exchange_bindings": true,
        ]
        let properties: Headers = ["product": "purser", "platform": "Swift", "connection_name": .string(name)]
        return try codec.table(properties, nested: ("capabilities", capabilities))
    }
}
