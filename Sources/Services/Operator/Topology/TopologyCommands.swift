import Runtime

/// `purser topology apply|check|export`.
enum TopologyCommands {
    static let all: [Command] = [
        Command(
            path: ["topology", "apply"], summary: "Make the exchanges, queues, policies and rights that are described; mend what differs.",
            details: "Run again it changes nothing. Nothing is ever deleted.",
            examples: ["topology apply"], run: { (_, session) throws(CommandFailure) in try apply(session) }),
        Command(
            path: ["topology", "check"], summary: "Compare the broker with topology/, and say in words what differs.",
            examples: ["topology check", "topology check --json"], run: { (_, session) throws(CommandFailure) in try check(session) }),
        Command(
            path: ["topology", "export"], summary: "Print the topology as a definitions file of RabbitMQ.",
            options: [.flag("broker", "what the broker holds instead of what is described")],
            examples: ["topology export > definitions.json", "topology export --broker"],
            run: { (invocation, session) throws(CommandFailure) in
                let command = try command(session)
                let bytes = try topology { () throws(TopologyError) in
                    invocation.flag("broker") ? try command.exportFromBroker() : command.export()
                }
                session.console.write(bytes: bytes + (bytes.last == 0x0A ? [] : [0x0A]))
                return .done
            }),
    ]

    private static func command(_ session: Session) throws(CommandFailure) -> TopologyCommand {
        let address = try session.adminAddress()
        let wanted = try wanted(session)
        return TopologyCommand(address: address, wanted: wanted)
    }

    /// The description in `topology/`.
    static func wanted(_ session: Session) throws(CommandFailure) -> TopologyDefinition {
        let folder = TopologyFolder(path: try ShareFolder.located(environment: session.environment) + "/topology")
        let partitions = try session.configuration().usagePartitions
        return try topology { () throws(TopologyError) in try folder.definition().withPartitions(partitions) }
    }

    /// What differs now. For `doctor`.
    static func report(_ session: Session) throws(CommandFailure) -> TopologyReport {
        let command = try command(session)
        return try topology { () throws(TopologyError) in try command.check() }
    }

    private static func check(_ session: Session) throws(CommandFailure) -> ExitCode {
        show(try report(session), session)
    }

    private static func apply(_ session: Session) throws(CommandFailure) -> ExitCode {
        let command = try command(session)
        var bar = ProgressBar("topology", console: session.console, time: session.time)
        let report = try topology { () throws(TopologyError) in
            try command.apply { done, all in bar.show(Int64(done), of: Int64(all)) }
        }
        return show(report, session)
    }

    private static func show(_ report: TopologyReport, _ session: Session) -> ExitCode {
        if session.wantsJSON {
            session.console.write(bytes: report.json + [0x0A])
        } else {
            for line in report.lines { session.console.line(line) }
        }
        return ExitCode(rawValue: report.exitCode) ?? .software
    }
}
