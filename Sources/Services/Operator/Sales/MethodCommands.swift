import Domain
import Postgres
import Runtime
import Store

/// `purser method list`: how an organization pays. Changes are requests (`PurchaseRequests`).
enum MethodCommands {
    static let all: [Command] = [
        Command(
            path: ["method", "list"], summary: "List an organization's saved payment methods.",
            arguments: [CommandArgument(name: "ORG", summary: "the organization's id")],
            options: [.flag("removed", "those that were removed too")], examples: ["method list org-42", "method list org-42 --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) })
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let organization = try invocation.organization()
        let connection = try session.openDatabase()
        defer { connection.close() }
        let methods = try database("read the payment methods") { () throws(DatabaseError) in
            PaymentMethods.found(in: try connection.pipeline([PaymentMethods.loading(organization: organization)])[0])
        }
        let now = Moment(microseconds: session.now)
        let columns: [FactList.Column] = [
            ("payment_method_id", "method"), ("gateway", "gateway"), ("brand", "brand"), ("last_four", "last four"), ("expires", "expires"),
            ("is_default", "default"), ("is_usable", "usable"), ("is_removed", "removed"),
        ]
        let items = methods.filter { invocation.flag("removed") || !$0.isRemoved }.map { method in
            Facts([
                Fact("payment_method_id", .text(method.id)), Fact("gateway", .text(method.gateway.rawValue)),
                Fact("brand", .text(method.brand)), Fact("last_four", .text(method.lastFour)), Fact("expires", .text(method.expiry?.text)),
                Fact("email", .text(method.email)), Fact("is_default", .flag(method.isDefault)),
                Fact("is_usable", .flag(method.isUsable && !method.isRemoved && !method.hasExpired(at: now))),
                Fact("is_removed", .flag(method.isRemoved)),
            ])
        }
        session.show(
            FactList("payment_methods", columns, items), limit: Int64(max(1, items.count)),
            nothing: "\(organization) has no payment method", narrower: "")
        return .done
    }
}
