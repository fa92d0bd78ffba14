import Messages
import PurserTesting
import Runtime
import Testing

/// Whatever is wrong with a request, the answer names the field and nothing changes (quality.md, Bad input).
@Suite struct BadInputTests {
    /// A value that no text field takes, within the bounds or not.
    static let noText = ["1", "true", "[]", "{}", #""\u0000""#, #""a\u0000b""#, #""\ud800""#]
    static let noTokens = [
        "0", "-1", "1.5", "1e30", "1000000000000001", "9223372036854775807", "9223372036854775808", "-9223372036854775808", #""5""#, "true",
        "[5]", "{}", #""""#,
    ]
    static let noTime = ["1", #""soon""#, #""2026-13-01T00:00:00Z""#, #""2026-11-31T00:00:00Z""#, #""2026-11-20""#, "{}", "false"]

    static func long(_ count: Int) -> String { "\"" + String(repeating: "x", count: count) + "\"" }

    /// Field, what is wrong in it, and what else the request has.
    static let table: [(type: String, field: String, values: [String], rest: String)] = [
        ("billing.wallet_open", "name", noText + [long(256)], ""),
        ("billing.wallet_open", "billing_address", noText + [long(1001)], ""),
        ("billing.wallet_open", "tax_id", noText + [long(65)], ""),
        ("billing.wallet_open", "email", noText + [long(255), #""ann""#, #""@x""#, #""ann@""#, #""a b@x""#], ""),
        ("billing.wallet_open", "actor", noText + [long(256), #""""#], ""),
        ("billing.wallet_suspend", "reason", noText + [long(1001), #""""#], ""),
        ("billing.wallet_suspend", "actor", noText, ""),
        ("billing.wallet_reactivate", "reason", noText, ""),
        (
            "billing.wallet_settings", "overdraft_limit",
            ["-1", "1.5", "1000000000000001", "9223372036854775808", #""none""#, #""UNLIMITED""#, "true", "[]"], ""
        ),
        ("billing.wallet_settings", "trial_uses", ["-1", "0.5", "1000000001", #""3""#, "false", "[]"], ""),
        ("billing.wallet_settings", "monthly_allowance", ["-1", "0.5", "1000000000000001", #""3""#, "{}"], ""),
        (
            "billing.wallet_settings", "unlimited_services",
            [
                #""chat""#, "{}", "1", "[1]", #"[""]"#, #"["a\u0000"]"#, "[\(long(129))]",
                "[\(Array(repeating: #""s""#, count: 101).joined(separator: ","))]",
            ],
            #","unlimited_until":"2027-01-01T00:00:00Z""#
        ),
        ("billing.wallet_settings", "unlimited_until", noTime, #","unlimited_services":["chat"]"#),
        ("billing.wallet_settings", "email", [#""nobody""#], #","trial_uses":3"#),
        ("billing.grant", "tokens", noTokens, ""),
        ("billing.grant", "reason", noText + [#""""#], #","tokens":1"#),
        ("billing.grant", "kind", ["1", #""free""#, #""PAID""#, #""""#, "{}"], #","tokens":1"#),
        ("billing.grant", "priority", ["-1", "101", "1.5", #""1""#, "9223372036854775808"], #","tokens":1"#),
        ("billing.grant", "effective_at", noTime, #","tokens":1"#),
        ("billing.grant", "expires_at", noTime + [#""2026-11-20T00:00:00Z""#], #","tokens":1,"effective_at":"2026-11-21T00:00:00Z""#),
        ("billing.grant", "idempotency_key", noText + [long(256), #""""#], #","tokens":1"#),
        ("billing.adjust", "tokens", noTokens.filter { $0 != "-1" } + ["-1000000000000001"], #","reason":"why""#),
        ("billing.adjust", "reason", noText + [long(1001), #""""#], #","tokens":1"#),
    ]

    static let incomplete: [(type: String, data: String, field: String)] = [
        ("billing.grant", "{}", "tokens"), ("billing.grant", #"{"tokens":null}"#, "tokens"),
        ("billing.adjust", #"{"reason":"why"}"#, "tokens"), ("billing.adjust", #"{"tokens":1}"#, "reason"),
        ("billing.wallet_settings", "{}", "data"), ("billing.wallet_settings", #"{"actor":"ann","more":1}"#, "data"),
        ("billing.wallet_settings", #"{"unlimited_services":["a"]}"#, "unlimited_until"),
        ("billing.wallet_settings", #"{"unlimited_until":"2027-01-01T00:00:00Z"}"#, "unlimited_services"),
        ("billing.wallet_open", "[]", "data"), ("billing.wallet_open", #""x""#, "data"), ("billing.wallet_suspend", "null", "data"),
    ]

    @Test func everyFieldIsHeldAgainstItsRule() throws {
        try BillingWorld.with("badfields") { world in
            try world.ask("billing.grant", #"{"tokens":10,"idempotency_key":"k"}"#)
            let before = try world.snapshot()
            for (type, field, values, rest) in Self.table {
                for value in values {
                    let reply = try world.ask(type, #"{"\#(field)":\#(value)\#(rest)}"#)
                    #expect(reply.refusal == "invalid_field \(field)", "\(type) \(field) \(value.prefix(40))")
                    #expect(reply.deadReason == nil)
                }
                let twice = try world.ask(type, #"{"\#(field)":\#(values[0]),"\#(field)":\#(values[0])\#(rest)}"#)
                #expect(twice.refusal == "invalid_field \(field)")
            }
            #expect(try world.snapshot() == before)
            // A refused field is no outcome: the id is free for the request put right.
            #expect(try world.value("SELECT count(*) FROM processed_requests") == "1")
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        try BillingWorld.with("missing") { world throws in
            for (type, data, field) in Self.incomplete {
                #expect(try world.ask(type, data).refusal == "invalid_field \(field)", "\(type) \(data)")
            }
            #expect(try world.ask(world.delivery("billing.wallet_open", nil)).refusal == "invalid_field data")
            #expect(try world.value("SELECT count(*) FROM organization_token_wallets") == "0")
        }
    }

    @Test func theOrganizationIsPrintableAndThere() throws {
        try BillingWorld.with("subjects") { world in
            for subject in [nil, "caf\u{e9}", "a\\nb", String(repeating: "x", count: 129)] {
                let reply = try world.ask(world.delivery("billing.wallet_open", "{}", organization: subject))
                #expect(reply.refusal == "invalid_field subject", "\(subject ?? "none")")
            }
            #expect(try world.value("SELECT count(*) FROM organization_token_wallets") == "0")
        }
    }

    @Test func nobodyWaitsSoItGoesToTheDeadLetters() throws {
        try BillingWorld.with("deadfields") { world in
            let reply = try world.ask(world.delivery("billing.grant", #"{"tokens":-1}"#, asked: false))
            #expect(reply.deadReason == "invalid_field" && reply.text == nil)
        }
    }

    @Test(arguments: [
        #"'; DROP TABLE token_lots; --"#, #"<script>alert(1)</script>"#, #"\\\" OR 1=1 /*"#, #"{\"a\":1}"#, "%s%n$1", "\u{202e}\u{1F4B8}",
    ])
    func everyStringIsOnlyAString(_ text: String) throws {
        try BillingWorld.with("injection") { world in
            let organization = #"' OR '1'='1 <b>&"#
            let answers = [
                try world.ask(
                    "billing.wallet_open", #"{"name":"\#(text)","billing_address":"\#(text)","tax_id":"\#(text)","actor":"\#(text)"}"#,
                    organization: organization),
                try world.ask(
                    "billing.grant", #"{"tokens":5,"reason":"\#(text)","idempotency_key":"\#(text)","actor":"\#(text)"}"#,
                    organization: organization),
                try world.ask("billing.adjust", #"{"tokens":-1,"reason":"\#(text)"}"#, organization: organization),
                try world.ask("billing.wallet_suspend", #"{"reason":"\#(text)"}"#, organization: organization),
                try world.ask(
                    "billing.wallet_settings", #"{"unlimited_services":["\#(text)"],"unlimited_until":"2027-01-01T00:00:00Z"}"#,
                    organization: organization),
            ]
            #expect(answers.allSatisfy { $0.isOK && $0.result?["organization"]?.text == organization })
            let meant = try JSONReader.read(Array("\"\(text)\"".utf8)).text
            for question in [
                "SELECT name FROM wallet_contacts", "SELECT reason FROM token_balance_history WHERE sequence = 2",
                "SELECT key FROM idempotency_keys",
                "SELECT services[1] FROM unlimited_coverage", "SELECT description FROM token_lots",
                "SELECT actor FROM token_audit_logs ORDER BY id",
                "SELECT after->'request'->>'reason' FROM token_audit_logs WHERE action = 'billing.adjust'",
            ] {
                #expect(try world.value(question) == meant, "\(question)")
            }
            #expect(try world.value("SELECT organization_id FROM organization_token_wallets") == organization)
            let suspended = try #require(try world.events().last)
            #expect(suspended.event["data"]?["reason"]?.text == meant && suspended.event["subject"]?.text == organization)
        }
    }

    @Test func numbersAtTheEdgeOfTheirBoundsAreTaken() throws {
        try BillingWorld.with("edges") { world throws in
            #expect(try world.ask("billing.grant", #"{"tokens":1e15,"priority":0}"#).result?.number("balance") == 1_000_000_000_000_000)
            #expect(try world.ask("billing.grant", #"{"tokens":1,"priority":100,"expires_at":"9999-12-31T23:59:59Z"}"#).isOK)
            #expect(try world.ask("billing.grant", #"{"tokens":1,"effective_at":"0001-01-01T00:00:00Z"}"#).isOK)
            #expect(try world.ask("billing.adjust", #"{"tokens":-1000000000000000,"reason":"x"}"#).result?.number("balance") == 2)
            #expect(
                try world.ask(
                    "billing.wallet_settings",
                    #"{"overdraft_limit":1000000000000000,"trial_uses":1000000000,"monthly_allowance":1000000000000000}"#
                ).isOK)
        }
    }
}
