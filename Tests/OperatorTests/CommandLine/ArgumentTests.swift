import Messages
import Runtime
import Testing

@testable import Operator

/// The table of commands, and what the parser makes of bad input for each of them.
@Suite("Command line")
struct ArgumentTests {
    /// A command line that lacks nothing, so that each test can spoil one thing.
    private func complete(_ command: Operator.Command) -> [String] {
        command.path + command.arguments.filter { !$0.isOptional }.map { $0.choices.first ?? "1" }
            + command.options.filter(\.isRequired).flatMap { ["--\($0.name)", $0.choices.first ?? "1"] }
    }

    @Test("an option that nobody knows is named", arguments: CommandTable.all.map(\.name))
    func unknownOption(_ name: String) throws {
        let command = try #require(CommandTable.all.first { $0.name == name })
        let run = CommandRun(complete(command) + ["--no-such-option"])
        #expect(run.code == .usage && run.errors.contains("--no-such-option is not an option of \(name)"))
    }

    @Test("an argument that is missing is named", arguments: CommandTable.all.map(\.name))
    func missingArgument(_ name: String) throws {
        let command = try #require(CommandTable.all.first { $0.name == name })
        for argument in command.arguments where !argument.isOptional {
            let before = command.arguments.prefix { $0.name != argument.name }.map { $0.choices.first ?? "1" }
            let isGroup = CommandTable.all.contains { $0.path.count > command.path.count && $0.path.starts(with: command.path) }
            let run = CommandRun(command.path + before)
            #expect(run.code == .usage && run.errors.contains("\(argument.name) is missing"), "\(name) \(isGroup)")
        }
        for option in command.options where option.isRequired {
            var words = complete(command)
            let index = try #require(words.firstIndex(of: "--\(option.name)"))
            words.removeSubrange(index...index + 1)
            let run = CommandRun(words)
            #expect(run.code == .usage && run.errors.contains("--\(option.name) is missing"), "\(name)")
        }
    }

    @Test("a value that is missing, of no known word, or given twice is named with its option", arguments: CommandTable.all.map(\.name))
    func badValue(_ name: String) throws {
        let command = try #require(CommandTable.all.first { $0.name == name })
        for option in command.options {
            let spelled = "--\(option.name)"
            let others = command.options.filter { $0.isRequired && $0.name != option.name }.flatMap {
                ["--\($0.name)", $0.choices.first ?? "1"]
            }
            let base = command.path + command.arguments.filter { !$0.isOptional }.map { $0.choices.first ?? "1" } + others
            if option.placeholder == nil {
                #expect(CommandRun(base + ["\(spelled)=1"]).errors.contains("\(spelled) takes no value"), "\(name)")
                continue
            }
            #expect(CommandRun(base + [spelled]).errors.contains("\(spelled) needs a value"), "\(name)")
            #expect(CommandRun(base + [spelled, "--json"]).output.contains("\(spelled) needs a value"), "\(name)")
            let value = option.choices.first ?? "1"
            #expect(CommandRun(base + [spelled, value, spelled, value]).errors.contains("\(spelled) stands twice"), "\(name)")
            #expect(CommandRun(base + ["\(spelled)=a\u{0}b"]).code == .usage, "\(name)")
            if !option.choices.isEmpty {
                #expect(CommandRun(base + [spelled, "'; DROP TABLE x; --"]).errors.contains("\(spelled) must be one of"), "\(name)")
            }
        }
        let extra = CommandRun(complete(command) + command.arguments.filter(\.isOptional).map { _ in "1" } + ["one-too-many"])
        #expect(extra.code == .usage && extra.errors.contains("one-too-many"), "\(name)")
    }

    @Test("every command explains itself with examples that its own parser takes", arguments: CommandTable.all.map(\.name))
    func help(_ name: String) throws {
        let command = try #require(CommandTable.all.first { $0.name == name })
        let run = CommandRun(command.path + ["--help"])
        #expect(run.code == .done && run.output.contains(command.summary) && run.output.contains("Examples:"))
        #expect(command.summary.hasSuffix(".") && !command.examples.isEmpty)
        for example in command.examples where !example.contains("|") {
            let words = ArgumentTests.split(example).prefix { $0 != ">" && $0 != "<" }
            guard case .run(let invocation) = try ArgumentParser(commands: CommandTable.all).parse(Array(words)) else {
                Issue.record("\(example) runs nothing")
                continue
            }
            #expect(invocation.command.name == name)
        }
    }

    /// As a shell would, as far as the examples need it.
    private static func split(_ line: String) -> [String] {
        var words = [""]
        var isQuoted = false
        for character in line {
            if character == "'" {
                isQuoted.toggle()
            } else if character == " " && !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words.filter { !$0.isEmpty }
    }

    @Test("slips are met with the nearest word")
    func suggestions() {
        #expect(CommandRun(["walet", "list"]).errors.contains("did you mean wallet?"))
        #expect(CommandRun(["wallet", "lsit"]).errors.contains("did you mean wallet list?"))
        #expect(CommandRun(["wallet", "list", "--statsu", "active"]).errors.contains("did you mean --status?"))
        #expect(CommandRun(["publish", "wallet-opem"]).errors.contains("did you mean wallet-open?"))
    }

    @Test("help, version and groups")
    func groups() throws {
        #expect(CommandRun([]).code == .done)
        #expect(CommandRun(["--help"]).output.contains("wallet grant"))
        #expect(CommandRun(["help", "wallet"]).output.contains("Commands of purser wallet"))
        #expect(CommandRun(["wallet"]).code == .done)
        #expect(CommandRun(["--version"]).output == CommandRun(["version"]).output)
        #expect(try CommandRun(["version", "--json"]).json()["version"]?.text == OperatorProgram.version)
        #expect(CommandRun(["--nonsense"]).code == .usage)
    }

    @Test("the flag of every program shows what config show does")
    func printConfiguration() throws {
        let environment = ["AMQP_URL": "amqp://u:secret@h"]
        let flag = CommandRun(["--print-config"], environment)
        let command = CommandRun(["config", "show"], environment)
        #expect(flag.code == .done && flag.output == command.output && flag.output.contains("AMQP_URL=amqp://u:"))
        #expect(!flag.output.contains("secret"))
        #expect(try CommandRun(["--print-config", "--json"]).json()["TOKEN_CURRENCY"]?.text == "USD")
        #expect(CommandRun(["--print-config", "wallet"]).code == .usage)
    }

    @Test("a refund waits longer than its retries take, and the help says why")
    func patience() {
        #expect(RequestSender.patience(.meterUsageRefund) > 70 && RequestSender.patience(.grant) == 30)
        let help = CommandRun(["refund", "usage", "--help"]).output
        #expect(help.contains("(90)") && help.contains("it takes 70 s to learn that there is none (usage_not_found"))
        #expect(CommandRun(["wallet", "grant", "--help"]).output.contains("(30)"))
    }

    @Test("the help names every exit code that a command ends with")
    func exitCodes() {
        let help = CommandRun(["--help"]).output
        for code in [0, 1, 64, 65, 66, 69, 70, 74, 75, 77, 78] { #expect(HelpText.exitCodes.contains("\(code) "), "\(code)") }
        #expect(help.contains(HelpText.exitCodes) && !help.contains("repaired"))
    }

    @Test("negative numbers, values behind an equals sign, and two hyphens alone")
    func forms() throws {
        let parser = ArgumentParser(commands: CommandTable.all)
        guard case .run(let adjust) = try parser.parse(["wallet", "adjust", "--tokens", "-5", "--reason=--twice", "--", "-org"]) else {
            Issue.record("nothing to run")
            return
        }
        #expect(adjust.values == ["tokens": "-5", "reason": "--twice"] && adjust.arguments["ORG"] == ["-org"])
    }

    @Test("a failure is an object for programs")
    func failureAsJSON() throws {
        let json = try CommandRun(["wallet", "grant", "org-1", "--json"]).json()
        #expect(json["ok"]?.bool == false && json["error"]?["exit_code"]?.whole == 64)
        #expect(json["error"]?["detail"]?.text == "--tokens is missing")
    }
}
