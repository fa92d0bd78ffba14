import Glibc
import Testing

@testable import Operator

@Suite("Completion")
struct CompletionTests {
    private func bash(_ script: String) throws -> String {
        let folder = try ScratchFolder()
        let path = try folder.file("script", script)
        let pipe = try #require(popen("bash \(path) 2>&1", "r"))
        var text = ""
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, 4096, pipe) != nil {
            text += String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        #expect(pclose(pipe) == 0)
        return text
    }

    @Test(
        "bash is told what may follow",
        arguments: [
            ("purser wal", "wallet"), ("purser wallet gr", "grant"), ("purser wallet list --st", "--status"),
            ("purser wallet list --status s", "suspended"), ("purser completion z", "zsh"), ("purser dead list --queue us", "usage"),
        ])
    func words(_ typed: String, _ expected: String) throws {
        let words = typed.split(separator: " ").map { "'\($0)'" }.joined(separator: " ")
        let script =
            CompletionScript(commands: CommandTable.all).bash + """

                COMP_WORDS=(\(words)); COMP_CWORD=\(typed.split(separator: " ").count - 1)
                _purser; echo "${COMPREPLY[*]}"
                """
        #expect(try bash(script).split(whereSeparator: \.isWhitespace).contains(expected[...]))
    }

    @Test("both scripts name every command")
    func complete() {
        let script = CompletionScript(commands: CommandTable.all)
        for command in CommandTable.all {
            #expect(script.bash.contains("'\(command.name)')") && script.zsh.contains("'\(command.name)')"))
        }
        #expect(script.zsh.hasPrefix("#compdef purser\n"))
    }
}
