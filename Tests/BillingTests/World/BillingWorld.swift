import AMQP
import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Store
import Synchronization
import Telemetry

@testable import Billing

/// A database with every migration, and a step of billing that works on it with the rights of its own role, at a time of the test's own.
final class BillingWorld {
    let database: ScratchDatabase
    let owner: DatabaseConnection
    let lane: LaneContext
    let step = BillingStep()
    let clock = TestClock()
    private var sent = 0

    static func with(
        _ label: String = "billing", _ changes: [Setting: String] = [:], _ body: (BillingWorld) throws -> Void
    ) throws {
        try ScratchDatabase.withSchema(label) { database in
            let world = try BillingWorld(database, changes)
            defer { world.close() }
            try body(world)
            try world.expectSoundLedger()
        }
    }

    private init(_ database: ScratchDatabase, _ changes: [Setting: String]) throws {
        self.database = database
        owner = try database.connect()
        try owner.run(
            """
            CREATE OR REPLACE FUNCTION test_column(question text) RETURNS SETOF text LANGUAGE plpgsql AS $$
            BEGIN RETURN QUERY EXECUTE 'SELECT answer::text FROM (' || question || ') AS t (answer)'; END $$
            """)
        lane = try BillingWorld.lane(database, changes, clock)
    }

    /// A lane without a broker.
    static func lane(_ database: ScratchDatabase, _ changes: [Setting: String], _ clock: TestClock) throws -> LaneContext {
        let time = TimeSource(wall: { clock.now }, monotonic: { 0 })
        let setup = LaneSetup(lane: 0, configuration: try .defaults(changes), log: .silent, metrics: Metrics(), time: time)
        return LaneContext(setup: setup, program: "billing", connection: try database.connect(as: "purser_billing"))
    }

    private func close() {
        lane.database.close()
        owner.close()
    }

    /// A message for the step, with an id of its own unless told.
    func delivery(
        _ type: String, _ data: String?, organization: String? = "org-1", id: String? = nil, source: String = "/crm", asked: Bool = true,
        user: String? = nil, traceparent: String? = nil, time: String? = nil
    ) -> Delivery {
        sent += 1
        var body = #"{"specversion":"1.0","id":"\#(id ?? "m\(sent)")","source":"\#(source)","type":"\#(type)""#
        if let organization { body += #","subject":"\#(organization)""# }
        if let time { body += #","time":"\#(time)""# }
        if let traceparent { body += #","traceparent":"\#(traceparent)""# }
        if let data { body += #","data":\#(data)"# }
        return delivery(body: body + "}", key: type, asked: asked, user: user)
    }

    /// A message with a body of the test's own.
    func delivery(
        body: String, key: String, asked: Bool = true, user: String? = nil, contentType: String = "application/cloudevents+json",
        exchange: String = "purser.commands"
    ) -> Delivery {
        var properties = Properties()
        properties.contentType = contentType
        properties.replyTo = asked ? "reply.test" : nil
        properties.userID = user
        return Delivery(
            consumer: 0, tag: 1, redelivered: false, exchange: exchange, routingKey: key, properties: properties, body: Array(body.utf8))
    }

    /// Handles messages as one batch.
    func handle(_ deliveries: [Delivery]) throws -> StepResult {
        let result = try step.handle(deliveries, lane)
        try lane.database.rollbackIfNeeded()
        return result
    }

    /// Handles a message and gives the answer to it.
    @discardableResult
    func ask(_ delivery: Delivery) throws -> Reply {
        try Reply(try handle([delivery]).outcomes[0])
    }

    /// Handles a request and gives the answer to it.
    @discardableResult
    func ask(_ type: String, _ data: String = "{}", organization: String? = "org-1", id: String? = nil) throws -> Reply {
        try ask(delivery(type, data, organization: organization, id: id))
    }

    /// The only column of every row, as text.
    func column(_ sql: String) throws -> [String?] {
        // The text is a parameter of a function, so that one prepared statement serves every question.
        var parameters = Parameters()
        parameters.add(text: sql)
        let rows = try owner.query(Statement("test_column", "SELECT * FROM test_column($1)"), parameters)
        return (0..<rows.count).map { rows.textOrNil($0, 0) }
    }

    /// The only column of the only row, as text.
    func value(_ sql: String) throws -> String? {
        try column(sql).first ?? nil
    }

    /// Everything that a request may change, but for the kept answers: they are kept for refusals too.
    func snapshot() throws -> [String?] {
        try [
            "organization_token_wallets", "wallet_contacts", "token_lots", "token_balance_history", "unlimited_coverage",
            "overdrawn_debits",
            "debt_repayments", "token_holds", "idempotency_keys", "outbox", "token_audit_logs",
        ].map { try value("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS d FROM \($0) t") }
    }

    /// The bodies of the outbox in their order, with their types.
    func events() throws -> [(type: String, event: JSONValue)] {
        let types = try column("SELECT routing_key FROM outbox ORDER BY id")
        let bodies = try owner.query(Statement("test_events", "SELECT body FROM outbox ORDER BY id"))
        return try types.indices.map { (types[$0] ?? "", try JSONReader.read(bodies.bytes($0, 0))) }
    }

    /// The digests, the balances and the identities of `domain.md` 16 that concern wallets and lots.
    private func expectSoundLedger() throws {
        var verifier = LedgerVerifier(on: owner)
        let report = try verifier.verify()
        guard report.findings.isEmpty else { throw Unsound(description: "\(report.findings)") }
        let wrong = try column(
            """
            SELECT w.organization_id FROM organization_token_wallets w
            WHERE w.current_balance + w.overdraft_debt <> (SELECT coalesce(sum(remaining), 0) FROM token_lots l WHERE l.wallet_id = w.id)
               OR w.held <> (SELECT coalesce(sum(l.held), 0) FROM token_lots l WHERE l.wallet_id = w.id)
               OR w.overdraft_debt <> (SELECT coalesce(sum(outstanding), 0) FROM overdrawn_debits d WHERE d.wallet_id = w.id)
            """)
        guard wrong.isEmpty else { throw Unsound(description: "lots, holds or debts of \(wrong) do not add up") }
    }

    /// A ledger that cannot be.
    struct Unsound: Error, CustomStringConvertible {
        let description: String
    }
}

/// A wall clock that stands where the test puts it.
final class TestClock: Sendable {
    private let microseconds = Mutex<Int64>(TestClock.start)

    /// 2026-11-20T10:00:00.000123Z.
    static let start: Int64 = 1_795_168_800_000_123

    var now: Int64 { microseconds.withLock { $0 } }

    func advance(days: Int64) { microseconds.withLock { $0 += days * 86_400_000_000 } }
}
