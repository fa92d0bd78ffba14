import Domain
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Billing

/// Billing with both gateways, which are the simulator, and what tests of purchases say to it.
final class Shop {
    let world: BillingWorld
    let simulator: RunningSimulator
    private var keys = 0

    private init(_ world: BillingWorld, _ simulator: RunningSimulator) {
        self.world = world
        self.simulator = simulator
    }

    /// Opens a shop and, at its end, holds its books against the simulator's.
    static func with(_ label: String, _ changes: [Setting: String] = [:], _ body: (Shop) throws -> Void) throws {
        let simulator = try RunningSimulator()
        var settings: [Setting: String] = [
            .stripeSecretKey: RunningSimulator.key, .stripeAPIBase: simulator.base, .stripeWebhookSecret: RunningSimulator.stripeSecret,
            .paystackSecretKey: RunningSimulator.key, .paystackAPIBase: simulator.base,
        ]
        settings.merge(changes) { $1 }
        try BillingWorld.with(label, settings) { world in
            let shop = Shop(world, simulator)
            try body(shop)
            try shop.expectSoundBooks()
        }
    }

    /// Asks billing, as one message of its own.
    @discardableResult
    func ask(_ type: String, _ data: String, organization: String? = "org-1", id: String? = nil, time: String? = nil) throws -> Reply {
        try world.ask(world.delivery(type, data, organization: organization, id: id, time: time))
    }

    /// Saves a card and gives the payment method's id.
    @discardableResult
    func card(_ name: String = "pm_card_visa", organization: String = "org-1") throws -> String {
        let reply = try ask(
            "billing.payment_method_add", #"{"gateway":"stripe","reference":"\#(name)"}"#, organization: organization)
        return try #require(reply.result?["payment_method_id"]?.text, "\(reply.text ?? "no answer")")
    }

    /// Buys 500 tokens for 225.00 net unless told otherwise, with a key of its own.
    @discardableResult
    func buy(
        _ item: String = #""package_id":"business""#, _ more: String = "", organization: String = "org-1", id: String? = nil
    ) throws -> Reply {
        keys += 1
        return try ask(
            "billing.purchase", #"{\#(item),"idempotency_key":"key-\#(keys)"\#(more.isEmpty ? "" : ",")\#(more)}"#,
            organization: organization, id: id)
    }

    /// A reminder of a purchase, as the delay queues and the job send it.
    @discardableResult
    func remind(_ reference: String) throws -> Reply {
        try ask("billing.due_work", #"{"purchase_reference_id":"\#(reference)"}"#, organization: nil)
    }

    /// The columns of a purchase's row, as one text.
    func row(_ reference: String, _ columns: String) throws -> String? {
        try world.value("SELECT concat_ws(' ', \(columns)) FROM token_purchases WHERE purchase_reference_id = '\(reference)'")
    }

    /// Who was charged: the references of the simulator's successful charges.
    func charged() throws -> [String] {
        try simulator.charges("status=succeeded").compactMap { $0["metadata"]?["purchase_reference_id"]?.text }
    }

    /// What holds whatever happened (`domain.md` 16): one charge that is not given back per completed purchase, and none for others; one
    /// invoice per completed purchase; a lot and a ledger row for its tokens; numbers without a gap.
    func expectSoundBooks() throws {
        let kept = try simulator.charges("status=succeeded").filter { charge in
            (charge["refunded"]?.whole ?? 0) < (charge["amount"]?.whole ?? 0) && charge["metadata"]?["purchase_reference_id"]?.text != nil
        }
        let completed = try world.column(
            """
            SELECT purchase_reference_id FROM token_purchases
            WHERE status IN ('completed', 'partially_refunded', 'disputed', 'charged_back') ORDER BY 1
            """)
        let unsettled = Set(
            try world.column("SELECT purchase_reference_id FROM token_purchases WHERE status = 'processing'").compactMap { $0 })
        let references = kept.compactMap { $0["metadata"]?["purchase_reference_id"]?.text }.filter { !unsettled.contains($0) }.sorted()
        #expect(references == completed.compactMap { $0 }, "charges that are kept, and completed purchases")
        let wrong = try world.column(
            """
            SELECT p.purchase_reference_id FROM token_purchases p
            WHERE (p.completed_at IS NOT NULL) <> (SELECT count(*) = 1 FROM invoices i WHERE i.purchase_id = p.id)
               OR (CASE WHEN p.completed_at IS NULL THEN 0 ELSE p.tokens END)
                  <> (SELECT coalesce(sum(h.amount), 0) FROM token_balance_history h
                      WHERE h.type = 'purchase' AND h.purchase_reference_id = p.purchase_reference_id)
            """)
        #expect(wrong.isEmpty, "invoices and credits of purchases")
        let gaps = try world.column("SELECT year FROM invoices GROUP BY year HAVING count(*) <> max(count)")
        #expect(gaps.isEmpty, "invoice numbers")
    }
}
