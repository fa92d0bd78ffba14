import Testing

@testable import Messages

/// A structured event whose members a test can take away or replace by JSON of its own.
func structuredEvent(_ changes: [String: String?] = [:]) -> [UInt8] {
    var members: [(String, String)] = [
        ("specversion", "\"1.0\""), ("id", "\"e-1\""), ("source", "\"/crm\""), ("type", "\"meter.check\""), ("subject", "\"org-42\""),
        ("time", "\"2026-11-20T10:00:00Z\""), ("datacontenttype", "\"application/json\""), ("data", #"{"service":"ai.chat"}"#),
    ]
    for (name, json) in changes.sorted(by: { $0.key < $1.key }) {
        members.removeAll { $0.0 == name }
        if let json { members.append((name, json)) }
    }
    return Array("{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}".utf8)
}

@Suite struct EnvelopeReaderTests {
    private func read(_ body: [UInt8], contentType: String? = "application/cloudevents+json") throws(UnreadableMessage) -> Envelope {
        guard case .single(let envelope) = try EnvelopeReader.read(IncomingMessage(contentType: contentType, body: body)) else {
            throw UnreadableMessage(.notABatch, detail: "a batch came back")
        }
        return envelope
    }

    private func failure(_ changes: [String: String?]) -> UnreadableMessage? {
        do throws(UnreadableMessage) {
            _ = try read(structuredEvent(changes))
            return nil
        } catch { return error }
    }

    @Test func structured() throws {
        let envelope = try read(
            structuredEvent(["traceparent": "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"", "x": "[1]"]))
        #expect(envelope.id == "e-1")
        #expect(envelope.source == "/crm")
        #expect(envelope.type == "meter.check")
        #expect(envelope.subject == "org-42")
        #expect(try envelope.organization() == "org-42")
        #expect(envelope.time == 1_795_168_800_000_000)
        #expect(envelope.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        #expect(envelope.data?["service"]?.text == "ai.chat")
    }

    @Test func optionalAttributesMayBeAbsentOrNull() throws {
        for value in [String?.none, "null"] {
            let envelope = try read(
                structuredEvent(["subject": value, "time": value, "data": value, "datacontenttype": value, "traceparent": value]))
            #expect(envelope.subject == nil)
            #expect(envelope.time == nil)
            #expect(envelope.data == nil)
        }
    }

    @Test(arguments: ["specversion", "id", "source", "type"]) func requiredAttributes(name: String) {
        for value in [String?.none, "null"] {
            #expect(failure([name: value]) == UnreadableMessage(.missingField, field: name, detail: "\(name) is missing"))
        }
    }

    @Test(arguments: ["specversion", "id", "source", "type", "subject", "time", "datacontenttype"]) func badText(name: String) {
        let reason: UnreadableReason = name == "specversion" ? .unsupportedVersion : .invalidField
        for json in [
            "1", "true", "[]", "{}", "\"a\\u0000b\"", "\"\\u0000\"", "\"\\ud800\"", "\"\(String(repeating: "x", count: 2000))\"", "1e999",
            "-1",
        ] {
            let error = failure([name: json])
            #expect(error?.reason == reason && error?.field == name, "\(name) = \(json)")
        }
    }

    @Test func boundsOfAttributes() {
        for (name, longest) in [("id", 128), ("source", 255), ("type", 128)] {
            #expect(failure([name: "\"\(String(repeating: "x", count: longest))\""]) == nil)
            #expect(failure([name: "\"\(String(repeating: "x", count: longest + 1))\""])?.field == name)
            // Bytes, not characters.
            #expect(failure([name: "\"\(String(repeating: "é", count: longest / 2 + 1))\""])?.field == name)
            #expect(failure([name: "\"\""])?.field == name)
        }
    }

    @Test func hostileTextIsOnlyText() throws {
        for text in ["'; DROP TABLE x;--", "<script>alert(1)</script>", "../../etc/passwd", "%00", "${jndi:ldap://x}"] {
            #expect(try read(structuredEvent(["id": "\"\(text)\"", "source": "\"\(text)\""])).id == text)
        }
    }

    @Test func organizations() throws {
        for subject in ["\"é\"", "\"a\\u007fb\"", "\"a\\nb\"", "\"\(String(repeating: "x", count: 129))\""] {
            let envelope = try read(structuredEvent(["subject": subject]))
            #expect(throws: UnreadableMessage.self) { try envelope.organization() }
        }
        let missing = try read(structuredEvent(["subject": String?.none]))
        #expect(throws: UnreadableMessage(.missingField, field: "subject", detail: "subject is missing")) { try missing.organization() }
    }

    @Test func dataIsJSON() {
        #expect(failure(["datacontenttype": "\"text/plain\""])?.field == "datacontenttype")
        #expect(failure(["datacontenttype": "\"Application/JSON; charset=utf-8\""]) == nil)
        #expect(failure(["datacontenttype": "\"application/vnd.x+json\""]) == nil)
        #expect(failure(["data_base64": "\"e30=\""])?.field == "data_base64")
    }

    @Test func namesThatStandTwice() {
        for name in ["id", "source", "data", "time", "type", "subject", "specversion"] {
            let event = structuredEvent()
            let twice = event.dropLast() + Array(",\"\(name)\":\"x\"}".utf8)
            #expect(throws: UnreadableMessage(.duplicateField, field: name, detail: "\(name) stands twice")) { try read(Array(twice)) }
        }
    }

    @Test(arguments: [
        ("", UnreadableReason.notJSON), ("not JSON", .notJSON), ("[]", .notAnObject), ("7", .notAnObject), ("null", .notAnObject),
        ("{", .notJSON),
    ])
    func notAnEvent(text: String, reason: UnreadableReason) {
        #expect { try read(Array(text.utf8)) } throws: { ($0 as? UnreadableMessage)?.reason == reason }
    }

    @Test func sizeDepthAndUTF8() {
        let large = structuredEvent(["x": "\"\(String(repeating: "x", count: EnvelopeReader.sizeLimit))\""])
        #expect { try read(large) } throws: { ($0 as? UnreadableMessage)?.reason == .tooLarge }
        let deep = structuredEvent(["x": String(repeating: "[", count: 64) + String(repeating: "]", count: 64)])
        #expect { try read(deep) } throws: { ($0 as? UnreadableMessage)?.reason == .tooDeep }
        #expect { try read([0x7B, 0xFF, 0x7D]) } throws: { ($0 as? UnreadableMessage)?.reason == .notUTF8 }
    }

    @Test func contentTypes() throws {
        let event = structuredEvent()
        for type in [nil, "", "application/json", "APPLICATION/CLOUDEVENTS+JSON; charset=UTF-8", "application/cloudevents+json"] {
            #expect(try read(event, contentType: type).id == "e-1")
        }
        for type in ["text/plain", "application/cloudevents+avro", "application/xml", "garbage"] {
            #expect { try read(event, contentType: type) } throws: { ($0 as? UnreadableMessage)?.reason == .unknownContentType }
        }
    }

    @Test func contentIsTypeSubjectAndData() throws {
        let content = { (changes: [String: String?]) in try self.read(structuredEvent(changes)).canonicalContent() }
        let same = try content([:])
        #expect(
            try content(["id": "\"other\"", "time": "\"2027-01-01T00:00:00Z\"", "data": "{ \"service\" : \"ai\\u002echat\" }"]) == same)
        for changes in [["type": "\"t\""], ["subject": "\"o\""], ["subject": nil], ["data": "{}"], ["data": nil]] as [[String: String?]] {
            #expect(try content(changes) != same)
        }
    }

    @Test func traceparentOfTheMessageIsNearer() throws {
        let header = "00-11111111111111111111111111111111-2222222222222222-01"
        let attribute = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let read = { (header: String) in
            try EnvelopeReader.read(
                IncomingMessage(headers: [.init("traceparent", header)], body: structuredEvent(["traceparent": "\"\(attribute)\""])))
        }
        guard case .single(let nearer) = try read(header), case .single(let fallback) = try read("garbage") else { return }
        #expect(nearer.traceparent == header)
        #expect(fallback.traceparent == attribute)
    }
}
