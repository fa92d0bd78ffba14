import Runtime

/// What concerns the program itself.
enum OwnCommands {
    static let all: [Command] = [
        Command(
            path: ["completion"], summary: "Print the completion script of a shell.",
            details: "Loads it for this session: source <(purser completion bash)",
            arguments: [CommandArgument(name: "SHELL", summary: "which shell", choices: ["bash", "zsh"])],
            examples: ["completion bash > /etc/bash_completion.d/purser", "completion zsh > ~/.zfunc/_purser"],
            run: { (invocation, session) throws(CommandFailure) in
                let script = CompletionScript(commands: CommandTable.all)
                session.console.write(try invocation.argument("SHELL") == "bash" ? script.bash : script.zsh)
                return .done
            }),
        Command(
            path: ["version"], summary: "Print the version.", examples: ["version", "version --json"],
            run: { (_, session) throws(CommandFailure) in
                OperatorProgram.printVersion(session)
                return .done
            }),
    ]
}
