import Documents
import Domain
import Messages
import Postgres
import Runtime
import Store

/// `purser invoice show|pdf|list`. One that is missing is made by a request (`PurchaseRequests`).
enum InvoiceCommands {
    private static let argument = CommandArgument(
        name: "DOCUMENT", summary: "INV-... or CN-..., or the reference REF-... of a purchase for its invoice")

    static let all: [Command] = [
        Command(
            path: ["invoice", "list"], summary: "List invoices, the newest first.",
            arguments: [CommandArgument(name: "ORG", summary: "only this organization's", isOptional: true)],
            options: [.value("limit", "N", "at most so many (100)")], examples: ["invoice list", "invoice list org-42 --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) }),
        Command(
            path: ["invoice", "show"], summary: "Show an invoice or a credit note.", arguments: [argument],
            examples: [
                "invoice show INV-2026-000042", "invoice show REF-0123456789ABCDEFGHIJKLMNOP --json", "invoice show CN-2026-000003",
            ],
            run: { (invocation, session) throws(CommandFailure) in
                let facts = try StoredDocument.read(invocation.argument("DOCUMENT"), session).facts
                if session.wantsJSON {
                    session.print { writer in
                        writer.beginObject()
                        facts.writeMembers(to: &writer)
                        writer.endObject()
                    }
                } else {
                    session.console.line(facts["number"]?.shown ?? "")
                    for line in facts.lines { session.console.line(line) }
                }
                return .done
            }),
        Command(
            path: ["invoice", "pdf"], summary: "Write an invoice, its receipt or a credit note as a PDF file.",
            details: "All it shows was fixed when it was issued: the same document is the same file, whenever it is written.",
            arguments: [argument],
            options: [
                .value("out", "FILE", "where to write it, - is standard output (its number with .pdf)"),
                .flag("receipt", "the receipt of a paid invoice"),
            ],
            examples: [
                "invoice pdf INV-2026-000042", "invoice pdf REF-0123456789ABCDEFGHIJKLMNOP --receipt --out receipt.pdf",
                "invoice pdf CN-2026-000003 --out - > note.pdf",
            ],
            run: { (invocation, session) throws(CommandFailure) in try pdf(invocation, session) }),
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let limit = try invocation.whole("limit", 1...100_000) ?? 100
        let organization = try invocation.optionalOrganization()
        let connection = try session.openDatabase()
        defer { connection.close() }
        let found = try database("read the invoices") { () throws(DatabaseError) in
            try SaleLists.invoices(organization: organization, limit: limit + 1, on: connection)
        }
        let columns: [FactList.Column] = [
            ("number", "number"), ("organization", "organization"), ("purchase_reference_id", "purchase"), ("issued_at", "issued"),
            ("total_amount", "total"), ("paid_at", "paid"), ("credit_notes", "credit notes"),
        ]
        let items = found.map { invoice in
            Facts([
                Fact("number", .text(invoice.number)), Fact("organization", .text(invoice.organization)),
                Fact("purchase_reference_id", .text(invoice.reference.text)), Fact("issued_at", .moment(invoice.issuedAt)),
                Fact("total_amount", .amount(invoice.total)), Fact("currency", .text(invoice.total.currency.code)),
                Fact("paid_at", .moment(invoice.paidAt)), Fact("credit_notes", .texts(invoice.creditNotes)),
            ])
        }
        session.show(FactList("invoices", columns, items), limit: limit, nothing: "no invoices", narrower: "--limit and ORG")
        return .done
    }

    private static func pdf(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let path = invocation.text("out")
        if path == "-", session.wantsJSON { throw .usage("--json and --out - exclude one another: both are standard output") }
        let kind: SaleDocument.Kind = invocation.flag("receipt") ? .receipt : .invoice
        let document = try StoredDocument.read(try invocation.argument("DOCUMENT"), session)
        let bytes = try document.file(as: kind)
        if path == "-" {
            session.console.write(bytes: bytes)
            return .done
        }
        let file = path ?? document.number + (kind == .receipt ? "-receipt.pdf" : ".pdf")
        try OutputFile.write(bytes, to: file)
        guard session.wantsJSON else {
            session.console.line("\(session.console.colored("done", .green))  \(document.number) written to \(TextTable.printable(file))")
            return .done
        }
        session.print { writer in
            writer.beginObject()
            writer.member("number", document.number)
            writer.member("file", file)
            writer.member("bytes", Int64(bytes.count))
            writer.endObject()
        }
        return .done
    }
}
