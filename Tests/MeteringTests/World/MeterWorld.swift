import AMQP
import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Store

@testable import Metering

/// A database with every migration, and the meter's steps that work on it with the rights of its role, at a time of the test's own.
final class MeterWorld: StepWorld {
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
        owner = try database.connectOwner()
        lane = try database.lane(of: "meter", changes, clock, sources: SourceBindings(["/till": ["till"]]))
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

    /// A usage event as a message.
    func use(_ data: String, organization: String = "org-1", id: String? = nil, time: String? = nil) -> Delivery {
        delivery(
            event("usage.recorded", data, organization: organization, id: id, time: time), key: organization, exchange: "purser.usage")
    }

    /// Handles usage messages as one batch.
    func handle(usage deliveries: [Delivery]) throws -> StepResult {
        try handle(deliveries, by: usage)
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
        return try Reply(try handle([delivery], by: commands).outcomes[0])
    }

    /// Dates refusals by the database's clock: it tells which are of late, and the test's clock stands still.
    func makeRefusalsNew() throws {
        try owner.run("UPDATE usage_refusals SET first_seen = now(), last_seen = now()")
    }

    /// Everything that a message may change, but for the kept answers and the counts of refusals.
    func snapshot() throws -> [String?] {
        try digests(of: [
            "organization_token_wallets", "token_lots", "token_balance_history", "overdrawn_debits", "debt_repayments", "token_holds",
            "token_usage_refunds", "service_rates", "outbox", "token_audit_logs",
        ])
    }
}
