import Domain
import Messages
import Postgres
import Runtime
import Store

/// `purser webhook list`.
enum WebhookCommands {
    static let all: [Command] = [
        Command(
            path: ["webhook", "list"], summary: "List the webhooks that the gateways sent, the newest first, with what came of them.",
            options: [
                .value("gateway", "NAME", "only this gateway's", choices: Gateway.allCases.map(\.rawValue)),
                .value("outcome", "WORD", "only those of which this came", choices: GatewayEventOutcome.allCases.map(\.rawValue)),
                .value("limit", "N", "at most so many (100)"),
            ],
            examples: ["webhook list", "webhook list --gateway stripe --outcome unmatched --json"],
            run: { (invocation, session) throws(CommandFailure) in try list(invocation, session) })
    ]

    private static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let limit = try invocation.whole("limit", 1...100_000) ?? 100
        let gateway = invocation.text("gateway").flatMap { Gateway(rawValue: $0) }
        let outcome = invocation.text("outcome").flatMap { GatewayEventOutcome(rawValue: $0) }
        let connection = try session.openDatabase()
        defer { connection.close() }
        let found = try database("read the webhooks") { () throws(DatabaseError) in
            try GatewayEvents.list(gateway: gateway, outcome: outcome, limit: limit + 1, on: connection)
        }
        let columns: [FactList.Column] = [
            ("received_at", "received"), ("gateway", "gateway"), ("event_id", "event"), ("type", "type"), ("object_id", "object"),
            ("deliveries", "times"), ("outcome", "outcome"), ("purchase_reference_id", "purchase"), ("detail", "detail"),
        ]
        let items = found.map { event in
            Facts([
                Fact("gateway", .text(event.gateway.rawValue)), Fact("event_id", .text(event.id)), Fact("type", .text(event.type)),
                Fact("object_id", .text(event.object)), Fact("received_at", .moment(event.receivedAt)),
                Fact("deliveries", .number(event.deliveries)), Fact("outcome", .text(event.outcome.rawValue)),
                Fact("detail", .text(event.detail)), Fact("purchase_reference_id", .text(event.purchase)),
                Fact("processed_at", .moment(event.processedAt)),
            ])
        }
        session.show(
            FactList("webhooks", columns, items), limit: limit, nothing: "no webhooks", narrower: "--limit, --gateway and --outcome")
        return .done
    }
}
