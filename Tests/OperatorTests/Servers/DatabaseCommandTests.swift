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
                    "INSERT INTO outbox (program, exchange, routing_key, properties, headers, body) "
                        + "VALUES ('billing', 'e', 'k', '{}', '{}', '')")
                let environment = broker.environment.merging(["DATABASE_URL": database.url]) { $1 }
                let status = CommandRun(["status", "--json"], environment)
                let json = try status.json()
                #expect(status.code == .done && json["programs"]?.elements?.first?["alive"]?.bool == true, "\(status.output)")
                #expect(json["outbox"]?["billing"]?.whole == 1 && json["queues"]?.elements?.first?["name"]?.text == "purser.usage.0")
                #expect(CommandRun(["status"], environment).output.contains("outbox of billing: 1"))
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
