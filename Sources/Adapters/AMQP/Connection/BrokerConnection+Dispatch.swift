import CRabbitMQ

/// Where every inbound frame goes.
extension BrokerConnection {
    func dispatch(_ frame: Frame) throws(BrokerError) {
        switch frame.type {
        case .body:
            guard frame.channel == Self.channel else { throw .violation("a body on a channel that is not open") }
            if try content.body(frame.payload) { try finishContent() }
        case .header:
            guard frame.channel == Self.channel else { throw .violation("a header on a channel that is not open") }
            try dispatchHeader(frame.payload)
        case .method:
            guard frame.payload.count >= 4 else { throw .violation("a method without a number") }
            let number = UInt32(bigEndian: frame.payload.loadUnaligned(as: UInt32.self))
            guard frame.channel == (number >> 16 == 10 ? 0 : Self.channel) else { throw .violation("a method on the wrong channel") }
            let decoded = try codec.decode(number, UnsafeRawBufferPointer(rebasing: frame.payload[4...]))
            if frame.channel == 0 { try dispatchConnectionMethod(number, decoded) } else { try dispatchChannelMethod(number, decoded) }
        case .heartbeat:
            guard frame.channel == 0, frame.payload.isEmpty else { throw .violation("a heartbeat with a content") }
        }
    }

    private func dispatchConnectionMethod(_ number: UInt32, _ decoded: UnsafeMutableRawPointer) throws(BrokerError) {
        switch number {
        case AMQP_CONNECTION_START_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_connection_start_t.self).pointee
            try answer(number, .start(mechanisms: method.mechanisms.text))
        case AMQP_CONNECTION_TUNE_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_connection_tune_t.self).pointee
            try answer(number, .tune(channelMax: method.channel_max, frameMax: method.frame_max, heartbeat: method.heartbeat))
        case AMQP_CONNECTION_OPEN_OK_METHOD, AMQP_CONNECTION_CLOSE_OK_METHOD:
            try answer(number, .done)
        case AMQP_CONNECTION_BLOCKED_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_connection_blocked_t.self).pointee
            blockedReason = method.reason.text
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            blockedReason = nil
        case AMQP_CONNECTION_CLOSE_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            let text = method.reply_text.text
            sendFarewell(AMQP_CONNECTION_CLOSE_OK_METHOD, channel: 0)
            if !isOpen, method.reply_code == 403 || method.reply_code == 530 {
                throw BrokerError(.refused(code: method.reply_code), text)
            }
            throw BrokerError(.closedByBroker(code: method.reply_code, text: text), text)
        default:
            throw .violation("a method that a client does not expect (\(number >> 16).\(number & 0xFFFF))")
        }
    }

    private func dispatchChannelMethod(_ number: UInt32, _ decoded: UnsafeMutableRawPointer) throws(BrokerError) {
        if number == AMQP_CHANNEL_CLOSE_METHOD {
            let method = decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
            let text = method.reply_text.text
            sendFarewell(AMQP_CHANNEL_CLOSE_OK_METHOD, channel: Self.channel)
            throw BrokerError(.channelClosed(code: method.reply_code, text: text), text)
        }
        guard content.stage == .idle else { throw .violation("a method in the middle of a message") }
        switch number {
        case AMQP_BASIC_DELIVER_METHOD: try beginDelivery(decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self).pointee)
        case AMQP_BASIC_RETURN_METHOD: beginReturn(decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee)
        case AMQP_BASIC_GET_OK_METHOD: beginGot(decoded.assumingMemoryBound(to: amqp_basic_get_ok_t.self).pointee)
        case AMQP_BASIC_ACK_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            try confirms.settle(method.delivery_tag, multiple: method.multiple != 0, confirmed: true)
        case AMQP_BASIC_NACK_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            try confirms.settle(method.delivery_tag, multiple: method.multiple != 0, confirmed: false)
        case AMQP_BASIC_CANCEL_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_basic_cancel_t.self).pointee
            try cancelledByBroker(try consumerIndex(method.consumer_tag.raw), mustAnswer: method.nowait == 0)
        case AMQP_CHANNEL_FLOW_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_channel_flow_t.self).pointee
            blockedReason = method.active != 0 ? nil : "channel flow"
            try codec.encode(
                AMQP_CHANNEL_FLOW_OK_METHOD, amqp_channel_flow_ok_t(active: method.active), channel: Self.channel, into: &output)
        case AMQP_QUEUE_DECLARE_OK_METHOD:
            let method = decoded.assumingMemoryBound(to: amqp_queue_declare_ok_t.self).pointee
            let info = QueueInfo(name: method.queue.text, messages: Int(method.message_count), consumers: Int(method.consumer_count))
            try answer(number, .queue(info))
        case AMQP_QUEUE_PURGE_OK_METHOD:
            try answer(number, .count(Int(decoded.assumingMemoryBound(to: amqp_queue_purge_ok_t.self).pointee.message_count)))
        case AMQP_QUEUE_DELETE_OK_METHOD:
            try answer(number, .count(Int(decoded.assumingMemoryBound(to: amqp_queue_delete_ok_t.self).pointee.message_count)))
        case AMQP_BASIC_QOS_OK_METHOD where unawaitedWindows > 0: unawaitedWindows -= 1
        default: try answer(number, .done)
        }
    }

    /// Takes an answer that a request waits for; any other is not allowed.
    func answer(_ number: UInt32, _ value: Reply) throws(BrokerError) {
        guard reply == nil, expected.contains(number) else {
            throw .violation("a method that was not asked for (\(number >> 16).\(number & 0xFFFF))")
        }
        reply = value
    }

    /// The last word on a channel or connection the broker closed: sent as far as the socket takes it, since nothing depends on it.
    private func sendFarewell(_ number: UInt32, channel: UInt16) {
        let start = output.beginFrame(.method, channel: channel)
        output.append(number)
        output.endFrame(start)
        while !output.isEmpty, case .done(let count)? = output.withPending({ transport?.write($0) }) { output.consume(count) }
    }
}
