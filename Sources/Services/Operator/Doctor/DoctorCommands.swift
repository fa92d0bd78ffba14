import Messages
import Runtime

/// `purser doctor`.
enum DoctorCommands {
    static let all: [Command] = [
        Command(
            path: ["doctor"], summary: "Check everything that a deployment needs, and say how to mend what is wrong.",
            details: "Changes nothing. Exits 1 when something will not work; warnings alone exit 0.",
            examples: ["doctor", "doctor --json"],
            run: { (_, session) throws(CommandFailure) in run(session) })
    ]

    private static func run(_ session: Session) -> ExitCode {
        var findings: [Finding] = []
        func take(_ found: [Finding]) {
            findings += found
            guard !session.wantsJSON else { return }
            for finding in found { tell(finding, session.console) }
        }
        take(MachineChecks.run(session))
        take(BrokerChecks.run(session))
        take(DatabaseChecks.run(session))
        let problems = findings.filter { $0.level == .problem }.count
        let warnings = findings.filter { $0.level == .warning }.count
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.member("ok", problems == 0)
                writer.name("findings")
                writer.beginArray()
                for finding in findings { finding.write(to: &writer) }
                writer.endArray()
                writer.endObject()
            }
        } else {
            session.console.line("\(Figures.count(Int64(problems), "problem")), \(Figures.count(Int64(warnings), "warning"))")
        }
        return problems == 0 ? .done : .differences
    }

    private static func tell(_ finding: Finding, _ console: Console) {
        let label =
            switch finding.level {
            case .fine: console.colored("ok     ", .green)
            case .warning: console.colored("warning", .yellow)
            case .problem: console.colored("problem", .red)
            }
        let lines = finding.words.split(separator: "\n")
        console.line("\(label)  \(finding.subject): \(lines.first ?? "")")
        for line in lines.dropFirst() { console.line("           \(line)") }
        if let mend = finding.mend { console.line("           mend: \(mend)") }
    }
}
