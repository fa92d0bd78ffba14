import Domain
import Messages
import Postgres
import Runtime
import Store

/// `purser purchase list|show|trace`: what the database holds. Changes are requests (`PurchaseRequests`).
enum PurchaseCommands {
    private static let reference = CommandArgument(name: "REF", summary: "the purchase's reference, REF-...")

    static let all: [Command] = [
        Command(
            path: ["purchase", "list"], summary: "List purchases, the newest first.",
            arguments: [CommandArgument(name: "ORG", summary: "only this organization's", isOptional: true)],
            options: [
                .value("status", "WORD", "only those that stand so", choices: PurchaseStatus.allCases.map(\.rawValue)),
                .value("type", "WORD", "only those of this type", choices: PurchaseType.allCases.map(\.rawValue)),
                .value("limit", "N", "at most so many (100)"),
            ],
            examples: ["purchase list", "purchase list org-42 --status failed", "purchase list --status processing --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) }),
        Command(
            path: ["purchase", "show"], summary: "Show a purchase: figures, attempts, refunds, disputes, invoice and credit notes.",
            arguments: [reference], examples: ["purchase show REF-0123456789ABCDEFGHIJKLMNOP"],
            run: { (invocation, session) throws(CommandFailure) in
                let trail = try trail(invocation, session)
                let view = PurchaseView(trail)
                if session.wantsJSON {
                    session.print { view.write(to: &$0) }
                } else {
                    for line in view.lines { session.console.line(line) }
                }
                return .done
            }),
        Command(
            path: ["purchase", "trace"], summary: "Tell what happened to a purchase, what is missing, and what mends it.",
            details: """
                Attempts, webhooks, ledger rows, documents, refunds and disputes in the order of time. Behind them stands what is waited for,
                and what is missing with what mends it. Exits 1 when something is missing that nobody mends by itself.
                """,
            arguments: [reference],
            examples: ["purchase trace REF-0123456789ABCDEFGHIJKLMNOP", "purchase trace REF-0123456789ABCDEFGHIJKLMNOP --json"],
            run: { (invocation, session) throws(CommandFailure) in
                let trace = PurchaseTrace(try trail(invocation, session), now: Moment(microseconds: session.now))
                if session.wantsJSON {
                    session.print { trace.write(to: &$0) }
                } else {
                    for line in trace.lines(session.console) { session.console.line(line) }
                }
                return trace.missing.isEmpty ? .done : .differences
            }),
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let limit = try invocation.whole("limit", 1...100_000) ?? 100
        let organization = try invocation.optionalOrganization()
        let status = invocation.text("status").flatMap { PurchaseStatus(rawValue: $0) }
        let type = invocation.text("type").flatMap { PurchaseType(rawValue: $0) }
        let connection = try session.openDatabase()
        defer { connection.close() }
        let found = try database("read the purchases") { () throws(DatabaseError) in
            try SaleLists.purchases(organization: organization, status: status, type: type, limit: limit + 1, on: connection)
        }
        let columns: [FactList.Column] = [
            ("purchase_reference_id", "purchase"), ("organization", "organization"), ("purchase_type", "type"), ("status", "status"),
            ("phase", "phase"), ("tokens", "tokens"), ("total_amount", "total"), ("created_at", "made"), ("invoice_number", "invoice"),
            ("failure_reason", "reason"),
        ]
        session.show(
            FactList("purchases", columns, found.map(facts)), limit: limit, nothing: "no purchases",
            narrower: "--limit, --status and --type")
        return .done
    }

    private static func facts(_ purchase: ListedPurchase) -> Facts {
        Facts([
            Fact("purchase_reference_id", .text(purchase.reference.text)), Fact("organization", .text(purchase.organization)),
            Fact("purchase_type", .text(purchase.type.rawValue)), Fact("status", .text(purchase.status.rawValue)),
            Fact("phase", .text(purchase.phase?.rawValue)), Fact("tokens", .number(purchase.tokens)),
            Fact("total_amount", .amount(purchase.total)), Fact("currency", .text(purchase.total.currency.code)),
            Fact("gateway", .text(purchase.gateway.rawValue)), Fact("failure_reason", .text(purchase.failure)),
            Fact("created_at", .moment(purchase.createdAt)), Fact("completed_at", .moment(purchase.completedAt)),
            Fact("next_attempt_at", .moment(purchase.nextAttemptAt)), Fact("invoice_number", .text(purchase.invoice)),
        ])
    }

    private static func trail(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> PurchaseTrail {
        let reference = try invocation.reference()
        let connection = try session.openDatabase()
        defer { connection.close() }
        let trail = try database("read the purchase") { () throws(DatabaseError) in
            try PurchaseTrail.read(reference, on: connection)
        }
        guard let trail else { throw noPurchase(reference) }
        return trail
    }

    static func noPurchase(_ reference: PurchaseReference) -> CommandFailure {
        CommandFailure(.differences, "there is no purchase \(reference.text)", hint: "purser purchase list")
    }
}

extension Invocation {
    /// The purchase that an argument names.
    func reference(_ name: String = "REF") throws(CommandFailure) -> PurchaseReference {
        guard let reference = PurchaseReference(try argument(name)) else {
            throw .usage("\(name) must be REF- and 26 characters of A-Z and 0-9")
        }
        return reference
    }

    /// The organization that an argument names, where it is given.
    func optionalOrganization(_ name: String = "ORG") throws(CommandFailure) -> String? {
        guard let text = optionalArgument(name) else { return nil }
        return try Invocation.organization(text, name)
    }
}
