import Messages
import Postgres
import Runtime
import Store

/// `purser ledger verify`.
enum LedgerCommands {
    static let all: [Command] = [
        Command(
            path: ["ledger", "verify"], summary: "Recompute every digest of the ledger and name the first wrong row of each wallet.",
            details: "Reads in one snapshot beside live traffic. Exits 1 when a row was changed, removed, inserted or moved.",
            arguments: [CommandArgument(name: "ORG", summary: "only this organization's wallet", isOptional: true)],
            examples: ["ledger verify", "ledger verify org-42 --json"],
            run: { (invocation, session) throws(CommandFailure) in try verify(invocation, session) })
    ]

    private static func verify(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let organization = try invocation.optionalArgument("ORG").map { text throws(CommandFailure) in
            try Invocation.organization(text, "ORG")
        }
        let connection = try session.openDatabase()
        defer { connection.close() }
        var bar = ProgressBar("verifying", console: session.console, time: session.time)
        let report = try database("verify the ledger") { () throws(DatabaseError) in
            // The exact number of rows would cost as much as reading them: the planner's estimate is good enough for a bar.
            let estimate = organization == nil ? try connection.query(LedgerStatements.estimate).int64(0, 0) : nil
            var verifier = LedgerVerifier(on: connection)
            return try verifier.verify(organization: organization) { bar.show($0, of: estimate.map { max($0, 1) }) }
        }
        session.console.clearTransient()
        if let organization, report.wallets == 0, report.findings.isEmpty {
            throw CommandFailure(.differences, "\(organization) has no wallet")
        }
        if session.wantsJSON {
            session.print { write(report, to: &$0) }
        } else {
            tell(report, seconds: bar.elapsed, session.console)
        }
        return report.findings.isEmpty ? .done : .differences
    }

    private static func tell(_ report: LedgerReport, seconds: Double, _ console: Console) {
        for finding in report.findings {
            let owner = finding.organization ?? "wallet \(finding.walletID)"
            console.line("\(console.colored("wrong", .red))  \(owner) row \(Figures.grouped(finding.sequence)): \(words(finding.fault))")
        }
        let amount = "\(Figures.count(report.rows, "row")) of \(Figures.count(report.wallets, "wallet"))"
        let read = "\(amount) verified in \(Figures.tenths(seconds)) s"
        let checkpoints = report.checkpoints > 0 ? ", \(Figures.count(report.checkpoints, "checkpoint")) compared" : ""
        let result = report.findings.isEmpty ? "the ledger is whole" : "\(Figures.count(Int64(report.findings.count), "wallet")) damaged"
        console.line("\(read)\(checkpoints): \(result)")
    }

    private static func words(_ fault: LedgerFinding.Fault) -> String {
        switch fault {
        case .digest: "its digest does not follow from the row before: it was changed, inserted or moved"
        case .missing: "it is missing"
        case .tail: "it and what came after it are missing"
        case .balance: "its balance is not the one before plus its amount"
        case .wallet: "the wallet's own balance, sequence or digest is not that of this row, its newest"
        case .checkpoint: "a checkpoint remembers it otherwise"
        case .orphan: "its wallet does not exist"
        }
    }

    private static func write(_ report: LedgerReport, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("ok", report.findings.isEmpty)
        writer.member("wallets", report.wallets)
        writer.member("rows", report.rows)
        writer.member("checkpoints", report.checkpoints)
        writer.name("findings")
        writer.beginArray()
        for finding in report.findings {
            writer.beginObject()
            writer.member("organization", ifPresent: finding.organization)
            writer.member("wallet_id", finding.walletID)
            writer.member("sequence", finding.sequence)
            writer.member("fault", finding.fault.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}

enum LedgerStatements {
    static let exists = Statement("operator_ledger_exists", "SELECT to_regclass('public.token_balance_history') IS NOT NULL")

    static let hasRows = Statement("operator_ledger_has_rows", "SELECT EXISTS (SELECT FROM public.token_balance_history)")

    /// From the planner's statistics; -1 while the table was never analyzed.
    static let estimate = Statement(
        "operator_ledger_estimate",
        "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'public.token_balance_history'::regclass")
}
