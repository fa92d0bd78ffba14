/// Reads a command line against the table of commands. Pure.
struct ArgumentParser {
    /// What a command line asks for.
    enum Request {
        case run(Invocation)
        /// Help for the commands whose path starts with these words; none: all.
        case help([String])
        case version
    }

    let commands: [Command]

    /// - Throws: a usage failure that names the word at fault.
    func parse(_ words: [String]) throws(CommandFailure) -> Request {
        let leading = Array(words.prefix { !$0.hasPrefix("-") })
        if words.isEmpty || leading == ["help"] { return .help([]) }
        if leading.first == "help" { return .help(try group(Array(leading.dropFirst()))) }
        if leading.isEmpty {
            switch words[0] {
            case "--help", "-h": return .help([])
            case "--version": return .version
            // Every program has this flag; here a command of its own says the same and more.
            case "--print-config":
                guard let command = longestMatch(["config", "show"]) else { break }
                return .run(try invocation(command, words.dropFirst()))
            default: break
            }
            throw .usage("\(words[0]) stands where a command should", hint: "purser --help lists the commands")
        }
        let wantsHelp = words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
        guard let command = longestMatch(leading) else {
            let prefix = try group(leading)
            if wantsHelp || words.count == leading.count { return .help(prefix) }
            throw .usage("\(prefix.joined(separator: " ")) needs one of its commands", hint: hint(prefix))
        }
        if wantsHelp { return .help(command.path) }
        return .run(try invocation(command, words.dropFirst(command.path.count)))
    }

    private func longestMatch(_ leading: [String]) -> Command? {
        commands.filter { leading.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
    }

    /// The words that begin at least one command; else a refusal that suggests the nearest.
    private func group(_ words: [String]) throws(CommandFailure) -> [String] {
        if let match = longestMatch(words), match.path.count == words.count { return match.path }
        var prefix: [String] = []
        for word in words {
            let next = prefix + [word]
            guard commands.contains(where: { $0.path.starts(with: next) }) else {
                let below = commands.filter { $0.path.starts(with: prefix) && $0.path.count > prefix.count }
                let near = Suggestion.nearest(word, among: Set(below.map { $0.path[prefix.count] }).sorted())
                throw .usage(
                    "\(next.joined(separator: " ")) is not a command",
                    hint: near.map { "did you mean \((prefix + [$0]).joined(separator: " "))?" } ?? hint(prefix))
            }
            prefix = next
        }
        return prefix
    }

    private func hint(_ prefix: [String]) -> String {
        (["purser"] + prefix + ["--help"]).joined(separator: " ") + " lists the commands"
    }

    private func invocation(_ command: Command, _ words: ArraySlice<String>) throws(CommandFailure) -> Invocation {
        var invocation = Invocation(command: command)
        var positional: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                positional += rest
                break
            }
            guard word.hasPrefix("-"), word != "-", Invocation.whole(word) == nil else {
                positional.append(word)
                continue
            }
            try option(word, &rest, &invocation)
        }
        try place(positional, &invocation)
        for option in command.options where option.isRequired && invocation.values[option.name] == nil {
            throw .usage("--\(option.name) is missing", hint: "purser \(command.name) --help")
        }
        return invocation
    }

    private func option(_ word: String, _ rest: inout ArraySlice<String>, _ invocation: inout Invocation) throws(CommandFailure) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let options = invocation.command.allOptions
        guard parts[0].hasPrefix("--"), let option = options.first(where: { "--" + $0.name == parts[0] }) else {
            let near = Suggestion.nearest(parts[0], among: options.map { "--" + $0.name })
            throw .usage(
                "\(parts[0]) is not an option of \(invocation.command.name)",
                hint: near.map { "did you mean \($0)?" } ?? "purser \(invocation.command.name) --help")
        }
        let isRepeated = invocation.values[option.name] != nil || invocation.flags.contains(option.name)
        guard !isRepeated else { throw .usage("\(parts[0]) stands twice") }
        guard option.placeholder != nil else {
            guard parts.count == 1 else { throw .usage("\(parts[0]) takes no value") }
            invocation.flags.insert(option.name)
            return
        }
        var value = parts.count == 2 ? parts[1] : nil
        // Another option instead of a value is a value that was forgotten; one that really begins so is written --option=--value.
        if value == nil, let next = rest.first, !next.hasPrefix("--") { value = rest.removeFirst() }
        guard let value else { throw .usage("\(parts[0]) needs a value") }
        guard option.choices.isEmpty || option.choices.contains(value) else {
            throw .usage("\(parts[0]) must be one of \(option.choices.joined(separator: ", "))")
        }
        guard !value.utf8.contains(0) else { throw .usage("\(parts[0]) must be without NUL") }
        invocation.values[option.name] = value
    }

    private func place(_ words: [String], _ invocation: inout Invocation) throws(CommandFailure) {
        var rest = words[...]
        let hint = "purser \(invocation.command.name) --help"
        for argument in invocation.command.arguments {
            let taken = argument.repeats ? Array(rest) : Array(rest.prefix(1))
            rest = rest.dropFirst(taken.count)
            guard !taken.isEmpty else {
                if argument.isOptional { continue }
                throw .usage("\(argument.name) is missing", hint: hint)
            }
            for word in taken {
                guard !word.isEmpty, !word.utf8.contains(0) else { throw .usage("\(argument.name) must not be empty", hint: hint) }
                guard argument.choices.isEmpty || argument.choices.contains(word) else {
                    throw .usage("\(argument.name) must be one of \(argument.choices.joined(separator: ", "))", hint: hint)
                }
            }
            invocation.arguments[argument.name] = taken
        }
        if let extra = rest.first { throw .usage("\(extra) is one argument too many for \(invocation.command.name)", hint: hint) }
    }
}
