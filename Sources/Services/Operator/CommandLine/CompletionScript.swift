/// Completion for the shells, made from the table of commands. Pure.
struct CompletionScript {
    let commands: [Command]

    /// The words that may follow each beginning of a command line, in order.
    private var followers: [(prefix: String, words: [String])] {
        var result: [(prefix: String, words: [String])] = []
        func add(_ prefix: String, _ words: [String]) {
            if let index = result.firstIndex(where: { $0.prefix == prefix }) {
                for word in words where !result[index].words.contains(word) { result[index].words.append(word) }
            } else {
                result.append((prefix, words))
            }
        }
        for command in commands {
            for count in command.path.indices {
                add(command.path.prefix(count).joined(separator: " "), [command.path[count]])
            }
            add(command.name, (command.arguments.first?.choices ?? []) + command.allOptions.map { "--" + $0.name })
        }
        return result
    }

    /// Options whose value has few words, in all commands.
    private var choices: [(option: String, words: [String])] {
        var result: [(option: String, words: [String])] = []
        for option in commands.flatMap(\.options) where !option.choices.isEmpty {
            if !result.contains(where: { $0.option == option.name }) { result.append((option.name, option.choices)) }
        }
        return result
    }

    private var cases: String {
        followers.map { "        '\($0.prefix)') words='\($0.words.joined(separator: " "))' ;;\n" }.joined()
    }

    private var valueCases: String {
        let fixed = choices.map { "        --\($0.option)) words='\($0.words.joined(separator: " "))' ;;\n" }.joined()
        return fixed
    }

    private var words: String {
        """
        # Sets `words` to what may follow the words in "$@"; the last of them is the one before the cursor.
        _purser_words() {
            local path='' word last=''
            for word in "$@"; do
                last=$word
                case $word in
                    -*) ;;
                    *) case "${path:+$path }$word" in
        \(commands.map(\.path).flatMap { path in path.indices.map { path.prefix($0 + 1).joined(separator: " ") } }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .map { "                '\($0)') path='\($0)' ;;\n" }.joined())            esac ;;
                esac
            done
            words=''
            case $last in
        \(valueCases)        *) case $path in
        \(cases)        esac ;;
            esac
        }
        """
    }

    /// For `source <(purser completion bash)`.
    var bash: String {
        """
        # Completion of purser for bash, made by `purser completion bash`.
        \(words)

        _purser() {
            local words current=${COMP_WORDS[COMP_CWORD]}
            _purser_words "${COMP_WORDS[@]:1:COMP_CWORD-1}"
            COMPREPLY=()
            if [[ $words ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
            fi
            if ((${#COMPREPLY[@]} == 0)); then mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi
        }
        complete -o filenames -F _purser purser

        """
    }

    /// For a file `_purser` in `$fpath`.
    var zsh: String {
        """
        #compdef purser
        # Completion of purser for zsh, made by `purser completion zsh`.
        \(words)

        _purser() {
            local words_typed=("${words[@]:1:$((CURRENT - 2))}") words=''
            _purser_words "${words_typed[@]}"
            if [[ -n $words ]]; then compadd -- ${=words} && return; fi
            _files
        }
        if [[ $funcstack[1] == _purser ]]; then _purser "$@"; else compdef _purser purser; fi

        """
    }
}
