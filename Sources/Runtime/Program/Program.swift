import Glibc
import Telemetry

/// The main function of a consumer program: arguments, configuration, signals, lanes, exit code.
public enum Program {
    /// Runs the program and ends the process. Call first thing in a synchronous `main`: signals must be blocked before any thread exists.
    ///
    /// The first SIGTERM or SIGINT lets the lanes finish what they hold, the second ends the process at once. Exit codes: `ExitCode`.
    public static func run(_ description: ProgramDescription) -> Never {
        Signals.block()
        let configuration = prepare(
            name: description.name, help: help(description), required: description.required.union([.amqpURL, .databaseURL]),
            allowsShard: description.hasShards)
        let log = log(configuration, description.name)
        let metrics = Metrics(MetricFamily.ofRuntime + description.metrics)
        let surroundings: RunningProgram.Surroundings
        do {
            surroundings = try RunningProgram.Surroundings(
                configuration, program: description.name, log: log, metrics: metrics,
                sources: ShareFolder.sources(named: configuration.text(.share)))
        } catch {
            end(error)
        }
        log.info("program starts", [.programVersion: .string(version), .processID: .number(getpid())])
        let consumer = RunningProgram(description, surroundings, whenEnded: { Signals.wake() })
        let first = Signals.wait()
        if !consumer.isEnded {
            log.info("program drains", [.signal: .string(Signals.name(first))])
            consumer.requestStop(within: configuration.drainTime)
            waitForEnd(consumer, configuration.drainTime, log)
        }
        let exitCode = consumer.isEnded ? consumer.join() : consumer.exitCode
        log.info("program ends", [.exitCode: .number(exitCode.rawValue)])
        exit(exitCode.rawValue)
    }

    /// The version of the product, in `--version` and in logs.
    public static let version = "0.1.0"

    /// Lanes end by themselves when their time is over; one that hangs in a call is given a few seconds more. What it holds goes back to
    /// the broker with the process, so nothing is lost.
    private static func waitForEnd(_ consumer: RunningProgram, _ drainTime: Duration, _ log: Log) {
        let signal = Signals.wait(for: drainTime + .seconds(3))
        if consumer.isEnded { return }
        guard signal != nil else { return log.warning("lanes did not end in time; their messages go back to the broker") }
        log.warning("program ends at once", [.signal: .string(Signals.name(signal ?? 0))])
        exit(ExitCode.temporary.rawValue)
    }

    /// Deals with the arguments and reads the configuration; ends the process where that is all there is to do.
    static func prepare(
        name: String, help: String, required: Set<Setting>, allowsShard: Bool, allowsLanes: Bool = true
    ) -> Configuration {
        let arguments: ProgramArguments
        do {
            arguments = try ProgramArguments(
                Array(CommandLine.arguments.dropFirst()), allowsShard: allowsShard, allowsLanes: allowsLanes)
        } catch {
            print(to: STDERR_FILENO, "\(name): \(error.reason)\n\n\(help)")
            exit(ExitCode.usage.rawValue)
        }
        switch arguments.command {
        case .help: end(help)
        case .version: end("\(name) \(version)\n")
        case .run, .printConfiguration: break
        }
        // Who asks what is in effect may be about to find out what is missing.
        let required = arguments.command == .printConfiguration ? [] : required
        let reader = ConfigurationReader(
            environment: Environment.all(), arguments: arguments.settings, required: required, readFile: TextFile.read)
        do {
            let configuration = try reader.read()
            if arguments.command == .printConfiguration { end(ConfigurationPrinter.effective(configuration)) }
            return configuration
        } catch {
            end(error)
        }
    }

    private static func end(_ text: String) -> Never {
        print(to: STDOUT_FILENO, text)
        exit(ExitCode.done.rawValue)
    }

    /// One line for each mistake, so that a single start shows them all.
    private static func end(_ mistakes: ConfigurationMistakes) -> Never {
        print(to: STDERR_FILENO, mistakes.all.map { "configuration: \($0)\n" }.joined())
        exit(ExitCode.configuration.rawValue)
    }

    static func print(to descriptor: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    private static func help(_ description: ProgramDescription) -> String {
        let shard = """
              --shard i/n       serve share i of n first and stand by for the rest (PURSER_SHARD)

            """
        return """
            \(description.summary)

            Usage: \(description.name) [options]

              --lanes N         threads with connections of their own (PURSER_LANES)
            \(description.hasShards ? shard : "")\
              --print-config    show the effective configuration, secrets masked
              --version         show the version
              --help            show this

            Example:
              AMQP_URL=amqp://guest:guest@localhost/purser DATABASE_URL=postgresql://localhost/purser \\
                \(description.name) --lanes 2

            Configuration comes from the environment, or from a file that PURSER_CONFIG names; ops/purser.env.example
            has every variable. SIGTERM finishes what is held, a second one ends at once.

            """
    }

    /// Where the lines of a program go.
    static func log(_ configuration: Configuration, _ name: String) -> Log {
        Log(LogSink(level: level(configuration), format: format(configuration))).adding([.program: .string(name)])
    }

    private static func level(_ configuration: Configuration) -> LogLevel {
        configuration.text(.logLevel).flatMap { LogLevel(name: $0) } ?? .info
    }

    private static func format(_ configuration: Configuration) -> LogFormat {
        switch configuration.text(.logFormat) {
        case "json": .json
        case "text": .terminal(colours: false)
        default: LogSink.formatOfStandardError()
        }
    }
}
