import Testing

@testable import Messages

/// The AsyncAPI document against the code: every name that the code knows stands there, and no other one.
@Suite struct AsyncAPITests {
    /// The keys two spaces in, under a top-level key.
    private func entries(_ section: String, indent: Int = 2) throws -> [String] {
        let lines = try ContractFiles.text("asyncapi.yaml").split(separator: "\n").drop { $0 != "\(section):" }.dropFirst().prefix {
            $0.hasPrefix(" ")
        }
        let margin = String(repeating: " ", count: indent)
        return lines.filter { $0.hasPrefix(margin) && !$0.dropFirst(indent).hasPrefix(" ") && $0.hasSuffix(":") }
            .map { String($0.dropFirst(indent).dropLast()) }
    }

    @Test func channelsAreTheExchangesAndQueues() throws {
        var names = Exchange.allCases.map(\.rawValue) + StreamQueue.allCases.map(\.rawValue) + [UsageQueue.dead, "answers"]
        names += (0..<UsageQueue.defaultPartitions).map(UsageQueue.partition)
        for consumer in Consumer.allCases {
            names += [consumer.queue, consumer.deadQueue] + RetryDelay.allCases.map(consumer.retryQueue)
        }
        #expect(try entries("channels").sorted() == names.sorted())
    }

    @Test func exchangesHaveTheirKind() throws {
        let text = try ContractFiles.text("asyncapi.yaml")
        for exchange in Exchange.allCases {
            let kind =
                exchange == .usagePartitions ? "x-exchange-type: \(exchange.kind)" : "{name: \(exchange.rawValue), type: \(exchange.kind),"
            #expect(text.contains(kind), "\(exchange)")
        }
    }

    @Test func messagesAreTheSchemas() throws {
        let messages = try entries("components", indent: 4)
        #expect(Set(messages) == (try ContractFiles.schemaNames()).subtracting(["envelope"]))
        let text = try ContractFiles.text("asyncapi.yaml")
        for name in messages { #expect(text.contains("schemas/\(name).json}")) }
    }

    @Test func versions() throws {
        let text = try ContractFiles.text("asyncapi.yaml")
        #expect(text.contains("\nasyncapi: 3.0.0\n"))
        #expect(!text.contains("bindingVersion: 0.2.0") && text.contains("bindingVersion: 0.3.0"))
    }
}
