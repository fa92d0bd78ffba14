import Testing

@testable import Messages

/// The other decoders under seeded noise: they never crash, and what they accept is what they would write.
@Suite struct DecoderFuzzTests {
    private static let inputs = UsageEventFuzzTests.inputs / 5

    private static func generator(_ salt: UInt64) -> UsageEventGenerator {
        print("decoder fuzz: seed \(UsageEventFuzzTests.seed), salt \(salt), \(inputs) inputs")
        return UsageEventGenerator(random: SeededGenerator(seed: UsageEventFuzzTests.seed &+ salt))
    }

    @Test func batchesAreSplitWhereTheReaderSplitsThem() {
        var generator = Self.generator(100)
        for _ in 0..<Self.inputs {
            var input = Array("[".utf8) + generator.next()
            while generator.random.chance(2) { input += Array(" ,".utf8) + generator.next() }
            input += Array("]".utf8)
            let ranges = try? BatchSplitter.elements(input)
            // Where the whole is JSON, its elements are the splitter's.
            guard let elements = try? JSONReader.read(input).elements, !elements.isEmpty else { continue }
            if ranges != elements.map(\.range) { Issue.record("\(String(decoding: input, as: UTF8.self))") }
        }
    }

    @Test func messagesOfAnyKind() {
        var generator = Self.generator(200)
        let types = [nil, "application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "", ";", "a/b"]
        for _ in 0..<Self.inputs {
            let headers = (0..<generator.random.below(4)).map { _ in
                IncomingMessage.Header(
                    generator.random.pick(["ce-", "cloudEvents:", "cloudEvents_", "CE-", ""])
                        + generator.random.pick(["id", "specversion", "type", "time", "", "é", "traceparent"]),
                    generator.random.pick(["1.0", "", "\0", "usage.recorded"] + UsageEventGenerator.times))
            }
            let message = IncomingMessage(contentType: generator.random.pick(types), headers: headers, body: generator.next())
            _ = try? EnvelopeReader.read(message)
            _ = try? UsageEventReader.read(message)
        }
    }

    @Test func requestsSayTheSameWhenWrittenAgain() {
        var generator = Self.generator(300)
        let names = [
            "service", "quantity", "tokens", "hold_id", "timeout_seconds", "source", "id", "reason", "actor", "tokens_per_unit",
            "pass_through", "email",
            "overdraft_limit", "unlimited_services", "unlimited_until", "kind", "priority", "effective_at", "expires_at", "idempotency_key",
            "name",
        ]
        for _ in 0..<Self.inputs {
            let members = (0..<(1 + generator.random.below(6))).map { _ in "\"\(generator.random.pick(names))\":\(generator.field())" }
            let json = Array("{\(members.joined(separator: ","))}".utf8)
            guard (try? JSONReader.read(json)) != nil else { continue }
            let codec = generator.random.pick(RequestSamples.all)
            guard let written = try? codec.rewrite(json) else { continue }
            let bytes = JSONCanonical.bytes(written)
            let again = try? codec.rewrite(bytes)
            if again.map(JSONCanonical.bytes) != bytes { Issue.record("\(codec.type): \(String(decoding: json, as: UTF8.self))") }
        }
    }

    @Test func times() {
        var random = SeededGenerator(seed: UsageEventFuzzTests.seed &+ 400)
        for _ in 0..<Self.inputs {
            var bytes = Array(random.pick(UsageEventGenerator.times).utf8)
            for _ in 0..<random.below(3) where !bytes.isEmpty {
                bytes[random.below(bytes.count)] = random.pick(Array("0123456789-:.TZtz+ ".utf8))
            }
            guard let time = EventTime.microseconds(bytes, 0, bytes.count) else { continue }
            if EventTime.microseconds(EventTime.text(microseconds: time)) != time {
                Issue.record("\(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }
}
