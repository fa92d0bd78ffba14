import Testing

@testable import Runtime

@Suite struct ConfigurationTests {
    private func mistakes(
        _ environment: [String: String], required: Set<Setting> = [], files: [String: String] = [:]
    ) -> [String] {
        let reader = ConfigurationReader(environment: environment, required: required) { path in
            files[path].map { .success($0) } ?? .failure(.init(reason: "does not exist"))
        }
        do {
            _ = try reader.read()
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func defaultsAreThoseOfTheSpecification() throws {
        let configuration = try Configuration.defaults()
        #expect(configuration.isTokenSystemEnabled)
        #expect(configuration.tokenPrice == 5000)
        #expect(configuration.currency == "USD")
        #expect(configuration.expirationDays == nil)
        #expect(configuration.lowBalance == .tokens(100))
        #expect(configuration.criticalBalance == .tokens(50))
        #expect(configuration.taxRate == 1600)
        #expect(configuration.welcomeGrant == 0 && configuration.monthlyAllowance == 0 && configuration.trialUses == 0)
        #expect(configuration.text(.tokenCatalog) == "organization")
        #expect(configuration.text(.tokenRenewalReminderDays) == "7,1")
        #expect(configuration.integer(.tokenPurchaseMax) == 1_000_000)
        #expect(configuration.integer(.tokenAuditRetentionMonths) == 84)
        #expect(configuration.lateWindowSeconds == 3600)
        #expect(configuration.usagePartitions == 8)
        #expect(configuration.batchMessages == 4000)
        #expect(configuration.drainTime == .seconds(25))
        #expect(configuration.shard == .whole)
        #expect(configuration.crashTrap == nil)
        #expect(configuration.text(.amqpURL) == nil)
    }

    @Test func theEnvironmentWinsOverTheFile() throws {
        let file = """
            # a comment
            export TOKEN_TRIAL_USES=3
            TOKEN_CURRENCY = "EUR"\r
              TOKEN_CATALOG='credits'
            TOKENS_ENABLED=off
            """
        let reader = ConfigurationReader(environment: ["PURSER_CONFIG": "/etc/p", "TOKEN_TRIAL_USES": "5"]) { _ in .success(file) }
        let configuration = try reader.read()
        #expect(configuration.trialUses == 5)
        #expect(configuration.currency == "EUR")
        #expect(configuration.text(.tokenCatalog) == "credits")
        #expect(!configuration.isTokenSystemEnabled)
    }

    @Test func secretsMayStandInFiles() throws {
        let reader = ConfigurationReader(environment: ["DATABASE_URL_FILE": "/run/secret"]) { _ in .success("postgresql://p:pw@h/d\n") }
        #expect(try reader.read().text(.databaseURL) == "postgresql://p:pw@h/d")
        #expect(mistakes(["STRIPE_SECRET_KEY_FILE": "/no"]) == ["STRIPE_SECRET_KEY_FILE: names a file that does not exist"])
        #expect(
            mistakes(["STRIPE_SECRET_KEY_FILE": "/a", "STRIPE_SECRET_KEY": "b"], files: ["/a": "c"])
                == ["STRIPE_SECRET_KEY_FILE: is set together with STRIPE_SECRET_KEY; set one of them"])
        #expect(mistakes(["TOKEN_CURRENCY_FILE": "/a"]).first?.hasPrefix("TOKEN_CURRENCY_FILE: is not a variable of Purser") == true)
    }

    @Test func allMistakesAreReportedTogether() {
        let found = mistakes(
            [
                "TOKEN_TRIAL_USES": "-1", "TOKEN_CURENCY": "EUR", "PURSER_NONSENSE_XYZZY": "1", "LOG_LEVEL": "loud",
                "TOKEN_PURCHASE_MIN": "5", "TOKEN_PURCHASE_MAX": "4", "PATH": "/bin", "PURSER_TEST_AMQP_URL": "x",
                "TOKENS_ENABLED": "maybe",
            ], required: [.amqpURL])
        #expect(
            found == [
                "AMQP_URL: must be set",
                "LOG_LEVEL: must be one of debug, info, warning, warn, error",
                "TOKENS_ENABLED: must be true or false",
                "TOKEN_CURENCY: is not a variable of Purser; did you mean TOKEN_CURRENCY?",
                "TOKEN_PURCHASE_MIN: must not be above TOKEN_PURCHASE_MAX",
                "TOKEN_TRIAL_USES: must be a whole number from 0 to 9223372036854775807",
            ])
    }

    @Test func aFileIsHeldToItsNames() {
        let found = mistakes(["PURSER_CONFIG": "/c"], files: ["/c": "AMQP_URL=amqp://h\nAMQP_ULR=x\nnonsense\nAMQP_URL=amqp://g"])
        #expect(
            found == [
                "AMQP_ULR: is not a variable of Purser; did you mean AMQP_URL?",
                "AMQP_URL: stands twice in the file of PURSER_CONFIG",
                "PURSER_CONFIG: line 3 is not NAME=value",
            ])
        #expect(mistakes(["PURSER_CONFIG": "/none"]) == ["PURSER_CONFIG: names a file that does not exist"])
    }

    @Test(arguments: [
        ("TOKEN_TRIAL_USES", ["", " 1", "1 ", "1.0", "+1", "1e3", "9223372036854775808", "NaN", "1\0", "١"]),
        ("DEFAULT_TOKEN_PRICE", ["-0.5", ".5", "0.", "0.12345", "1,5", "NaN", "1000000.0001", "0x1", "--1", "99999999999999"]),
        ("TOKEN_INVOICE_TAX_RATE", ["1.01", "16%", "2"]),
        ("TOKEN_CURRENCY", ["usd", "US", "USDX", "U$D"]),
        ("TOKEN_LOW_BALANCE_THRESHOLD", ["101%", "-1", "%", "ten", "5%%"]),
        ("TOKEN_RENEWAL_REMINDER_DAYS", ["7,", "7;1", "0", "366", "seven"]),
        ("AMQP_URL", ["http://h", "amqp://", "h", "amqp://a b", "amqp://ü"]),
        ("DATABASE_URL", ["mysql://h/d", "postgresql://"]),
        ("PURSER_SHARD", ["1", "3/2", "1/0", "-1/2", "1/65", "a/b", "1/2/3", "/2", "1/"]),
        ("PURSER_METRICS_PORT", ["65536", "-1", "http"]),
        ("PURSER_CRASH_POINT", ["nowhere", "received:0", "received:x", "received:"]),
        ("PURSER_TIME_TRAVEL", ["2", "t"]),
        ("TOKEN_CATALOG", [String(repeating: "x", count: 65), "a\u{1B}b"]),
    ])
    func wrongValuesAreNamed(_ name: String, _ values: [String]) {
        for value in values where !value.isEmpty {
            let found = mistakes([name: value])
            #expect(found.count == 1 && found[0].hasPrefix("\(name): must be"), "\(value): \(found)")
        }
    }

    @Test func anEmptyValueIsNotSet() throws {
        #expect(try ConfigurationReader(environment: ["TOKEN_TRIAL_USES": "", "AMQP_URL": ""]).read().text(.amqpURL) == nil)
    }

    @Test func everyDefaultIsAValueOfItsKind() throws {
        for setting in Setting.allCases {
            guard let fallback = setting.entry.fallback else { continue }
            _ = try setting.entry.kind.read(fallback)
        }
    }

    @Test func shardsCountFromZeroOrOne() {
        #expect(Shard("0/2") == Shard("2/2"))
        #expect(Shard("1/2")?.index == 1)
        #expect(["1/1", "1/2", "2/2", "0/2", "64/64"].map { Shard($0)?.name } == ["1/1", "1/2", "2/2", "2/2", "64/64"])
        #expect(Shard.whole.part(lane: 1, of: 2) == Shard("1/2"))
        #expect(Shard("1/2")?.part(lane: 1, of: 2) == Shard("3/4"))
    }
}
