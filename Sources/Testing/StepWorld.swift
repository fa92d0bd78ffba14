public import AMQP
public import Messages
public import Postgres
public import Runtime
import Store
import Telemetry

/// A database with every migration, and a lane on it with the rights of a program's role, at a time of the test's own: what the tests of
/// every service's steps need.
public protocol StepWorld: AnyObject {
    /// The owner's session.
    var owner: DatabaseConnection { get }
    /// What the steps are given.
    var lane: LaneContext { get }
}

/// A ledger, or an event, that cannot be.
public struct Unsound: Error, CustomStringConvertible {
    public let description: String

    /// With what is wrong.
    public init(description: String) {
        self.description = description
    }
}

extension ScratchDatabase {
    /// The owner's session, which answers questions of the test's own (`StepWorld.column`).
    public func connectOwner() throws -> DatabaseConnection {
        let owner = try connect()
        try owner.run(
            """
            CREATE OR REPLACE FUNCTION test_column(question text) RETURNS SETOF text LANGUAGE plpgsql AS $$
            BEGIN RETURN QUERY EXECUTE 'SELECT answer::text FROM (' || question || ') AS t (answer)'; END $$
            """)
        return owner
    }

    /// A lane of a program without a broker.
    public func lane(
        of program: String, _ changes: [Setting: String], _ clock: TestClock, sources: SourceBindings = .none
    ) throws -> LaneContext {
        let time = TimeSource(wall: { clock.now }, monotonic: { 0 })
        let setup = LaneSetup(
            lane: 0, configuration: try .defaults(changes), log: .silent, metrics: Metrics(), time: time, sources: sources)
        return LaneContext(setup: setup, program: program, connection: try connect(as: "purser_\(program)"))
    }
}

extension StepWorld {
    /// Ends both sessions.
    public func close() {
        lane.database.close()
        owner.close()
    }

    /// A message with a body of the test's own.
    public func delivery(
        _ body: String, key: String, asked: Bool = true, user: String? = nil, headers: Headers = [:], exchange: String = "purser.commands",
        contentType: String = EnvelopeWriter.contentType
    ) -> Delivery {
        var properties = Properties()
        properties.contentType = contentType
        properties.headers = headers
        properties.replyTo = asked ? "reply.test" : nil
        properties.userID = user
        return Delivery(
            consumer: 0, tag: 1, redelivered: false, exchange: exchange, routingKey: key, properties: properties, body: Array(body.utf8))
    }

    /// Handles messages as one batch of a step.
    public func handle(_ deliveries: [Delivery], by step: any Step) throws -> StepResult {
        let result = try step.handle(deliveries, lane)
        try lane.database.rollbackIfNeeded()
        return result
    }

    /// The only column of every row, as text.
    public func column(_ sql: String) throws -> [String?] {
        // The text is a parameter of a function, so that one prepared statement serves every question.
        var parameters = Parameters()
        parameters.add(text: sql)
        let rows = try owner.query(Statement("test_column", "SELECT * FROM test_column($1)"), parameters)
        return (0..<rows.count).map { rows.textOrNil($0, 0) }
    }

    /// The only column of the only row, as text.
    public func value(_ sql: String) throws -> String? {
        try column(sql).first ?? nil
    }

    /// A digest of each of these tables.
    public func digests(of tables: [String]) throws -> [String?] {
        try tables.map { try value("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS d FROM \($0) t") }
    }

    /// The bodies of the outbox in their order, with their types.
    public func events() throws -> [(type: String, event: JSONValue)] {
        let types = try column("SELECT routing_key FROM outbox ORDER BY id")
        let bodies = try owner.query(Statement("test_events", "SELECT body FROM outbox ORDER BY id"))
        return try types.indices.map { (types[$0] ?? "", try JSONReader.read(bodies.bytes($0, 0))) }
    }

    /// The digests, the balances and the identities of `domain.md` 16 that concern wallets and lots.
    public func expectSoundLedger() throws {
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
}
