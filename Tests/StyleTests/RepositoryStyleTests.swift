import Testing

/// The rules of style.md held against everything in the repository.
@Suite("Style of the repository")
struct RepositoryStyleTests {
    @Test("modules import only what the table allows")
    func imports() throws {
        try expectClean(Repository.swiftFiles().flatMap(ImportRule.violations))
    }

    @Test("every module of the import table exists")
    func tableNamesModules() throws {
        let present = Set(try Repository.swiftFiles().compactMap(\.module))
        #expect(ImportRule.allowed.keys.filter { !present.contains($0) } == [])
    }

    @Test("folders of C libraries hold no Swift")
    func cLibraries() throws {
        #expect(try Repository.files(below: "Sources/C").filter { $0.hasSuffix(".swift") } == [])
    }

    @Test("files and functions are short")
    func lengths() throws {
        try expectClean(Repository.swiftFiles().flatMap(LengthRule.violations))
    }

    @Test("every test has its attribute")
    func testAttributes() throws {
        let targets = Dictionary(grouping: try Repository.swiftFiles().filter(\.isTest), by: \.module)
        expectClean(targets.values.flatMap(TestAttributeRule.violations))
    }

    @Test("no test sleeps")
    func sleeping() throws {
        try expectClean(Repository.swiftFiles().flatMap(SleepRule.violations))
    }

    @Test("names say something")
    func names() throws {
        try expectClean(Repository.swiftFiles().flatMap(NamingRule.violations))
    }

    @Test("what switches a check off says why")
    func reasons() throws {
        try expectClean(Repository.swiftFiles().flatMap(ReasonRule.violations))
    }

    @Test("no mark of unfinished work")
    func leftovers() throws {
        let paths = try Repository.files(below: "Sources") + Repository.files(below: "Tests") + Repository.files(below: "ops")
        try expectClean(
            (paths + ["Package.swift", "README.md"]).flatMap { LeftoverRule.violations(path: $0, text: try Repository.text(of: $0)) })
    }

    @Test("relative links lead somewhere")
    func links() throws {
        try expectClean(
            Repository.files().filter { $0.hasSuffix(".md") }.flatMap {
                LinkRule.violations(path: $0, text: try Repository.text(of: $0), exists: Repository.exists)
            })
    }

    private func expectClean(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
        for violation in violations {
            Issue.record("\(violation)", sourceLocation: sourceLocation)
        }
    }
}
