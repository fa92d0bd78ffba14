import Testing

@testable import Messages

@Suite struct BinaryModeTests {
    private static let attributes = [
        ("specversion", "1.0"), ("id", "e-1"), ("source", "/crm"), ("type", "usage.recorded"), ("subject", "org-42"),
        ("time", "2026-11-20T10:00:00Z"),
    ]

    private func message(
        prefix: String, contentType: String? = "application/json",
        body: String = #"{"service":"ai.chat","quantity":2,"metadata":{ "k":1 }}"#,
        without: String = "", more: [(String, String)] = []
    ) -> IncomingMessage {
        let headers = Self.attributes.filter { $0.0 != without }.map { IncomingMessage.Header(prefix + $0.0, $0.1) }
        return IncomingMessage(
            contentType: contentType, headers: headers + more.map { IncomingMessage.Header($0.0, $0.1) }, body: Array(body.utf8))
    }

    private func usage(_ message: IncomingMessage) throws -> UsageRecorded? {
        if case .single(let event) = try UsageEventReader.read(message) { event } else { nil }
    }

    @Test(
        arguments: ["cloudEvents:", "cloudEvents_", "ce-", "CE-", "cloudevents:"],
        [nil, "application/json", "application/json; charset=utf-8"])
    func prefixes(prefix: String, contentType: String?) throws {
        let expected = UsageRecorded(
            id: "e-1", source: "/crm", organization: "org-42", time: 1_795_168_800_000_000, service: "ai.chat", quantity: .whole(2),
            metadata: #"{ "k":1 }"#)
        #expect(try usage(message(prefix: prefix, contentType: contentType)) == expected)
    }

    @Test(arguments: ["specversion", "id", "source", "type", "subject", "time"]) func missingAttributes(name: String) {
        #expect(throws: UnreadableMessage(.missingField, field: name, detail: "\(name) is missing")) {
            try usage(message(prefix: "ce-", without: name))
        }
    }

    @Test func twoPrefixesHaveToAgree() throws {
        #expect(try usage(message(prefix: "ce-", more: [("cloudEvents:id", "e-1")]))?.id == "e-1")
        #expect(throws: UnreadableMessage(.duplicateField, field: "id", detail: "id stands twice")) {
            try usage(message(prefix: "ce-", more: [("cloudEvents:id", "e-2")]))
        }
    }

    @Test func badValues() {
        let bad = [("specversion", "0.3"), ("time", "yesterday"), ("id", "a\0b"), ("id", ""), ("subject", "é"), ("type", "meter.check")]
        for (name, value) in bad {
            #expect { try usage(message(prefix: "ce-", without: name, more: [("ce-" + name, value)])) } throws: {
                ($0 as? UnreadableMessage)?.field == name
            }
        }
    }

    @Test func badBodies() {
        for (body, field) in [
            ("", "data"), ("null", "data"), ("[]", "data"), ("7", "data"), ("{}", "service"), ("{\"service\":7}", "service"),
        ] {
            #expect { try usage(message(prefix: "ce-", body: body)) } throws: { ($0 as? UnreadableMessage)?.field == field }
        }
        #expect { try usage(message(prefix: "ce-", body: "{")) } throws: { ($0 as? UnreadableMessage)?.reason == .notJSON }
        #expect { try usage(message(prefix: "ce-", contentType: "text/plain")) } throws: {
            ($0 as? UnreadableMessage)?.field == "datacontenttype"
        }
    }
}
