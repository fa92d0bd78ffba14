import AMQP
import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Store
import Synchronization
import Telemetry

@testable import Metering

/// A database with every migration, and the meter's steps that work on it with the rights of its role, at a time of the test's own.
final class MeterWorld {
    static let operators: Set = ["purser-operator"]

    let owner: DatabaseConnection
    let lane: LaneContext
    let usage = UsageStep(operators: MeterWorld.operators)
    let commands = MeterCommandStep()
    let clock = TestClock()
    private var sent = 0

    /// Runs a test in which service `chat` costs 2 tokens a unit, `tasting` too with trial uses, and `tokens` is a pass-through service.
    static func with(_ label: String = "meter", _ changes: [Setting: String] = [:], _ body: (MeterWorld) throws -> Void) throws {
        try ScratchDatabase.withSchema(label) { database in
            let world = try MeterWorld(database, changes)
            defer { world.close() }
            for rate in [
                #"{"service":"chat","tokens_per_unit":2}"#, #"{"service":"tasting","tokens_per_unit":2,"trial_eligible":true}"#,
                #"{"service":"tokens","pass_through":true}"#,
            ] { try world.ask("meter.rate_set", rate, organization: nil) }
            try world.owner.run("DELETE FROM outbox; DELETE FROM processed_requests")
            try body(world)
            try world.expectSoundLedger()
            try world.expectEventsOfTheContract()
        }
    }

    private init(_ database: ScratchDatabase, _ changes: [Setting: String]) throws {
        owner = try database.connect()
        try owner.run(
            """
            CREATE OR REPLACE FUNCTION test_column(question text) RETURNS SETOF text LANGUAGE plpgsql AS $$
            BEGIN RETURN QUERY EXECUTE 'SELECT answer::text FROM (' || question || ') AS t (answer)'; END $$
            """)
        let time = TimeSource(wall: { [clock] in clock.now }, monotonic: { 0 })
        let setup = LaneSetup(
            lane: 0, configuration: try .defaults(changes), log: .silent, metrics: Metrics(), time: time,
            sources: SourceBindings(["/till": ["till"]]))
        lane = LaneContext(setup: setup, program: "meter", connection: try database.connect(as: "purser_meter"))
    }

    private func close() {
        lane.database.close()
        owner.close()
    }

    /// Opens a wallet with so many tokens, as billing would.
    func open(_ organization: String = "org-1", tokens: Int64, overdraft: Overdraft? = nil, trialUses: Int64 = 0) throws {
        let moment = Moment(microseconds: clock.now)
        let transaction = try WalletTransaction(on: owner, WalletLoad(organizations: [organization]))
        try transaction.open(
            WalletOpening(organizations: [organization], trialUses: trialUses, monthlyAllowance: 0, moment: moment))
        let cause = EventIdentity(source: "/billing", id: "open-\(organization)")
        try transaction.wallets[0].open(welcomeGrant: tokens, cause: cause, at: moment)
        if let overdraft { try transaction.wallets[0].setOverdraft(overdraft) }
        try transaction.commit()
    }

    /// An event, with an id of its own unless told.
    func event(
        _ type: String, _ data: String, organization: String? = "org-1", id: String? = nil, time: String? = nil, traceparent: String? = nil
    ) -> String {
        sent += 1
        var body = #"{"specversion":"1.0","id":"\#(id ?? "m\(sent)")","source":"/crm","type":"\#(type)""#
        if let organization { body += #","subject":"\#(organization)""# }
        if let traceparent { body += #","traceparent":"\#(traceparent)""# }
        return body + #","time":"\#(time ?? EventTime.text(microseconds: clock.now))","data":\#(data)}"#
    }

    /// A message with a body of the test's own.
    func delivery(
        _ body: String, key: String, asked: Bool = true, user: String? = nil, headers: Headers = [:], exchange: String = "purser.commands",
        contentType: String = "application/cloudevents+json"
    ) -> Delivery {
        var properties = Properties()
        properties.contentType = contentType
        properties.headers = headers
        properties.replyTo = asked ? "reply.test" : nil
        properties.userID = user
        return Delivery(
            consumer: 0, tag: 1, redelivered: false, exchange: exchange, routingKey: key, properties: properties, body: Array(body.utf8))
    }

    /// A usage event as a message.
    func use(_ data: String, organization: String = "org-1", id: String? = nil, time: String? = nil) -> Delivery {
        delivery(
            event("usage.recorded", data, organization: organization, id: id, time: time), key: organization, exchange: "purser.usage")
    }

    /// Handles usage messages as one batch.
    func handle(usage deliveries: [Delivery]) throws -> StepResult {
        let result = try usage.handle(deliveries, lane)
        try lane.database.rollbackIfNeeded()
        return result
    }

    /// Handles a usage event and gives its answer.
    @discardableResult
    func record(_ data: String, organization: String = "org-1", id: String? = nil, time: String? = nil) throws -> Reply {
        try Reply(try handle(usage: [use(data, organization: organization, id: id, time: time)]).outcomes[0])
    }

    /// Handles a request and gives its answer.
    @discardableResult
    func ask(
        _ type: String, _ data: String, organization: String? = "org-1", id: String? = nil, time: String? = nil, attempts: Int64 = 0
    ) throws -> Reply {
        let body = event(type, data, organization: organization, id: id, time: time)
        // What comes back from a delay queue comes through the default exchange.
        let headers: Headers = attempts == 0 ? [:] : [HeaderName.attempt: .int(attempts), HeaderName.key: .string(type)]
        let delivery = delivery(
            body, key: attempts == 0 ? type : "purser.meter", headers: headers, exchange: attempts == 0 ? "purser.commands" : "")
        let result = try commands.handle([delivery], lane)
        try lane.database.rollbackIfNeeded()
        return try Reply(result.outcomes[0])
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

    /// Everything that a message may change, but for the kept answers and the counts of refusals.
    func snapshot() throws -> [String?] {
        try [
            "organization_token_wallets", "token_lots", "token_balance_history", "overdrawn_debits", "debt_repayments", "token_holds",
            "token_usage_refunds", "service_rates", "outbox", "token_audit_logs",
        ].map { try value("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS d FROM \($0) t") }
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

    /// A ledger, or an event, that cannot be.
    struct Unsound: Error, CustomStringConvertible {
        let description: String
    }
}

/// A wall clock that stands where the test puts it.
final class TestClock: Sendable {
    /// 2026-11-20T10:00:00.000123Z.
    private let microseconds = Mutex<Int64>(1_795_168_800_000_123)

    var now: Int64 { microseconds.withLock { $0 } }

    func advance(seconds: Int64) { microseconds.withLock { $0 += seconds * 1_000_000 } }

    /// The text of a moment so many seconds from now.
    func text(_ seconds: Int64) -> String { EventTime.text(microseconds: now + seconds * 1_000_000) }
}
