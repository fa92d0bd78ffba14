import Messages
import Testing

@testable import Runtime

@Suite struct ShareFolderTests {
    @Test func theRepositorysSourcesAreRead() throws {
        let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        let sources = try ShareFolder.sources(named: root)
        #expect(sources.allows("/purser/scheduler", user: "purser-operator") && !sources.allows("/purser/scheduler", user: nil))
        #expect(sources.allows("/crm", user: nil))
        let found = try ShareFolder.located(named: nil)
        #expect(found == root, "found above the program")
    }

    @Test func aFolderWithoutThemNamesTheVariable() {
        let mistakes = #expect(throws: ConfigurationMistakes.self) { () throws in _ = try ShareFolder.sources(named: "/nowhere") }
        #expect(mistakes?.all.map(\.name) == ["PURSER_SHARE"])
    }
}
