import AMQP
import Domain
import Messages
import Postgres
import PurserTesting
import Runtime
import Store

@testable import Billing

/// A database with every migration, and a step of billing that works on it with the rights of its own role, at a time of the test's own.
final class BillingWorld: StepWorld {
    let database: ScratchDatabase
    let owner: DatabaseConnection
    let lane: LaneContext
    let step: BillingStep
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
        owner = try database.connectOwner()
        lane = try database.lane(of: "billing", changes, clock)
        step = BillingStep(lane.configuration)
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
        return delivery(body + "}", key: type, asked: asked, user: user)
    }

    /// Handles messages as one batch.
    func handle(_ deliveries: [Delivery]) throws -> StepResult {
        try handle(deliveries, by: step)
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

    /// Everything that a request may change, but for the kept answers: they are kept for refusals too.
    func snapshot() throws -> [String?] {
        try digests(of: [
            "organization_token_wallets", "wallet_contacts", "token_lots", "token_balance_history", "unlimited_coverage",
            "overdrawn_debits", "debt_repayments", "token_holds", "idempotency_keys", "outbox", "token_audit_logs",
        ])
    }
}
