import Testing

@testable import Messages

@Suite struct UsageEventReaderTests {
    /// A usage event with these members of data.
    private func event(_ data: String, _ changes: [String: String?] = [:]) -> [UInt8] {
        structuredEvent(["type": "\"usage.recorded\"", "data": "{\(data)}"].merging(changes) { $1 })
    }

    private func failure(_ body: [UInt8]) -> UnreadableMessage? {
        do throws(UnreadableMessage) {
            _ = try UsageEventReader.structured(body)
            return nil
        } catch { return error }
    }

    @Test func everyField() throws {
        let text = #"""
            { "data" : {"metadata":{"a" : [1, "\ud800"]}, "tokens":7, "qu\u0061ntity":1e3, "service":"ai\u002echat", "x":{"service":"no"}},
              "time":"2026-11-20T10:00:00.000123Z","subject":"org-42","type":"usage.recorded","source":"/crm","i\u0064":"é\n","specversion":"1.0",
              "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "unknown":[{"id":"no"}] }
            """#
        let event = try UsageEventReader.structured(Array(text.utf8))
        #expect(
            event
                == UsageRecorded(
                    id: "é\n", source: "/crm", organization: "org-42", time: 1_795_168_800_000_123, service: "ai.chat",
                    quantity: .whole(1000),
                    tokens: .whole(7), metadata: #"{"a" : [1, "\ud800"]}"#,
                    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    }

    @Test(arguments: ["0", "-1", "0.5", "1e-1", "-0", "9223372036854775808", "1e400", "-9223372036854775808", "0.0"])
    func impossibleNumbersAreReadable(number: String) throws {
        let event = try UsageEventReader.structured(event(#""service":"s","quantity":\#(number),"tokens":\#(number)"#))
        #expect(event.quantity == .invalid)
        #expect(event.tokens == .invalid)
    }

    @Test(arguments: [("1", 1), ("1.0", 1), ("9223372036854775807", Int64.max), ("5e2", 500)])
    func wholeNumbers(number: String, value: Int64) throws {
        #expect(try UsageEventReader.structured(event(#""service":"s","quantity":\#(number)"#)).quantity == .whole(value))
    }

    @Test func absentQuantities() throws {
        for data in [#""service":"s""#, #""service":"s","quantity":null,"tokens":null,"metadata":null"#] {
            let event = try UsageEventReader.structured(event(data))
            #expect(event.quantity == .absent && event.tokens == .absent && event.metadata == nil)
        }
    }

    @Test(arguments: ["quantity", "tokens", "metadata", "service"], ["\"1\"", "true", "[]", "[1]", "\"NaN\"", "\"\""])
    func wrongTypes(field: String, json: String) {
        if field == "service", json.hasPrefix("\""), json != "\"\"" { return }
        let data = field == "service" ? "\"service\":\(json)" : "\"service\":\"s\",\"\(field)\":\(json)"
        let error = failure(event(data))
        #expect(error?.field == field && error?.reason == .invalidField)
    }

    @Test func objectsAreNoNumbers() {
        for field in ["quantity", "tokens", "service"] {
            #expect(failure(event("\"service\":\"s\",\"\(field)\":{}"))?.field == field)
        }
        #expect(failure(event("\"service\":\"s\",\"metadata\":7"))?.field == "metadata")
    }

    @Test func missing() {
        for name in ["subject", "time", "data", "id", "source", "type", "specversion"] {
            #expect(
                failure(event("\"service\":\"s\"", [name: String?.none]))
                    == UnreadableMessage(.missingField, field: name, detail: "\(name) is missing"))
        }
        #expect(failure(event("")) == UnreadableMessage(.missingField, field: "service", detail: "service is missing"))
        #expect(failure(event("\"service\":null"))?.reason == .missingField)
    }

    @Test func textThatNobodyCanStore() {
        for text in [#"a\u0000b"#, #"\ud800"#, #"x\udc00"#] {
            for name in ["id", "source", "subject"] { #expect(failure(event("\"service\":\"s\"", [name: "\"\(text)\""]))?.field == name) }
            #expect(failure(event("\"service\":\"\(text)\""))?.field == "service")
        }
        #expect(failure(event("\"service\":\"\(String(repeating: "s", count: 129))\""))?.field == "service")
    }

    @Test func twice() {
        for field in ["service", "quantity", "tokens", "metadata"] {
            let data = "\"service\":\"s\",\"quantity\":1,\"tokens\":1,\"metadata\":{},\"\(field)\":null"
            #expect(failure(event(data)) == UnreadableMessage(.duplicateField, field: field, detail: "\(field) stands twice"))
        }
        for name in ["id", "data", "time"] {
            let body = event("\"service\":\"s\"").dropLast() + Array(",\"\(name)\":{}}".utf8)
            #expect(failure(Array(body))?.reason == .duplicateField)
        }
        // Unknown names may.
        #expect(failure(event("\"service\":\"s\",\"x\":1,\"x\":2")) == nil)
    }

    @Test func metadataHasABound() throws {
        let metadata = { (bytes: Int) in "{\"a\":\"\(String(repeating: "m", count: bytes - 8))\"}" }
        #expect(try UsageEventReader.structured(event("\"service\":\"s\",\"metadata\":\(metadata(8192))")).metadata == metadata(8192))
        #expect(failure(event("\"service\":\"s\",\"metadata\":\(metadata(8193))"))?.field == "metadata")
    }

    @Test func otherTypes() {
        #expect(failure(event("\"service\":\"s\"", ["type": "\"meter.check\""]))?.reason == .unknownType)
        #expect(failure(event("\"service\":\"s\"", ["specversion": "\"0.3\""]))?.reason == .unsupportedVersion)
    }

    @Test func publishedEventsComeBack() throws {
        let events = [
            UsageRecorded(id: "1", source: "/s", organization: "o", time: 0, service: "x"),
            UsageRecorded(
                id: "\"\\\u{1}é", source: "/ü", organization: "a \"b\"", time: -1, service: "s\n", quantity: .whole(.max),
                tokens: .whole(1),
                metadata: #"{"k": "v" }"#, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ]
        for event in events { #expect(try UsageEventReader.structured(event.structured()) == event) }
    }

    @Test func everyKeyHasItsNumber() {
        for key in UsageEventKey.allCases {
            let name = Array("<\(key.rawValue)>".utf8)
            #expect(UsageEventKey(name, 1, name.count - 1) == key)
            #expect(UsageEventKey(name, 1, name.count) == nil)
            #expect(UsageEventKey(name, 0, name.count - 1) == nil)
        }
    }
}
