import Runtime

/// The help, made from the table of commands. Pure.
struct HelpText {
    let commands: [Command]

    /// Help for the one command with this path, or for all whose path starts with it.
    func text(_ path: [String]) -> String {
        let isGroup = commands.contains { $0.path.count > path.count && $0.path.starts(with: path) }
        guard let command = commands.first(where: { $0.path == path }) else { return list(path) }
        return isGroup ? of(command) + "\n" + section("Commands below it", under(path)) : of(command)
    }

    private func of(_ command: Command) -> String {
        var text = "\(command.summary)\n\nUsage: \(usage(command))\n"
        if !command.details.isEmpty { text += "\n\(command.details)\n" }
        if !command.arguments.isEmpty {
            text += "\n" + section("Arguments", command.arguments.map { ($0.name, $0.summary + choices($0.choices)) })
        }
        text += "\n" + section("Options", command.allOptions.map { (spelled($0), $0.summary + choices($0.choices)) })
        text += "\nExamples:\n" + command.examples.map { $0.contains("| purser") ? "  \($0)\n" : "  purser \($0)\n" }.joined()
        return text
    }

    private func list(_ path: [String]) -> String {
        let name = (["purser"] + path).joined(separator: " ")
        let title =
            path.isEmpty ? "purser: the operator's command line of Purser, the processor of prepaid token wallets." : "Commands of \(name)"
        return """
            \(title)

            Usage: \(name) COMMAND [ARGUMENTS] [--json]

            \(section("Commands", under(path)))
            \(name) COMMAND --help explains a command, with examples. Servers are named by AMQP_URL, AMQP_ADMIN_URL,
            DATABASE_URL and DATABASE_ADMIN_URL, in the environment or in the file of PURSER_CONFIG.
            Exit codes: \(HelpText.exitCodes).

            """
    }

    /// Those that a command ends with today.
    static let exitCodes = ExitCode.allCases.filter { $0 != .repaired }.map { "\($0.rawValue) \($0.summary)" }.joined(separator: ", ")

    private func under(_ path: [String]) -> [(String, String)] {
        commands.filter { $0.path.starts(with: path) && $0.path.count > path.count }.map { ($0.name, $0.summary) }
    }

    private func usage(_ command: Command) -> String {
        var words = ["purser"] + command.path
        words += command.options.filter(\.isRequired).map(spelled)
        if command.options.contains(where: { !$0.isRequired }) { words.append("[OPTIONS]") }
        for argument in command.arguments {
            let name = argument.name + (argument.repeats ? "..." : "")
            words.append(argument.isOptional ? "[\(name)]" : name)
        }
        return words.joined(separator: " ")
    }

    private func spelled(_ option: CommandOption) -> String {
        "--" + option.name + (option.placeholder.map { " " + $0 } ?? "")
    }

    private func choices(_ words: [String]) -> String {
        words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    private func section(_ title: String, _ rows: [(String, String)]) -> String {
        let width = min(rows.map(\.0.count).max() ?? 0, 30)
        var text = title + ":\n"
        for (name, summary) in rows {
            let pad = String(repeating: " ", count: max(0, width - name.count))
            // A long name has its summary on the next line, under the others.
            text += "  \(name)\(pad)"
            if name.count > width { text += "\n  " + String(repeating: " ", count: width) }
            text += "  \(summary)\n"
        }
        return text
    }
}
