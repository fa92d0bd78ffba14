import Runtime

/// One command of `purser`, as data: the parser, the help and the completion all read the same table.
struct Command: Sendable {
    /// The words that call it: `["wallet", "show"]`.
    let path: [String]
    /// One line for lists of commands.
    let summary: String
    /// What a person should know beyond the summary; may be empty.
    var details = ""
    /// What stands behind the words, in order.
    var arguments: [CommandArgument] = []
    /// What may be given by name, beside those that every command has.
    var options: [CommandOption] = []
    /// Whole command lines, without `purser`.
    var examples: [String]
    /// Does the work in the calling thread. Its value is the exit code of the process.
    let run: @Sendable (Invocation, Session) throws(CommandFailure) -> ExitCode

    /// The words as they are typed.
    var name: String { path.joined(separator: " ") }

    /// The options of this command and those that every command has.
    var allOptions: [CommandOption] { options + CommandOption.everywhere }
}

/// A value that is recognised by its place.
struct CommandArgument: Sendable {
    /// In capitals: `ORG`.
    let name: String
    /// One line.
    let summary: String
    /// Whether the command works without it.
    var isOptional = false
    /// Whether it takes all words that are left.
    var repeats = false
    /// The only words it may be; empty: any.
    var choices: [String] = []
}

/// A value or a switch that is given by name.
struct CommandOption: Sendable {
    /// Without the two hyphens.
    let name: String
    /// What stands for the value in the help; nil: a switch without a value.
    let placeholder: String?
    /// One line.
    let summary: String
    /// Whether the command refuses to work without it.
    var isRequired = false
    /// The only values it may have; empty: any.
    var choices: [String] = []

    /// A switch.
    static func flag(_ name: String, _ summary: String) -> CommandOption {
        CommandOption(name: name, placeholder: nil, summary: summary)
    }

    /// An option with a value.
    static func value(
        _ name: String, _ placeholder: String, _ summary: String, isRequired: Bool = false, choices: [String] = []
    ) -> CommandOption {
        CommandOption(name: name, placeholder: placeholder, summary: summary, isRequired: isRequired, choices: choices)
    }

    /// What every command understands.
    static let everywhere: [CommandOption] = [
        .flag("json", "print JSON for programs instead of text for people"), .flag("help", "explain this command and stop"),
    ]
}
