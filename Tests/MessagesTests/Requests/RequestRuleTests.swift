import Testing

@testable import Messages

/// What the schemas cannot say, or say in several keywords at once.
@Suite struct RequestRuleTests {
    private func read<R: Request>(_: R.Type, _ json: String) throws(InvalidRequest) -> R {
        let bytes = Array(json.utf8)
        return try R(data: try? JSONReader.read(bytes), document: bytes)
    }

    private func field<R: Request>(_ type: R.Type, _ json: String) -> String? {
        do throws(InvalidRequest) {
            _ = try read(type, json)
            return nil
        } catch {
            #expect(error.code == "invalid_field")
            return error.field
        }
    }

    @Test func aRateHasOnePrice() throws {
        #expect(try read(MeterRateSet.self, #"{"service":"s","tokens_per_unit":20}"#).price == .perUnit(20))
        #expect(try read(MeterRateSet.self, #"{"service":"s","tokens_per_unit":20,"pass_through":false}"#).price == .perUnit(20))
        #expect(try read(MeterRateSet.self, #"{"service":"s","pass_through":true}"#).price == .passThrough)
        for json in [
            #"{"service":"s"}"#, #"{"service":"s","pass_through":false}"#, #"{"service":"s","tokens_per_unit":1,"pass_through":true}"#,
        ] {
            #expect(field(MeterRateSet.self, json) == "tokens_per_unit")
        }
        #expect(field(MeterRateSet.self, #"{"service":"s","pass_through":1}"#) == "pass_through")
    }

    @Test func anAdjustmentMovesSomething() throws {
        #expect(try read(BillingAdjust.self, #"{"tokens":-1,"reason":"r"}"#).tokens == -1)
        for zero in ["0", "-0", "0.0", "0e9"] { #expect(field(BillingAdjust.self, "{\"tokens\":\(zero),\"reason\":\"r\"}") == "tokens") }
    }

    @Test func aGrantEndsAfterItStarts() throws {
        let json = { (start: String, end: String) in "{\"tokens\":1,\"effective_at\":\"\(start)\",\"expires_at\":\"\(end)\"}" }
        #expect(try read(BillingGrant.self, json("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z")).kind == .promotional)
        #expect(field(BillingGrant.self, json("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")) == "expires_at")
        #expect(field(BillingGrant.self, json("2026-01-01T01:00:00Z", "2026-01-01T01:59:59+01:00")) == "expires_at")
    }

    @Test func overdrafts() throws {
        #expect(try read(WalletSettings.self, #"{"overdraft_limit":"unlimited"}"#).overdraftLimit == .unlimited)
        #expect(try read(WalletSettings.self, #"{"overdraft_limit":1e3}"#).overdraftLimit == .tokens(1000))
        for value in ["-1", "\"Unlimited\"", "\"1\"", "0.5", "true", "1000000000000001", "[]"] {
            #expect(field(WalletSettings.self, "{\"overdraft_limit\":\(value)}") == "overdraft_limit")
        }
    }

    @Test func coversHaveAnEnd() throws {
        let cover = try read(WalletSettings.self, #"{"unlimited_services":["a","b"],"unlimited_until":"2027-01-01T00:00:00Z"}"#).unlimited
        #expect(cover == .init(services: ["a", "b"], until: 1_798_761_600_000_000))
        #expect(try read(WalletSettings.self, #"{"unlimited_services":[]}"#).unlimited == .init(services: [], until: nil))
        #expect(field(WalletSettings.self, #"{"unlimited_services":["a"]}"#) == "unlimited_until")
        #expect(field(WalletSettings.self, #"{"unlimited_until":"2027-01-01T00:00:00Z"}"#) == "unlimited_services")
        for services in ["\"a\"", "[1]", "[\"\"]", "[null]", "[\"\\u0000\"]", "{}"] {
            let json = "{\"unlimited_services\":\(services),\"unlimited_until\":\"2027-01-01T00:00:00Z\"}"
            #expect(field(WalletSettings.self, json) == "unlimited_services")
        }
        let many = Array(repeating: "\"s\"", count: 101).joined(separator: ",")
        #expect(
            field(WalletSettings.self, "{\"unlimited_services\":[\(many)],\"unlimited_until\":\"2027-01-01T00:00:00Z\"}")
                == "unlimited_services")
    }

    @Test(arguments: ["{}", #"{"actor":"ann"}"#, #"{"overdraft_limit":null}"#, #"{"x":1}"#]) func settingsChangeSomething(json: String) {
        #expect(field(WalletSettings.self, json) == "data")
    }

    @Test(arguments: ["a", "@", "a@", "@b", "a b@c", "a@b\n"]) func impossibleAddresses(email: String) {
        var writer = JSONWriter()
        writer.value(email)
        #expect(field(WalletOpen.self, "{\"email\":\(writer.text)}") == "email")
    }

    @Test func emptyContactsTakeAway() throws {
        #expect(try read(WalletSettings.self, #"{"email":"","name":""}"#).contact == ContactFields(name: "", email: ""))
    }

    @Test func missingDataIsMissing() {
        #expect(throws: InvalidRequest(field: "data", detail: "data is missing")) { try WalletOpen(data: nil, document: []) }
    }

    @Test func requestsGoOutAsTheyComeIn() throws {
        let grant = BillingGrant(tokens: 5, reason: "</b>'; --", expiresAt: 1_798_761_600_000_000, actor: "ann")
        let body = grant.structured(id: "1", source: "/console", subject: "org-1", time: 0)
        guard case .single(let envelope) = try EnvelopeReader.read(IncomingMessage(body: body)) else { return }
        #expect(envelope.type == "billing.grant")
        #expect(try BillingGrant(envelope) == grant)
    }
}
