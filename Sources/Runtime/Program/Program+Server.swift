import Glibc
import Telemetry

extension Program {
    /// Runs a program that answers requests, and ends the process. Call first thing in a synchronous `main`.
    ///
    /// The first SIGTERM or SIGINT lets requests that have begun end, within PURSER_DRAIN_SECONDS. Exit codes: `ExitCode`.
    public static func run(_ description: ServerDescription) -> Never {
        Signals.block()
        let configuration = prepare(
            name: description.name, help: help(description), required: description.required, allowsShard: false, allowsLanes: false)
        let log = log(configuration, description.name)
        log.info("program starts", [.programVersion: .string(version), .processID: .number(getpid())])
        let stop: ServerDescription.Stop
        do {
            stop = try description.start(configuration, log)
        } catch {
            print(to: STDERR_FILENO, "\(description.name): \(error.reason)\n")
            exit(error.exitCode.rawValue)
        }
        let signal = Signals.wait()
        log.info("program drains", [.signal: .string(Signals.name(signal))])
        let exitCode = stop(configuration.drainTime) ? ExitCode.done : .temporary
        log.info("program ends", [.exitCode: .number(exitCode.rawValue)])
        exit(exitCode.rawValue)
    }

    private static func help(_ description: ServerDescription) -> String {
        let settings = description.settings.map { setting in
            let fallback = setting.entry.fallback.map { " Default: \($0)" } ?? ""
            return "  \(setting.rawValue)\n      \(setting.entry.meaning)\(fallback)\n"
        }
        return """
            \(description.summary)

            Usage: \(description.name) [options]

              --print-config    show the effective configuration, secrets masked
              --version         show the version
              --help            show this

            \(settings.joined())
            Example:
              \(description.example)

            Configuration comes from the environment, or from a file that PURSER_CONFIG names; ops/purser.env.example
            has every variable. SIGTERM finishes what has begun. Exit codes: \(ExitCode.done.rawValue) done, \
            \(ExitCode.usage.rawValue) usage, \(ExitCode.unavailable.rawValue) an address or a file is taken, \(ExitCode.temporary.rawValue) not \
            finished in time, \(ExitCode.configuration.rawValue) configuration.

            """
    }
}
