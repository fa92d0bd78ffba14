import Messages
import Runtime

/// `purser status`.
enum StatusCommands {
    static let all: [Command] = [
        Command(
            path: ["status"], summary: "Show queues, programs, wallets, outbox, dead letters and refusals on one screen.",
            details: """
                Exits 69 when broker or database cannot be reached, after showing what can.
                share is that of --shard (with --lanes, of all lanes together). prefers names the usage partitions that this share serves first
                and takes back when it comes; whoever else is alive stands by for them, so it does not say who serves them at this moment.
                """,
            options: [
                .flag("watch", "show it again and again until Ctrl-C"), .value("interval", "SECONDS", "between two of them (2)"),
                .flag("all", "idle queues too"),
            ],
            examples: ["status", "status --watch", "status --json"],
            run: { (invocation, session) throws(CommandFailure) in try run(invocation, session) })
    ]

    private static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let interval = try invocation.seconds("interval", fallback: 2, 1...3600)
        // What is wrong with the configuration is told at once; what is wrong with a server stands in the view.
        _ = try session.configuration(requiring: [.databaseURL])
        guard invocation.flag("watch") else { return show(StatusView.read(session), invocation, session) }
        Interruption.watch()
        while !Interruption.isAsked, session.console.isRead {
            let view = StatusView.read(session)
            if !session.wantsJSON { session.console.clearScreen() }
            _ = show(view, invocation, session)
            UsagePublisher.wait(interval)
        }
        return .done
    }

    private static func show(_ view: StatusView, _ invocation: Invocation, _ session: Session) -> ExitCode {
        if session.wantsJSON {
            session.print { view.write(to: &$0) }
        } else {
            for line in view.lines(all: invocation.flag("all"), session.console) { session.console.line(line) }
        }
        return view.problems.isEmpty ? .done : .unavailable
    }
}
