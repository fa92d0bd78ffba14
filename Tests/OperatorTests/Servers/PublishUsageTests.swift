import AMQP
import Glibc
import Messages
import Runtime
import Testing

@testable import Operator

@Suite("Publishing usage")
struct PublishUsageTests {
    private static let trace: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        return parts.joined(separator: "/") + "/Tests/Data/azure-llm-2023-conversation.csv"
    }()

    private static let mapping = [
        "--map", "tokens=ContextTokens+GeneratedTokens,time=TIMESTAMP", "--organizations", "org-{row%40}", "--service", "llm.chat",
    ]

    private func tokens(_ events: [UsageRecorded]) -> Int64 {
        events.reduce(0) { sum, event in if case .whole(let tokens) = event.tokens { sum + tokens } else { sum } }
    }

    @Test("the trace goes out as it is: every row once, the sum exact, the last one at the moment")
    func trace() throws {
        try BrokerFixture.with("trace") { broker in
            try broker.declareUsage()
            let folder = try ScratchFolder()
            let line = ["publish", "usage", "--csv", PublishUsageTests.trace, "--shift-time-to", "2026-11-20T10:00:00Z", "--json"]
            let run = CommandRun(
                line + PublishUsageTests.mapping + ["--resume", folder.path + "/state"], broker.environment)
            #expect(run.code == .done)
            let report = try run.json()
            #expect(report["published"]?.whole == 19_366 && report["tokens"]?.whole == 26_450_535 && report["refused"]?.whole == 0)
            let events = try broker.drainUsage()
            #expect(events.count == 19_366 && tokens(events) == 26_450_535)
            #expect(Set(events.map(\.id)) == Set((1...19_366).map { "azure-llm-2023-conversation.csv:\($0)" }))
            let last = try #require(events.first { $0.id.hasSuffix(":19366") })
            #expect(last.time == EventTime.microseconds("2026-11-20T10:00:00Z") && last.organization == "org-6")
            let (first, second) = (
                try #require(events.first { $0.id.hasSuffix(":1") }), try #require(events.first { $0.id.hasSuffix(":2") })
            )
            #expect(second.time - first.time == 4_314_579)
            #expect(access(folder.path + "/state", F_OK) != 0, "the state is removed at the end")
        }
    }

    /// Starts the built program.
    private func start(_ words: [String], _ environment: [String: String]) throws -> pid_t {
        let arguments = ([Self.program] + words).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process = pid_t()
        try #require(posix_spawn(&process, Self.program, nil, nil, arguments, variables) == 0, "\(Self.program) cannot be started")
        return process
    }

    private static let program: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        return parts.joined(separator: "/") + "/.build/debug/purser"
    }()

    @Test("killed in the middle, the same command goes on after the last confirmed row")
    func resume() throws {
        try BrokerFixture.with("resume") { broker in
            try broker.declareUsage()
            let folder = try ScratchFolder()
            let state = folder.path + "/state"
            let line =
                ["publish", "usage", "--csv", PublishUsageTests.trace, "--shift-time-to", "now", "--window", "200", "--resume", state]
                + PublishUsageTests.mapping
            let process = try start(line, broker.environment)
            try broker.waitForDepth("seen", 4000)
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
            try #require(status & 0x7F == SIGKILL, "it was over before it could be killed")
            let run = CommandRun(line + ["--json"], broker.environment)
            #expect(run.code == .done, "\(run.errors)")
            let published = try #require(try run.json()["published"]?.whole)
            #expect(published > 0 && published < 19_366, "the second run began anew")
            #expect(run.errors.contains("going on after row"))
            let events = try broker.drainUsage()
            #expect(Set(events.map(\.id)).count == 19_366)
            // The moment is kept, or the two runs would have sent different events under the same ids.
            #expect(Set(events.map { "\($0.id) \($0.time)" }).count == 19_366)
        }
    }

    @Test("what no queue takes is told with its row, and the exit code is 1")
    func returned() throws {
        try BrokerFixture.with("returned") { broker in
            try broker.declareUsage(queue: nil)
            let folder = try ScratchFolder()
            let file = try folder.file("e.ndjson", "{\"organization\":\"a\",\"service\":\"s\"}\n{\"organization\":\"b\",\"service\":\"s\"}")
            let run = CommandRun(["publish", "usage", "--file", file, "--resume", folder.path + "/state"], broker.environment)
            #expect(run.code == .differences)
            #expect(run.output.contains("row 1: routing no queue took it (312") && run.output.contains("row 2: routing"))
            let single = CommandRun(["publish", "usage", "--organization", "a", "--service", "s"], broker.environment)
            #expect(single.code == .differences && single.output.contains("0 events published"))
        }
    }

    @Test("an exchange that is missing is told as a matter of configuration")
    func missingExchange() throws {
        try BrokerFixture.with("missing") { broker in
            let run = CommandRun(["publish", "usage", "--organization", "a", "--service", "s"], broker.environment)
            #expect(run.code == .configuration && run.errors.contains("purser topology apply"))
        }
    }

    @Test("bad rows are refused one by one and the rest goes out", arguments: [1, 3])
    func badRows(_ batch: Int) throws {
        try BrokerFixture.with("rows") { broker in
            try broker.declareUsage()
            let folder = try ScratchFolder()
            let file = try folder.file("u.csv", "Org,Tokens\r\nacme,5\r\nacme,five\r\n\"b\",7\r\nc\r\nmüller,1\r\n\"d, e\",9")
            let line = ["publish", "usage", "--csv", file, "--map", "organization=Org,tokens=Tokens", "--service", "llm", "--json"]
            let run = CommandRun(line + ["--batch", String(batch), "--resume", folder.path + "/state"], broker.environment)
            #expect(run.code == .differences)
            let report = try run.json()
            let refusals = (report["refusals"]?.elements ?? []).map { "\($0["row"]?.whole ?? 0) \($0["field"]?.text ?? "")" }
            #expect(refusals == ["2 Tokens", "4 row", "5 organization"])
            let events = try broker.drainUsage()
            #expect(events.map(\.organization) == ["acme", "b", "d, e"] && tokens(events) == 21)
            #expect(events.map(\.id) == ["u.csv:1", "u.csv:3", "u.csv:6"])
        }
    }

    @Test("batches of many events in one message")
    func batches() throws {
        try BrokerFixture.with("batches") { broker in
            try broker.declareUsage()
            let folder = try ScratchFolder()
            let file = try folder.file("e", (1...250).map { "{\"organization\":\"o-\($0)\",\"service\":\"s\"}" }.joined(separator: "\n"))
            let line = ["publish", "usage", "--file", file, "--batch", "100", "--resume", folder.path + "/state"]
            #expect(CommandRun(line, broker.environment).code == .done)
            #expect(try broker.depth("seen") == 3)
            let ids = try broker.drainUsage().map(\.id)
            #expect(ids.enumerated().allSatisfy { $1.hasPrefix("e:\($0 + 1):") } && ids.count == 250)
        }
    }

    @Test("a pipe without ids sends other events every time; a file sends the same ones until its lines change")
    func identities() throws {
        try BrokerFixture.with("identities") { broker in
            try broker.declareUsage()
            let folder = try ScratchFolder()
            let state = folder.path + "/state"
            func ids(_ option: String, _ path: String) throws -> [String] {
                let row = option == "--csv" ? ["--map", "tokens=N", "--organizations", "o", "--service", "s"] : []
                let resume = path.hasPrefix(folder.path) && !path.hasSuffix("pipe") ? ["--resume", state] : []
                let run = CommandRun(["publish", "usage", option, path] + row + resume, broker.environment)
                try #require(run.code == .done, "\(run.errors)")
                return try broker.drainUsage().map(\.id)
            }
            let lines = "{\"organization\":\"a\",\"service\":\"s\"}\n{\"organization\":\"b\",\"service\":\"s\"}\n"
            let first = try ids("--file", try folder.file("u.ndjson", lines))
            #expect(try ids("--file", try folder.file("u.ndjson", lines)) == first)
            let changed = try ids("--file", try folder.file("u.ndjson", lines.replacing("\"b\"", with: "\"c\"")))
            #expect(changed[0] == first[0] && changed[1] != first[1] && changed[1].hasPrefix("u.ndjson:2:"))
            #expect(try ids("--csv", try folder.file("u.csv", "N\n1\n2")) == ["u.csv:1", "u.csv:2"])

            for (option, text) in [("--file", lines), ("--csv", "N\n1\n2\n")] {
                let sent = try (0..<2).flatMap { _ in
                    let pipe = try PipedText(text)
                    return try ids(option, "/dev/fd/\(pipe.descriptor)")
                }
                #expect(Set(sent).count == 4 && sent.allSatisfy { $0.hasPrefix("stdin-") }, "\(sent)")
                #expect(sent[0].hasSuffix(":1") && sent[1].hasSuffix(":2"))
            }
        }
    }

    @Test("one event tells by what it is known")
    func identityOfOne() throws {
        try BrokerFixture.with("one") { broker in
            try broker.declareUsage()
            let line = ["publish", "usage", "--organization", "a", "--service", "s"]
            let run = CommandRun(line + ["--id", "x-1", "--source", "/crm"], broker.environment)
            #expect(run.code == .done && run.output.contains("id x-1, source /crm") && run.output.contains("purser refusals list"))
            let json = try CommandRun(line + ["--json"], broker.environment).json()
            let events = try broker.drainUsage()
            #expect(json["id"]?.text == events.last?.id && json["source"]?.text == "/purser/cli" && events.count == 2)
            let empty = CommandRun(["publish", "usage", "--file", "/dev/null"], broker.environment)
            #expect(empty.code == .done && empty.output.contains("0 events published") && !empty.output.contains("purser refusals list"))
        }
    }

    @Test("repeated and shuffled by a seed: every row as often as asked, in an order of its own that the seed fixes")
    func shuffled() throws {
        try BrokerFixture.with("shuffled") { broker in
            try broker.declareUsage()
            let folder = try ScratchFolder()
            let file = try folder.file("s.csv", "N\n" + (1...100).map { "\($0)\n" }.joined())
            var orders: [[String]] = []
            for seed in ["7", "7", "8"] {
                let line = ["publish", "usage", "--csv", file, "--map", "tokens=N", "--organizations", "o", "--service", "s"]
                let run = CommandRun(
                    line + ["--repeat", "3", "--shuffle", seed, "--resume", folder.path + "/state"], broker.environment)
                #expect(run.code == .done)
                orders.append(try broker.drainUsage().map(\.id))
            }
            #expect(orders[0] == orders[1] && orders[0] != orders[2])
            #expect(
                Dictionary(grouping: orders[2], by: { $0 }).mapValues(\.count)
                    == Dictionary(
                        uniqueKeysWithValues: (1...100).map { ("s.csv:\($0)", 3) }))
        }
    }

    @Test("files that are none", arguments: [["--file", "/no/such/file"], ["--csv", "/tmp"]])
    func noFiles(_ options: [String]) {
        let run = CommandRun(["publish", "usage"] + options)
        #expect(run.code == .noInput && run.errors.contains(options[1]))
    }
}
