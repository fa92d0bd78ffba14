import Testing

@testable import Messages

/// The names in the code against the topology that is applied to the broker.
@Suite struct DefinitionsTests {
    private func definitions() throws -> JSONValue {
        try JSONReader.read(Array(try ContractFiles.text("definitions.json").utf8))
    }

    private func names(_ section: String) throws -> Set<String> {
        Set(try #require(try definitions()[section]?.elements).compactMap { $0["name"]?.text })
    }

    @Test func exchanges() throws {
        #expect(try names("exchanges") == Set(Exchange.allCases.map(\.rawValue)))
        for exchange in try #require(try definitions()["exchanges"]?.elements) {
            #expect(exchange["type"]?.text == Exchange(rawValue: exchange["name"]!.text!)?.kind)
        }
    }

    @Test func queues() throws {
        var expected = Set(StreamQueue.allCases.map(\.rawValue) + [UsageQueue.dead])
        expected.formUnion((0..<UsageQueue.defaultPartitions).map(UsageQueue.partition))
        for consumer in Consumer.allCases {
            expected.formUnion([consumer.queue, consumer.deadQueue] + RetryDelay.allCases.map(consumer.retryQueue))
        }
        #expect(try names("queues") == expected)
    }

    @Test func ticksGoToTheirConsumers() throws {
        let bindings = try #require(try definitions()["bindings"]?.elements).filter { $0["source"]?.text == Exchange.ticks.rawValue }
        for job in TickJob.allCases {
            for consumer in Consumer.allCases {
                let isBound = bindings.contains { $0["routing_key"]?.text == job.routingKey && $0["destination"]?.text == consumer.queue }
                #expect(isBound == job.consumers.contains(consumer), "\(job) and \(consumer)")
            }
        }
    }

    @Test func retriesAndDeadLettersHaveTheirKeys() throws {
        let bindings = Set(
            try #require(try definitions()["bindings"]?.elements).map {
                "\($0["source"]?.text ?? "") \($0["routing_key"]?.text ?? "") \($0["destination"]?.text ?? "")"
            })
        for consumer in Consumer.allCases {
            for delay in RetryDelay.allCases {
                #expect(bindings.contains("purser.retry \(consumer.retryKey(delay)) \(consumer.retryQueue(delay))"))
            }
            #expect(bindings.contains("purser.dead \(consumer.deadKey) \(consumer.deadQueue)"))
            #expect(bindings.contains("purser.commands \(consumer.commandPattern) \(consumer.queue)"))
        }
        #expect(bindings.contains("purser.dead \(UsageQueue.deadKey) \(UsageQueue.dead)"))
    }
}
