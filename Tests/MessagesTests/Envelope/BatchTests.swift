import Testing

@testable import Messages

@Suite struct BatchTests {
    private static let type = "application/cloudevents-batch+json"

    private func read(_ text: String) throws -> [BatchElement<Envelope>] {
        let message = IncomingMessage(contentType: Self.type, body: Array(text.utf8))
        guard case .batch(let elements) = try EnvelopeReader.read(message) else { return [] }
        return elements
    }

    private var event: String { String(decoding: structuredEvent(), as: UTF8.self) }

    @Test func elementsAreIndependent() throws {
        let text = " [ \(event) , {\"id\":1}, 7, {\"a\":tru}, \"]\\\"[\" ,\(event)\n] "
        let elements = try read(text)
        #expect(elements.count == 6)
        let reasons = elements.map { element -> UnreadableReason? in
            if case .failure(let error) = element.event { error.reason } else { nil }
        }
        #expect(reasons == [nil, .missingField, .notAnObject, .notJSON, .notAnObject, nil])
        #expect(String(decoding: Array(text.utf8)[elements[3].range], as: UTF8.self) == "{\"a\":tru}")
        #expect(try elements[5].event.get().data?["service"]?.text == "ai.chat")
    }

    @Test func badBytesStayInTheirElement() throws {
        let body = Array("[{\"id\":\"".utf8) + [0xFF] + Array("\"},\(event)]".utf8)
        guard case .batch(let elements) = try EnvelopeReader.read(IncomingMessage(contentType: Self.type, body: body)) else { return }
        #expect { try elements[0].event.get() } throws: { ($0 as? UnreadableMessage)?.reason == .notUTF8 }
        #expect(try elements[1].event.get().id == "e-1")
    }

    @Test(arguments: [
        "", " ", "{}", "7", "x", "[", "[{}", "[{},", "[{}}", "[{}]]", "[{}] x", "[,{}]", "[{},]", "[{},,{}]", "[{]}x", "[\"abc]", "[\"\\",
        "[}",
    ])
    func notABatch(text: String) {
        #expect { try read(text) } throws: { ($0 as? UnreadableMessage)?.reason == .notABatch }
    }

    @Test(arguments: ["[]", " [ \n ] "]) func empty(text: String) {
        #expect { try read(text) } throws: { ($0 as? UnreadableMessage)?.reason == .emptyBatch }
    }

    @Test func atMostAThousand() throws {
        let batch = { (count: Int) in "[" + Array(repeating: event, count: count).joined(separator: ",") + "]" }
        #expect(try read(batch(1000)).count == 1000)
        #expect { try read(batch(1001)) } throws: { ($0 as? UnreadableMessage)?.reason == .batchTooLong }
    }

    @Test func atMostOneMebibyte() {
        let text = "[" + event + String(repeating: " ", count: EnvelopeReader.sizeLimit) + "]"
        #expect { try read(text) } throws: { ($0 as? UnreadableMessage)?.reason == .tooLarge }
    }

    @Test func usageBatches() throws {
        let usage = (0..<3).map { UsageRecorded(id: "\($0)", source: "/s", organization: "o", time: 0, service: "x", quantity: .whole(2)) }
        let message = IncomingMessage(contentType: Self.type, body: UsageRecorded.batch(usage))
        guard case .batch(let elements) = try UsageEventReader.read(message) else { Issue.record("no batch"); return }
        #expect(try elements.map { try $0.event.get() } == usage)
    }
}
