import Domain
import Testing

@testable import Messages

@Suite struct GatewayEventReceivedTests {
    private func read(_ json: String) throws(InvalidRequest) -> GatewayEventReceived {
        let bytes = Array(json.utf8)
        return try GatewayEventReceived(data: try? JSONReader.read(bytes), document: bytes)
    }

    private func field(headers: String, body: String = "e30=") -> String? {
        do throws(InvalidRequest) {
            _ = try read("{\"gateway\":\"stripe\",\"headers\":\(headers),\"body\":\"\(body)\"}")
            return nil
        } catch { return error.field }
    }

    @Test func goesOutAsItCameIn() throws {
        let event = GatewayEventReceived(
            gateway: .paystack, headers: [.init(name: "X-Paystack-Signature", value: "00\"ff"), .init(name: "Accept", value: "")],
            body: Array(UInt8.min...UInt8.max))
        let message = event.structured(id: "1", source: "/purser/gateway", subject: nil, time: 0)
        guard case .single(let envelope) = try EnvelopeReader.read(IncomingMessage(body: message)) else {
            Issue.record("one event")
            return
        }
        #expect(try GatewayEventReceived(envelope) == event)
        let data = try #require(envelope.data)
        #expect(SchemaValidator(root: try ContractFiles.schema("billing.gateway_event")).errors(data) == [])
    }

    @Test func headersAreFoundInAnyCase() throws {
        let event = try read(#"{"gateway":"stripe","headers":{"a":"1","Stripe-SIGNATURE":"t=1,v1=x"},"body":"e30="}"#)
        #expect(event.header("stripe-signature") == "t=1,v1=x")
        #expect(event.header("A") == "1")
        #expect(event.header("b") == nil)
        #expect(event.body == Array("{}".utf8))
    }

    @Test func headersAreAFewTexts() {
        let many = { (count: Int) in "{" + (0..<count).map { "\"h\($0)\":\"\"" }.joined(separator: ",") + "}" }
        #expect(field(headers: many(100)) == nil)
        #expect(field(headers: "{\"\(String(repeating: "n", count: 255))\":\"\(String(repeating: "v", count: 8192))\"}") == nil)
        for headers in [
            many(101), "[]", "\"x\"", #"{"a":1}"#, #"{"a":null}"#, #"{"a":["b"]}"#, #"{"a":"1","a":"1"}"#, #"{"a":"1","A":"1"}"#,
            #"{"":"1"}"#,
            #"{"a":"\u0000"}"#, #"{"a\u0000":"1"}"#, #"{"a":"\ud800"}"#, "{\"\(String(repeating: "n", count: 256))\":\"\"}",
            "{\"a\":\"\(String(repeating: "v", count: 8193))\"}",
        ] {
            #expect(field(headers: headers) == "headers", "\(headers.prefix(40))")
        }
    }

    @Test func bodiesAreBase64() {
        for body in ["e30", "e3==0", "e30=e30=", "e30-", "e3 0", "====", "a===", "\\u0000AAA"] {
            #expect(field(headers: "{}", body: body) == "body", "\(body)")
        }
        let largest = Base64.text([UInt8](repeating: 7, count: RequestRule.bodyLimit))
        #expect(field(headers: "{}", body: largest) == nil)
        #expect(field(headers: "{}", body: Base64.text([UInt8](repeating: 7, count: RequestRule.bodyLimit + 1))) == "body")
    }

    @Test(
        "the vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ plain: String, _ coded: String) {
        #expect(Base64.text(Array(plain.utf8)) == coded)
        #expect(Base64.bytes(coded.utf8) == Array(plain.utf8))
    }
}
