import CRabbitMQ

/// Queues, exchanges and bindings. Programs only use the passive forms; the rest is for tools and tests.
///
/// All of these throw `.channelClosed` when the broker says no (404 not found, 403 not allowed, 406 other arguments): the connection is then
/// dead, since its channel is. They throw `.blocked` without harm under an alarm, and `.timeout` when no answer comes.
extension BrokerConnection {
    /// What a queue holds; it has to exist.
    public func declareQueuePassively(_ name: String) throws(BrokerError) -> QueueInfo {
        try declareQueue(name, passive: true, durable: false, exclusive: false, autoDelete: false, arguments: [:])
    }

    /// Declares a queue; an empty name lets the broker choose one.
    @discardableResult
    public func declareQueue(
        _ name: String, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false, arguments: Headers = [:]
    ) throws(BrokerError) -> QueueInfo {
        try declareQueue(name, passive: false, durable: durable, exclusive: exclusive, autoDelete: autoDelete, arguments: arguments)
    }

    private func declareQueue(
        _ name: String, passive: Bool, durable: Bool, exclusive: Bool, autoDelete: Bool, arguments: Headers
    ) throws(BrokerError) -> QueueInfo {
        let reply = try request(AMQP_QUEUE_DECLARE_METHOD, answer: AMQP_QUEUE_DECLARE_OK_METHOD) { () throws(BrokerError) in
            amqp_queue_declare_t(
                ticket: 0, queue: try codec.name(name), passive: passive.wire, durable: durable.wire, exclusive: exclusive.wire,
                auto_delete: autoDelete.wire, nowait: 0, arguments: try codec.table(arguments))
        }
        guard case .queue(let info) = reply else { return QueueInfo(name: name, messages: 0, consumers: 0) }
        return info
    }

    /// Deletes a queue.
    /// - Returns: how many messages went with it.
    @discardableResult
    public func deleteQueue(_ name: String) throws(BrokerError) -> Int {
        let reply = try request(AMQP_QUEUE_DELETE_METHOD, answer: AMQP_QUEUE_DELETE_OK_METHOD) { () throws(BrokerError) in
            amqp_queue_delete_t(ticket: 0, queue: try codec.name(name), if_unused: 0, if_empty: 0, nowait: 0)
        }
        if case .count(let count) = reply { return count }
        return 0
    }

    /// Empties a queue of its ready messages.
    /// - Returns: how many there were.
    @discardableResult
    public func purgeQueue(_ name: String) throws(BrokerError) -> Int {
        let reply = try request(AMQP_QUEUE_PURGE_METHOD, answer: AMQP_QUEUE_PURGE_OK_METHOD) { () throws(BrokerError) in
            amqp_queue_purge_t(ticket: 0, queue: try codec.name(name), nowait: 0)
        }
        if case .count(let count) = reply { return count }
        return 0
    }

    /// Verifies that an exchange exists.
    public func declareExchangePassively(_ name: String) throws(BrokerError) {
        try declareExchange(name, type: "", passive: true, durable: false, autoDelete: false, arguments: [:])
    }

    /// Declares an exchange.
    public func declareExchange(
        _ name: String, type: String, durable: Bool = true, autoDelete: Bool = false, arguments: Headers = [:]
    ) throws(BrokerError) {
        try declareExchange(name, type: type, passive: false, durable: durable, autoDelete: autoDelete, arguments: arguments)
    }

    private func declareExchange(
        _ name: String, type: String, passive: Bool, durable: Bool, autoDelete: Bool, arguments: Headers
    ) throws(BrokerError) {
        _ = try request(AMQP_EXCHANGE_DECLARE_METHOD, answer: AMQP_EXCHANGE_DECLARE_OK_METHOD) { () throws(BrokerError) in
            amqp_exchange_declare_t(
                ticket: 0, exchange: try codec.name(name), type: try codec.name(type), passive: passive.wire, durable: durable.wire,
                auto_delete: autoDelete.wire, internal: 0, nowait: 0, arguments: try codec.table(arguments))
        }
    }

    /// Deletes an exchange and its bindings.
    public func deleteExchange(_ name: String) throws(BrokerError) {
        _ = try request(AMQP_EXCHANGE_DELETE_METHOD, answer: AMQP_EXCHANGE_DELETE_OK_METHOD) { () throws(BrokerError) in
            amqp_exchange_delete_t(ticket: 0, exchange: try codec.name(name), if_unused: 0, nowait: 0)
        }
    }

    /// Binds a queue to an exchange.
    public func bindQueue(_ queue: String, to exchange: String, routingKey: String, arguments: Headers = [:]) throws(BrokerError) {
        _ = try request(AMQP_QUEUE_BIND_METHOD, answer: AMQP_QUEUE_BIND_OK_METHOD) { () throws(BrokerError) in
            amqp_queue_bind_t(
                ticket: 0, queue: try codec.name(queue), exchange: try codec.name(exchange), routing_key: try codec.name(routingKey),
                nowait: 0, arguments: try codec.table(arguments))
        }
    }

    /// Removes a binding between a queue and an exchange.
    public func unbindQueue(_ queue: String, from exchange: String, routingKey: String, arguments: Headers = [:]) throws(BrokerError) {
        _ = try request(AMQP_QUEUE_UNBIND_METHOD, answer: AMQP_QUEUE_UNBIND_OK_METHOD) { () throws(BrokerError) in
            amqp_queue_unbind_t(
                ticket: 0, queue: try codec.name(queue), exchange: try codec.name(exchange), routing_key: try codec.name(routingKey),
                arguments: try codec.table(arguments))
        }
    }

    /// Binds an exchange to another one.
    public func bindExchange(_ destination: String, to source: String, routingKey: String, arguments: Headers = [:]) throws(BrokerError) {
        _ = try request(AMQP_EXCHANGE_BIND_METHOD, answer: AMQP_EXCHANGE_BIND_OK_METHOD) { () throws(BrokerError) in
            amqp_exchange_bind_t(
                ticket: 0, destination: try codec.name(destination), source: try codec.name(source),
                routing_key: try codec.name(routingKey),
                nowait: 0, arguments: try codec.table(arguments))
        }
    }
}

extension Bool {
    /// librabbitmq's truth value.
    var wire: amqp_boolean_t { self ? 1 : 0 }
}
