import Messages
import Postgres
import PurserTesting
import Runtime
import Testing

@testable import Operator

@Suite("Commands on the database")
struct DatabaseCommandTests {
    @Test("migrate: check, forward, nothing to do, back, and forward again")
    func migrate() throws {
        try ScratchDatabase.with("migrate") { database in
            let environment = ["DATABASE_ADMIN_URL": database.url]
            let check = CommandRun(["migrate", "--check"], environment)
            #expect(check.code == .differences && check.output.contains("0001_roles"))
            #expect(CommandRun(["migrate"], environment).output.contains("applied    0003_ledger"))
            #expect(CommandRun(["migrate", "--check"], environment).code == .done)
            #expect(CommandRun(["migrate"], environment).output.contains("nothing to do"))
            let back = CommandRun(["migrate", "--to", "2", "--json"], environment)
            let backJSON = try back.json()
            #expect(back.code == .done && backJSON["steps"]?.elements?.first?["direction"]?.text == "back")
            let beyond = CommandRun(["migrate", "--to", "999"], environment)
            #expect(beyond.code == .usage && beyond.errors.contains("--to"))
            #expect(CommandRun(["migrate", "--to", "0"], environment).code == .done)
        }
    }

    @Test("going back over a ledger with rows has to be asked for")
    func migrateBack() throws {
        try DatabaseFixture.with("back") { database, connection in
            try DatabaseFixture.grant(["a"], times: 1, on: connection)
            let environment = ["DATABASE_ADMIN_URL": database.url]
            for target in ["5", "0"] {
                let run = CommandRun(["migrate", "--to", target], environment)
                #expect(run.code == .usage && run.errors.contains("--yes is missing: the ledger has rows"), "\(run.errors)")
            }
            #expect(CommandRun(["migrate", "--check"], environment).code == .done, "nothing was taken back")
            #expect(CommandRun(["migrate", "--to", "0", "--yes"], environment).code == .done)
            #expect(CommandRun(["migrate", "--to", "2"], environment).code == .done, "forward needs no leave")
        }
    }

    @Test("refusals are listed, the latest first, each reason that the table knows")
    func refusals() throws {
        try DatabaseFixture.with("refusals") { database, connection in
            for (index, reason) in RefusalLine.reasons.enumerated() {
                let accepted = index == 1 ? "now()" : "NULL"
                try connection.run(
                    "INSERT INTO usage_refusals VALUES ('/crm', 'e\(index)', decode(repeat('00', 32), 'hex'), 'org-\(index % 2)', 's', "
                        + "'\(reason)', \(index + 1), '2026-11-20Z', timestamptz '2026-11-20Z' + interval '\(index) h', \(accepted))")
            }
            let environment = ["DATABASE_URL": database.url]
            func ids(_ options: [String]) throws -> [String] {
                let json = try CommandRun(["refusals", "list", "--json"] + options, environment).json()
                return (json["refusals"]?.elements ?? []).compactMap { $0["id"]?.text }
            }
            #expect(try ids([]) == ["e5", "e4", "e3", "e2", "e1", "e0"])
            #expect(try ids(["--organization", "org-1"]) == ["e5", "e3", "e1"])
            #expect(try ids(["--organization", "org-1", "--open"]) == ["e5", "e3"])
            #expect(try ids(["--reason", "too_old"]) == ["e4"])
            let few = CommandRun(["refusals", "list", "--limit", "2"], environment)
            #expect(few.code == .done && few.output.contains("/crm e5") && !few.output.contains("e3") && few.output.contains("and more"))
            let json = try CommandRun(["refusals", "list", "--reason", "unknown_organization", "--json"], environment).json()
            let row = try #require(json["refusals"]?.elements?.first)
            #expect(
                row["count"]?.whole == 2 && row["first_seen"]?.text?.hasPrefix("2026-11-20T00:00:00") == true
                    && row["accepted_at"]?.text != nil)
            #expect(CommandRun(["refusals", "list", "--organization", "nobody"], environment).output == "no refusals\n")
        }
    }

    @Test("a wallet is shown with its settings, its contact and what covers it")
    func cover() throws {
        try DatabaseFixture.with("cover") { database, connection in
            try DatabaseFixture.grant(["a"], times: 1, on: connection)
            try connection.run(
                "INSERT INTO unlimited_coverage (wallet_id, services, starts_at, ends_at, origin) VALUES "
                    + "(1, '{ai.chat,ai.voice}', now(), '2099-01-01Z', 'settings'), (1, '{gone}', '2020-01-01Z', '2021-01-01Z', 'settings')"
            )
            try connection.run(
                "INSERT INTO wallet_contacts (wallet_id, name, billing_address, tax_id, email) VALUES (1, 'Ada Ltd', '1 High St', 'T-1', 'a@b.c') "
                    + "ON CONFLICT (wallet_id) DO UPDATE SET (name, billing_address, tax_id, email) = ('Ada Ltd', '1 High St', 'T-1', 'a@b.c')"
            )
            let environment = ["DATABASE_URL": database.url]
            let text = CommandRun(["wallet", "show", "a"], environment).output
            for words in ["ai.chat, ai.voice", "2099-01-01T00:00:00Z", "1 High St", "T-1", "a@b.c", "Ada Ltd", "monthly_allowance"] {
                #expect(text.contains(words), "\(words) in \(text)")
            }
            #expect(!text.contains("gone"))
            let json = try CommandRun(["wallet", "show", "a", "--json"], environment).json()
            #expect(json["covers"]?.elements?.count == 1 && json["covers"]?.elements?[0]["services"]?.elements?.count == 2)
            #expect(json["billing_address"]?.text == "1 High St" && json["tax_id"]?.text == "T-1" && json["email"]?.text == "a@b.c")
        }
    }

    @Test("without tables every reader says what mends it")
    func noTables() throws {
        try ScratchDatabase.with("empty") { database in
            for line in [["wallet", "list"], ["rates", "list"], ["ledger", "verify"], ["config", "set", "system.enabled", "true"]] {
                let run = CommandRun(line, ["DATABASE_URL": database.url])
                #expect(run.code == .configuration && run.errors.contains("purser migrate"), "\(line): \(run.errors)")
            }
        }
    }

    @Test("wallets are listed and shown with what can be used")
    func wallets() throws {
        try DatabaseFixture.with("wallets") { database, connection in
            try DatabaseFixture.grant(["a", "b"], times: 2, on: connection)
            try connection.run("UPDATE token_lots SET effective_at = now() - interval '1 day'")
            // Of one wallet a lot has ended without its expiry being posted, and part of the other is held.
            try connection.run("UPDATE token_lots SET expires_at = now() - interval '1 hour' WHERE wallet_id = 1 AND lot_id = 1")
            let environment = ["DATABASE_URL": database.url]
            let list = try CommandRun(["wallet", "list", "--json"], environment).json()["wallets"]?.elements ?? []
            #expect(list.map { $0["balance"]?.whole } == [101, 201] && list.map { $0["current_balance"]?.whole } == [201, 201])
            #expect(try CommandRun(["wallet", "list", "--under", "200", "--json"], environment).json()["wallets"]?.elements?.count == 1)
            #expect(try CommandRun(["wallet", "list", "--after", "a", "--json"], environment).json()["wallets"]?.elements?.count == 1)
            let shown = CommandRun(["wallet", "show", "a"], environment)
            #expect(shown.code == .done && shown.output.contains("lots, in the order in which they pay") && shown.output.contains("grant"))
            let json = try CommandRun(["wallet", "show", "a", "--json"], environment).json()
            #expect(json["balance"]?.whole == 101 && json["lots"]?.elements?.count == 2 && json["ledger"]?.elements?.count == 2)
            let nobody = CommandRun(["wallet", "show", "'; DROP TABLE token_lots; --"], environment)
            #expect(nobody.code == .differences && nobody.errors.contains("has no wallet"))
        }
    }

    @Test("the switch is set, and who did it is written down once per change")
    func settings() throws {
        try DatabaseFixture.with("settings") { database, connection in
            let environment = ["DATABASE_URL": database.url, "USER": "ada"]
            #expect(CommandRun(["config", "set", "system.enabled", "false"], environment).output.contains("is now false"))
            #expect(CommandRun(["config", "set", "system.enabled", "false"], environment).output.contains("already"))
            #expect(CommandRun(["config", "set", "system.enabled", "true", "--actor", "bob"], environment).code == .done)
            let rows = try connection.query(DatabaseCommandTests.audit)
            #expect((0..<rows.count).map { rows.text($0, 0) } == ["operator:ada", "bob"])
            #expect(rows.isNull(0, 1) && rows.text(1, 1) == "{\"system.enabled\":false}")
            #expect(try CommandRun(["config", "show", "--json"], environment).json()["system.enabled"]?.bool == true)
        }
    }

    private static let audit = Statement("test_audit", "SELECT actor, before FROM token_audit_logs ORDER BY id")

    @Test("secrets are masked wherever the configuration is shown")
    func secrets() {
        let environment = ["AMQP_URL": "amqp://u:hidden@127.0.0.1/x", "STRIPE_SECRET_KEY": "hidden"]
        for options in [[], ["--json"]] {
            let run = CommandRun(["config", "show"] + options, environment)
            #expect(run.code == .done && !run.output.contains("hidden") && run.output.contains("***"))
        }
    }

    @Test("status and doctor tell what they see, and what they cannot")
    func overview() throws {
        try BrokerFixture.with("overview") { broker in
            try DatabaseFixture.with("overview") { database, connection in
                try broker.declareUsage(queue: "purser.usage.0")
                try connection.run("INSERT INTO consumer_heartbeats (program, instance, partitions) VALUES ('meter', 'm1', '{0,1}')")
                try connection.run(
                    "INSERT INTO consumer_heartbeats (program, instance, shard, shards, partitions) VALUES ('meter', 'm2', 0, 2, '{1}')")
                try connection.run(
                    "INSERT INTO outbox (program, exchange, routing_key, properties, headers, body) "
                        + "VALUES ('billing', 'e', 'k', '{}', '{}', '')")
                let environment = broker.environment.merging(["DATABASE_URL": database.url]) { $1 }
                let status = CommandRun(["status", "--json"], environment)
                let json = try status.json()
                #expect(status.code == .done && json["programs"]?.elements?.first?["alive"]?.bool == true, "\(status.output)")
                #expect(json["outbox"]?["billing"]?.whole == 1 && json["queues"]?.elements?.first?["name"]?.text == "purser.usage.0")
                #expect(json["programs"]?.elements?.map { $0["shard"]?.text } == ["1/1", "2/2"])
                let shown = CommandRun(["status"], environment).output
                #expect(shown.contains("outbox of billing: 1") && shown.contains("prefers") && !shown.contains("partitions"))
                let doctor = CommandRun(["doctor"], environment)
                #expect(doctor.code == .differences && doctor.output.contains("mend: purser topology apply"))
                #expect(doctor.output.contains("ok       tables: at version"))
                var away = environment
                away["AMQP_URL"] = "amqp://u:hidden-word@127.0.0.1:9/x"
                away["AMQP_ADMIN_URL"] = nil
                let half = CommandRun(["status", "--json"], away)
                let halfJSON = try half.json()
                #expect(half.code == .unavailable && halfJSON["problems"]?.elements?.count == 1)
                #expect(!half.output.contains("hidden-word") && !CommandRun(["doctor"], away).output.contains("hidden-word"))
            }
        }
    }
}
