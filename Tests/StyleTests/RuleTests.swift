import Testing

/// Each rule finds what it is for, and nothing else: a rule that cannot fail holds nothing.
@Suite("Style rules")
struct RuleTests {
    private func source(_ text: String, path: String = "Sources/Core/Domain/Sample.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test(
        "imports",
        arguments: [
            ("Sources/Core/Domain/Lot.swift", "import Glibc", 1), ("Sources/Core/Domain/Lot.swift", "// import Glibc", 0),
            ("Sources/Adapters/AMQP/A.swift", "public import CRabbitMQ\nimport Glibc", 0),
            ("Sources/Adapters/Postgres/A.swift", "import CRabbitMQ", 1),
            ("Sources/Services/Metering/A.swift", "import Billing", 1),
            ("Sources/Services/Metering/A.swift", "import struct Foundation.Date", 1),
            ("Sources/Services/New/A.swift", "", 1), ("Tests/DomainTests/A.swift", "import Testing", 0),
        ])
    func imports(path: String, text: String, count: Int) {
        #expect(ImportRule.violations(in: source(text, path: path)).count == count)
    }

    @Test("each C library belongs to one adapter")
    func cLibraries() {
        for library in ["CRabbitMQ", "CLibssl", "CPostgreSQL", "CLibcrypto", "CLibcurl", "CLibmicrohttpd"] {
            #expect(ImportRule.allowed.filter { $0.value.contains(library) }.count == 1)
        }
    }

    @Test("lengths of files", arguments: [(400, 0), (401, 1)])
    func fileLength(lines: Int, count: Int) {
        let text = String(repeating: "// a line\n", count: lines)
        #expect(LengthRule.violations(in: source(text)).count == count)
    }

    @Test("lengths of functions", arguments: [(70, 0), (71, 1)])
    func functionLength(lines: Int, count: Int) {
        let body = String(repeating: "    _ = \"}\"\n", count: lines - 2)
        let text =
            "protocol P {\n    func short()\n    init(a: Int)\n}\nfunc long(_ f: () -> Void = {}) throws -> [Int] {\n\(body)}\nfunc next() {}\n"
        let found = LengthRule.violations(in: source(text))
        #expect(found.count == count)
        #expect(found.allSatisfy { $0.line == 5 })
    }

    @Test(
        "tests without their attribute",
        arguments: [
            ("@Test func a() { #expect(true) }", 0), ("@Test(\"x\", arguments: [1].map { $0 })\nfunc a(_ i: Int) { #expect(i > 0) }", 0),
            ("func a() { #expect(true) }", 1), ("func a() throws { try #require(x) }", 1), ("func a() { Issue.record(\"no\") }", 1),
            ("func a() { #expect(true) }\n@Test func b() { a() }", 0), ("@Test func b() { c() }\nfunc a() { #expect(true) }", 1),
            ("func testA() {}", 1), ("func a() { b() }", 0), ("init() { #expect(true) }", 0),
        ])
    func testAttributes(text: String, count: Int) {
        #expect(TestAttributeRule.violations(in: [source(text, path: "Tests/DomainTests/A.swift")]).count == count)
    }

    @Test(
        "sleeping",
        arguments: [
            ("Tests/A/A.swift", "try await Task.sleep(for: .seconds(1))", 1), ("Tests/A/A.swift", "usleep(5)", 1),
            ("Tests/A/A.swift", "sleep = 1 // sleep(1)", 0), ("Sources/Runtime/A.swift", "usleep(5)", 0),
        ])
    func sleeping(path: String, text: String, count: Int) {
        #expect(SleepRule.violations(in: source(text, path: path)).count == count)
    }

    @Test(
        "names",
        arguments: [
            ("Sources/Runtime/WalletManager.swift", "", 1), ("Sources/Common/A.swift", "", 1), ("Sources/Runtime/A+Helpers.swift", "", 1),
            ("Sources/Runtime/Uncommon.swift", "struct Commons {}", 0), ("Sources/Runtime/A.swift", "final class DateUtils {}", 1),
            ("Sources/Runtime/A.swift", "extension FileManager {}", 0),
        ])
    func names(path: String, text: String, count: Int) {
        #expect(NamingRule.violations(in: source(text, path: path)).count == count)
    }

    @Test(
        "reasons",
        arguments: [
            ("final class A: @unchecked Sendable {}", 1), ("// Why.\nfinal class A: @unchecked Sendable {}", 0),
            ("let a = 1\nnonisolated(unsafe) var b = 1", 1), ("func a() {\n    // Why.\n    try! b()\n}", 0), ("\n\ntry! b()", 1),
            ("try b()\nnonisolated func c() {}\nlet d = \"try!\"", 0),
        ])
    func reasons(text: String, count: Int) {
        #expect(ReasonRule.violations(in: source(text)).count == count)
    }

    @Test("marks of unfinished work", arguments: LeftoverRule.marks)
    func leftovers(mark: String) {
        #expect(LeftoverRule.violations(path: "a", text: "one\n// \(mark): later").map(\.line) == [2])
        #expect(LeftoverRule.violations(path: "a", text: "mktemp a.\(mark)\(mark)").isEmpty)
    }

    @Test("links")
    func links() {
        let text = "[a](b.md) and [c](../d.md#e)\n```\n[f](g)\n```\n[h](https://i) [j](#k)\n[l](/m)"
        #expect(LinkRule.links(in: text).map(\.target) == ["b.md", "../d.md", "/m"])
        #expect(LinkRule.links(in: text).map(\.line) == [1, 1, 6])
        let present: Set<String> = ["ops/b.md", "m"]
        let found = LinkRule.violations(path: "ops/README.md", text: text, exists: present.contains)
        #expect(found == [Violation(path: "ops/README.md", line: 1, rule: "nothing at ../d.md")])
    }
}
