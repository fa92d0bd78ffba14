import Testing

@testable import Operator

@Suite("Tables of text")
struct TextTableTests {
    private func console(usesColor: Bool) -> Console {
        let nowhere = Console.Stream(isTerminal: false) { _ in true }
        return Console(output: nowhere, errors: nowhere, usesColor: usesColor)
    }

    private func table(_ console: Console?) -> TextTable {
        var table = TextTable(["name", "seen", "n"], right: [2], console: console)
        table.add(["a", "0:12 ago", "7"], colors: [1: .red])
        table.add(["b\u{1B}[31m", "now", "10"])
        return table
    }

    @Test("a colour keeps its escape and takes no room; a stranger's escape is made harmless")
    func colors() {
        let plain = ["name    seen       n", "a       0:12 ago   7", "b\u{FFFD}[31m  now       10"]
        #expect(table(nil).lines == plain && table(console(usesColor: false)).lines == plain)
        let colored = table(console(usesColor: true)).lines
        #expect(colored[0] == plain[0] && colored[2] == plain[2])
        #expect(colored[1] == "a       \u{1B}[31m0:12 ago\u{1B}[0m   7")
    }
}
