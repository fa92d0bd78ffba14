import Glibc
import Messages
import Runtime
import Telemetry

/// The program `purser`: reads the command line, runs one command in the calling thread, and answers the exit code.
public enum OperatorProgram {
    /// The version of the whole product.
    static let version = Program.version

    /// For `main`: the process's own arguments, environment and streams.
    public static func run() -> Int32 {
        // A reader that leaves (`purser wallet list | head`) ends the output, not the process in the middle of its work.
        signal(SIGPIPE, SIG_IGN)
        let environment = Environment.all()
        let console = Console.standard(environment: environment)
        guard let words = processArguments() else {
            console.note("purser: an argument is not UTF-8")
            return ExitCode.usage.rawValue
        }
        return run(words, environment: environment, console: console).rawValue
    }

    /// Runs one command line. - Parameter words: without the program's name.
    static func run(_ words: [String], environment: [String: String], console: Console, time: TimeSource = .system) -> ExitCode {
        let wantsJSON = words.prefix { $0 != "--" }.contains("--json")
        let session = Session(environment: environment, console: console, time: time, wantsJSON: wantsJSON)
        do {
            switch try ArgumentParser(commands: CommandTable.all).parse(words) {
            case .help(let path):
                console.write(HelpText(commands: CommandTable.all).text(path))
                return .done
            case .version:
                printVersion(session)
                return .done
            case .run(let invocation):
                return try invocation.command.run(invocation, session)
            }
        } catch {
            report(error, session)
            return error.exitCode
        }
    }

    static func printVersion(_ session: Session) {
        guard session.wantsJSON else { return session.console.line("purser \(version)") }
        session.print { writer in
            writer.beginObject()
            writer.member("version", version)
            writer.endObject()
        }
    }

    /// On standard error for people; as an object on standard output for programs, which read only that.
    private static func report(_ failure: CommandFailure, _ session: Session) {
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.member("ok", false)
                writer.name("error")
                writer.beginObject()
                writer.member("exit_code", Int64(failure.exitCode.rawValue))
                writer.member("detail", failure.message)
                writer.member("hint", ifPresent: failure.hint)
                writer.endObject()
                writer.endObject()
            }
            return
        }
        let console = session.console
        for (index, line) in failure.message.split(separator: "\n").enumerated() {
            console.note(index == 0 ? console.colored("purser:", .red) + " \(line)" : "        \(line)")
        }
        if let hint = failure.hint { console.note("        \(hint)") }
    }

    private static func processArguments() -> [String]? {
        var words: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let raw = CommandLine.unsafeArgv[index], let word = String(validatingCString: raw) else { return nil }
            words.append(word)
        }
        return words
    }
}
