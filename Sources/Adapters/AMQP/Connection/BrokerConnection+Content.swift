import CRabbitMQ

/// Messages that come in as several frames.
extension BrokerConnection {
    func beginDelivery(_ method: amqp_basic_deliver_t) throws(BrokerError) {
        let delivery = Delivery(
            consumer: try consumerIndex(method.consumer_tag.raw), tag: method.delivery_tag, redelivered: method.redelivered != 0,
            exchange: exchangeText(method.exchange.raw), routingKey: routingKeyText(method.routing_key.raw), properties: .none, body: [])
        content.begin(.delivery, delivery)
    }

    func beginGot(_ method: amqp_basic_get_ok_t) {
        let delivery = Delivery(
            consumer: -1, tag: method.delivery_tag, redelivered: method.redelivered != 0, exchange: method.exchange.text,
            routingKey: method.routing_key.text, properties: .none, body: [])
        content.begin(.got, delivery)
    }

    func beginReturn(_ method: amqp_basic_return_t) {
        let message = Delivery(
            consumer: -1, tag: 0, redelivered: false, exchange: method.exchange.text, routingKey: method.routing_key.text,
            properties: .none, body: [])
        content.begin(.returned(code: method.reply_code, text: method.reply_text.text), message)
    }

    func dispatchHeader(_ payload: UnsafeRawBufferPointer) throws(BrokerError) {
        guard content.stage == .header, payload.count >= 14 else { throw .violation("a header that does not belong to a message") }
        var cursor = Cursor(payload)
        guard try cursor.uint16() == UInt16(AMQP_BASIC_CLASS), try cursor.uint16() == 0 else {
            throw .violation("a header of another class")
        }
        let size = try cursor.uint64()
        guard size <= UInt64(configuration.maximumBodySize) else { throw .violation("a body above the largest size allowed") }
        let properties = try propertiesReader.read(UnsafeRawBufferPointer(rebasing: payload[12...]))
        let keeps = content.origin != .delivery || size <= UInt64(clamping: configuration.largestKeptBody)
        if content.header(properties, bodySize: Int(size), keeps: keeps) { try finishContent() }
    }

    func finishContent() throws(BrokerError) {
        let origin = content.origin
        guard let delivery = content.finish() else { throw .violation("a body without a message") }
        switch origin {
        case .delivery: inbox.append(delivery)
        case .got: try answer(AMQP_BASIC_GET_OK_METHOD, .got(delivery))
        case .returned(let code, let text):
            guard confirmsAreOn else { return confirms.noteReturnWithoutConfirms(code: code, text: text) }
            let identity = Self.identity(delivery.exchange, delivery.routingKey, delivery.properties.messageID, delivery.body)
            try confirms.markReturned(identity: identity, code: code, text: text)
        }
    }

    /// What a returned message is recognised by.
    static func identity(_ exchange: String, _ routingKey: String, _ messageID: String?, _ body: [UInt8]) -> Int {
        var hasher = Hasher()
        hasher.combine(exchange)
        hasher.combine(routingKey)
        hasher.combine(messageID)
        hasher.combine(body.count)
        body.withUnsafeBytes { bytes in
            // Both ends are enough to tell messages apart that have no id.
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.prefix(512)))
            if bytes.count > 512 { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes.suffix(min(512, bytes.count - 512)))) }
        }
        return hasher.finalize()
    }
}
