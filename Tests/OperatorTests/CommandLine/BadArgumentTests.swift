import Runtime
import Testing

@testable import Operator

/// Values that make no sense, each with the words that name it. No server is there: whoever gets as far as asking one fails with 78.
@Suite("Bad arguments")
struct BadArgumentTests {
    static let table: [(line: [String], words: String)] = [
        (["wallet", "grant", "org", "--tokens", "x"], "--tokens must be a whole number"),
        (["wallet", "grant", "org", "--tokens", "0"], "--tokens must be"),
        (["wallet", "grant", "org", "--tokens", "-1"], "--tokens must be"),
        (["wallet", "grant", "org", "--tokens", "1e3"], "--tokens must be"),
        (["wallet", "grant", "org", "--tokens", "NaN"], "--tokens must be"),
        (
            ["wallet", "grant", "org", "--tokens", "9223372036854775808"],
            "--tokens must be a whole number from -9223372036854775808 to 9223372036854775807"
        ),
        (
            ["wallet", "grant", "org", "--tokens", "1", "--effective-at", "2027-01-02T00:00:00Z", "--expires-at", "2027-01-01T00:00:00Z"],
            "--expires-at must be later than --effective-at"
        ),
        (["check", "org", "--service", "s", "--no-wait"], "--no-wait is not an option of check"),
        (["wallet", "grant", "org", "--tokens", "1", "--kind", "golden"], "--kind must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--priority", "101"], "--priority must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--expires-at", "tomorrow"], "--expires-at must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--effective-at", "2026-02-30T00:00:00Z"], "--effective-at must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--idempotency-key", ""], "--idempotency-key must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--actor", ""], "--actor must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--request-id", ""], "--request-id must be"),
        (["wallet", "grant", "org", "--tokens", "1", "--deadline", "0"], "--deadline must be"),
        (["wallet", "grant", String(repeating: "o", count: 129), "--tokens", "1"], "ORG must be"),
        (["wallet", "grant", "müller", "--tokens", "1"], "ORG must be"),
        (["wallet", "adjust", "org", "--tokens", "0", "--reason", "r"], "--tokens must be other than 0"),
        (["wallet", "adjust", "org", "--tokens", "5", "--reason", ""], "--reason must be"),
        (["wallet", "open", "org", "--email", "nobody"], "--email must be"),
        (["wallet", "open", "org", "--tax-id", String(repeating: "1", count: 65)], "--tax-id must be"),
        (["wallet", "settings", "org"], "at least one option is needed"),
        (["wallet", "settings", "org", "--overdraft-limit", "-1"], "--overdraft-limit must be"),
        (["wallet", "settings", "org", "--overdraft-limit", "endless"], "--overdraft-limit must be"),
        (["wallet", "settings", "org", "--unlimited-services", "a"], "--unlimited-until is missing"),
        (["wallet", "settings", "org", "--trial-uses", "-3"], "--trial-uses must be"),
        (["wallet", "list", "--limit", "0"], "--limit must be"),
        (["wallet", "list", "--under", "few"], "--under must be"),
        (["wallet", "show", "org", "--rows", "-1"], "--rows must be"),
        (["wallet", "show", ""], "ORG must not be empty"),
        (["rates", "set", "s"], "--tokens-per-unit is missing"),
        (
            ["rates", "set", "s", "--tokens-per-unit", "1", "--pass-through"],
            "--tokens-per-unit must be absent where --pass-through is true"
        ),
        (["rates", "set", "s", "--tokens-per-unit", "-1"], "--tokens-per-unit must be"),
        (["rates", "set", String(repeating: "s", count: 129), "--pass-through"], "SERVICE must be"),
        (["check", "org", "--service", ""], "--service must be"),
        (["check", "org", "--service", "s", "--quantity", "1.5"], "--quantity must be"),
        (["hold", "place", "org", "h", "--service", "s", "--timeout", "604801"], "--timeout must be"),
        (["hold", "place", "org", String(repeating: "h", count: 129), "--service", "s", "--timeout", "1"], "HOLD must be"),
        (["hold", "capture", "org", "h", "--tokens", "-1"], "--tokens must be"),
        (["refund", "usage", "org", "--source", "", "--id", "1"], "--source must be"),
        (["publish", "billing.nothing"], "TYPE: billing.nothing is no type"),
        (["publish", "usage.recorded"], "TYPE: usage has a command of its own"),
        (["publish", "wallet-open", "--data", "{"], "--data is not JSON"),
        (["publish", "wallet-open", "--data", "[]"], "--data must be a JSON object"),
        (["publish", "grant", "--data", "{\"tokens\":\"1\"}"], "--data: tokens must be"),
        (["publish", "grant", "--data", "{\"tokens\":1,\"tokens\":2}"], "--data: tokens stands twice"),
        (["publish", "wallet-open", "--subject", "a\tb"], "--subject must be"),
        (["publish", "wallet-open", "--id", ""], "--id must be"),
        (["publish", "usage"], "--organization is missing"),
        (["publish", "usage", "--organization", "o"], "--service is missing"),
        (["publish", "usage", "--organization", "o", "--service", "s", "--quantity", "0"], "--quantity must be"),
        (["publish", "usage", "--organization", "o", "--service", "s", "--metadata", "1"], "--metadata must be"),
        (["publish", "usage", "--organization", "o", "--service", "s", "--time", "now-ish"], "--time must be"),
        (["publish", "usage", "--organization", "o", "--service", "s", "--repeat", "2"], "--repeat is for"),
        (["publish", "usage", "--file", "f", "--csv", "c"], "--file and --csv exclude"),
        (["publish", "usage", "--file", "f", "--map", "time=A"], "--map is for --csv"),
        (["publish", "usage", "--file", "f", "--quantity", "2"], "--quantity is for a single event"),
        (["publish", "usage", "--organization", "o", "--organizations", "p"], "--organizations is for --file and --csv"),
        (["publish", "usage", "--file", "-", "--resume", "state"], "--resume is for files"),
        (["purchase", "buy", "org"], "--package is missing"),
        (["purchase", "buy", "org", "--package", "p", "--tokens", "1"], "--package must be absent where tokens is present"),
        (["purchase", "buy", "org", "--package", "p", "--success-url", "https://a.example"], "--cancel-url is missing"),
        (["purchase", "buy", "org", "--package", "p", "--success-url", "ftp://a", "--cancel-url", "https://b"], "--success-url must be"),
        (["purchase", "buy", "org", "--package", "p", "--metadata", "[1]"], "--metadata must be a JSON object"),
        (["purchase", "buy", "org", "--tokens", "0"], "--tokens must be"),
        (["purchase", "execute", "REF-1"], "REF must be REF- and 26 characters"),
        (["purchase", "trace", "ref-aaaaaaaaaaaaaaaaaaaaaaaaaa"], "REF must be REF- and 26 characters"),
        (["purchase", "list", "--limit", "0"], "--limit must be"),
        (["purchase", "list", "müller"], "ORG must be"),
        (["invoice", "show", "X-1"], "DOCUMENT must be INV-"),
        (["method", "add", "org", "--gateway", "other", "--reference", "r"], "--gateway must be stripe or paystack"),
        (["method", "add", "org", "--gateway", "stripe"], "--reference is missing"),
        (["packages", "set", "p", "--name", "P", "--tokens", "1", "--price", "1.00001"], "--price must be"),
        (["publish", "purchase"], "--organization is missing"),
        (["publish", "purchase", "--organization", "o"], "--package is missing"),
        (["publish", "purchase", "--organization", "o", "--package", "p", "--window", "2"], "--window is for --file"),
        (["publish", "purchase", "--file", "f", "--id", "same"], "--id: it must hold {row}"),
        (["migrate", "--to", "x"], "--to must be"),
        (["migrate", "--to", "1", "--check"], "--check and --to exclude"),
        (["dead", "retry"], "one of --id, --reason and --all"),
        (["dead", "retry", "--all", "--id", "x"], "--all excludes"),
        (["dead", "discard", "--all"], "--yes is missing"),
        (["dead", "list", "--limit", "70000"], "--limit must be"),
        (["status", "--interval", "0"], "--interval must be"),
        (["config", "set", "system.enabled", "maybe"], "VALUE must be one of"),
        (["config", "set", "speed", "true"], "NAME must be one of"),
        (["completion", "fish"], "SHELL must be one of"),
        (["ledger", "verify", "ü"], "ORG must be"),
    ]

    @Test("each is refused with 64 and named", arguments: table.indices)
    func refused(_ index: Int) {
        let (line, words) = BadArgumentTests.table[index]
        let run = CommandRun(line)
        #expect(run.code == .usage && run.errors.contains(words), "\(line): \(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test("without servers a command names the variable that is missing, and exits 78")
    func noServers() {
        let lines = [
            (["wallet", "list"], "DATABASE_URL"), (["status"], "DATABASE_URL"), (["ledger", "verify"], "DATABASE_URL"),
            (["wallet", "open", "o"], "AMQP_URL"), (["topology", "check"], "AMQP_ADMIN_URL"), (["migrate"], "DATABASE_ADMIN_URL"),
            (["dead", "list"], "AMQP_URL"), (["rates", "list"], "DATABASE_URL"),
            (["config", "set", "system.enabled", "true"], "DATABASE_URL"),
        ]
        for (line, name) in lines {
            let run = CommandRun(line)
            #expect(run.code == .configuration && run.errors.contains("\(name): must be set"), "\(line): \(run.errors)")
            #expect(run.errors.contains(".run/env"))
        }
    }

    @Test("a value that is wrong is not taken for one that is missing")
    func wrongValue() {
        let run = CommandRun(["wallet", "list"], ["DATABASE_URL": "mysql://x"])
        #expect(run.code == .configuration && run.errors.contains("purser config example") && !run.errors.contains(".run/env"))
    }

    @Test("the doctor sends nobody to the doctor")
    func doctor() {
        let away = ["DATABASE_URL": "postgresql://x@127.0.0.1:9/x", "AMQP_URL": "amqp://x:y@127.0.0.1:9/x"]
        let run = CommandRun(["doctor"], away.merging(["AMQP_ADMIN_URL": "http://x:y@127.0.0.1:9"]) { $1 })
        #expect(
            run.code == .differences && run.output.contains("mend: start the broker") && run.output.contains("mend: start the database"))
        #expect(!run.output.contains("purser doctor"))
        #expect(BrokerChecks.mend([.missing, .extra]).hasPrefix("purser topology apply"))
        #expect(!BrokerChecks.mend([.blocked]).contains("purser topology apply"))
    }

    @Test("the doctor hints at a key of a payment gateway without telling it")
    func keys() {
        let none = CommandRun(["doctor"])
        #expect(none.output.contains("warning  payments: there is no key for any gateway here"))
        let one = CommandRun(["doctor"], ["PAYSTACK_SECRET_KEY": "sk_test_hidden"])
        #expect(one.output.contains("payments: there are keys for Paystack") && !one.output.contains("hidden"))
    }

    @Test("a server that is not there is told within the time to connect, with 69")
    func awayServers() {
        let away = ["DATABASE_URL": "postgresql://x@127.0.0.1:9/x", "AMQP_URL": "amqp://x:secret@127.0.0.1:9/x"]
        for line in [["wallet", "list"], ["wallet", "open", "o"], ["dead", "list"]] {
            let run = CommandRun(line, away)
            #expect(run.code == .unavailable && !run.errors.contains("secret"), "\(line): \(run.errors)")
        }
    }
}
