import Messages
import Postgres
import Runtime

/// `purser wallet list|show`: what the database holds. Changes are requests (`RequestCommands`).
enum WalletCommands {
    static let all: [Command] = [
        Command(
            path: ["wallet", "list"], summary: "List wallets with their balances.",
            options: [
                .value("under", "TOKENS", "only those with less to spend than this"),
                .value("status", "WORD", "only those with this status", choices: ["active", "suspended"]),
                .value("limit", "N", "at most so many (1000)"), .value("after", "ORG", "go on behind this organization"),
            ],
            examples: ["wallet list", "wallet list --under 100", "wallet list --status suspended --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) }),
        Command(
            path: ["wallet", "show"], summary: "Show a wallet: balance, settings, contact, cover, lots, holds, the newest ledger rows.",
            arguments: [CommandArgument(name: "ORG", summary: "the organization's id")],
            options: [.value("rows", "N", "how many ledger rows (10)")], examples: ["wallet show org-42", "wallet show org-42 --json"],
            run: { (invocation, session) throws(CommandFailure) in try show(invocation, session) }),
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let under = try invocation.whole("under", Int64.min...Int64.max)
        let limit = try invocation.whole("limit", 1...1_000_000) ?? 1000
        let after = try invocation.text("after").map { text throws(CommandFailure) in try Invocation.organization(text, "--after") }
        let connection = try session.openDatabase()
        defer { connection.close() }
        let (wallets, figures) = try database("read the wallets") { () throws(DatabaseError) in
            (
                try WalletSummary.list(under: under, status: invocation.text("status"), after: after, limit: limit, on: connection),
                try WalletFigures.read(on: connection)
            )
        }
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.name("wallets")
                writer.beginArray()
                for wallet in wallets { wallet.write(to: &writer) }
                writer.endArray()
                writer.endObject()
            }
            return .done
        }
        var table = TextTable(["organization", "status", "balance", "available", "held", "debt", "used"], right: [2, 3, 4, 5, 6])
        for wallet in wallets {
            let numbers = [wallet.balance, wallet.available, wallet.held, wallet.debt, wallet.spent].map(Figures.grouped)
            table.add([wallet.organization, wallet.status] + numbers)
        }
        for line in table.lines { session.console.line(line) }
        session.console.line(figures.line(shown: Int64(wallets.count)))
        return .done
    }

    private static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let organization = try invocation.organization()
        let rows = try invocation.whole("rows", 0...10_000) ?? 10
        let connection = try session.openDatabase()
        defer { connection.close() }
        let view = try database("read the wallet") { () throws(DatabaseError) in
            try WalletView.read(organization, rows: rows, on: connection)
        }
        guard let view else {
            throw CommandFailure(.differences, "\(organization) has no wallet", hint: "purser wallet open \(organization)")
        }
        if session.wantsJSON {
            session.print { view.write(to: &$0) }
        } else {
            for line in view.lines { session.console.line(line) }
        }
        return .done
    }
}
