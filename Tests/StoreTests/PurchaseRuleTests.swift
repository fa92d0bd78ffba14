import Domain
import Postgres
import PurserTesting
import Testing

extension BrokenRule {
    private static func billing(_ constraint: String, _ sql: String) -> BrokenRule {
        BrokenRule(constraint: constraint, sql: sql, writers: billingOnly)
    }

    /// A purchase beside the one that stands.
    private static func sold(
        type: String = "'one_time'", tokens: String = "100", net: String = "100", total: String = "116", currency: String = "'USD'",
        gateway: String = "'stripe'", status: String = "'pending'", more: String = "", values: String = ""
    ) -> String {
        PurchaseFixture.newPurchase(
            reference: "'REF-ZZZZZZZZZZZZZZZZZZZZZZZZZ9'", type: type, tokens: tokens, net: net, total: total, currency: currency,
            gateway: gateway, status: status, more: more, values: values)
    }

    static let purchases: [BrokenRule] = [
        billing("idx_token_purchases_ref", PurchaseFixture.newPurchase()),
        billing("token_purchases_reference_check", PurchaseFixture.newPurchase(reference: "'REF-aaaaaaaaaaaaaaaaaaaaaaaaaa'")),
        billing("token_purchases_reference_check", PurchaseFixture.newPurchase(reference: "'REF-A'")),
        billing("token_purchases_type_check", sold(type: "'gift'")),
        billing("token_purchases_tokens_check", sold(tokens: "0")),
        billing("token_purchases_tokens_check", sold(tokens: "-1")),
        billing("token_purchases_amount_check", sold(net: "100.01")),
        billing("token_purchases_amount_check", sold(net: "-16", total: "0")),
        billing("token_purchases_currency_check", sold(currency: "'usd'")),
        billing("token_purchases_gateway_check", sold(gateway: "'cash'")),
        billing("token_purchases_period_check", sold(type: "'subscription'")),
        billing("token_purchases_moves", sold(status: "'completed'")),
        billing("token_purchases_metadata_check", sold(more: ", metadata", values: ", json_build_object('a', repeat('x', 8192))")),
        billing("token_purchases_key_check", sold(more: ", idempotency_key", values: ", ''")),
        billing(
            "token_purchases_idempotency",
            sold(more: ", idempotency_key", values: ", 'k'") + ";"
                + PurchaseFixture.newPurchase(
                    reference: "'REF-YYYYYYYYYYYYYYYYYYYYYYYYYY'", more: ", idempotency_key", values: ", 'k'")),
        billing(
            "token_purchases_period",
            sold(type: "'subscription'", more: ", subscription_id, period_start", values: ", 1, '2026-01-01'") + ";"
                + PurchaseFixture.newPurchase(
                    reference: "'REF-YYYYYYYYYYYYYYYYYYYYYYYYYY'", type: "'subscription'", more: ", subscription_id, period_start",
                    values: ", 1, '2026-01-01'")),
        billing("token_purchases_phase_check", PurchaseFixture.purchase("phase = 'parked'")),
        billing("token_purchases_completed_check", PurchaseFixture.purchase("completed_at = NULL")),
        billing("token_purchases_dispute_check", PurchaseFixture.purchase("status_before_dispute = 'completed'")),
        billing("token_purchases_moves", PurchaseFixture.purchase("status = 'disputed', status_before_dispute = 'refunded'")),
        billing("token_purchases_closing_check", PurchaseFixture.purchase("closing = 'mood'")),
        billing("token_purchases_tokens_check", PurchaseFixture.purchase("refunded_tokens = 101")),
    ]

    static let besidePurchases: [BrokenRule] = [
        billing(
            "payment_methods_default",
            """
            INSERT INTO payment_methods (id, organization_id, gateway, reference, is_default)
                VALUES ('a', 'org-1', 'stripe', 'x', true), ('b', 'org-1', 'stripe', 'y', true)
            """),
        billing(
            "payment_methods_reference",
            "INSERT INTO payment_methods (id, organization_id, gateway, reference) VALUES ('a', 'org-1', 'stripe', 'pm_card_visa')"),
        billing("payment_methods_card_check", "UPDATE payment_methods SET last_four = '4242424242424242'"),
        billing("payment_methods_usable_check", "UPDATE payment_methods SET is_usable = false"),
        billing(
            "payment_attempts_key_key",
            "INSERT INTO payment_attempts (purchase_id, attempt, gateway, key, amount, currency) VALUES (1, 2, 'stripe', 'k1', 1, 'USD')"),
        billing("payment_attempts_outcome_check", "UPDATE payment_attempts SET outcome = 'maybe'"),
        billing("purchase_refunds_under_way", PurchaseFixture.newRefund()),
        billing("purchase_refunds_moves", PurchaseFixture.newRefund(status: "sent")),
        billing("purchase_refunds_amount_check", PurchaseFixture.newRefund(total: "11.5")),
        billing(
            "purchase_refunds_automatic_check",
            PurchaseFixture.newRefund(tokens: 0, more: ", automatic_reason", values: ", 'mood'")),
        billing(
            "purchase_refunds_automatic",
            PurchaseFixture.newRefund(tokens: 0, more: ", automatic_reason", values: ", 'failed'") + ";"
                + PurchaseFixture.newRefund(tokens: 0, more: ", automatic_reason", values: ", 'cancelled'")),
        billing("purchase_refunds_moves", "UPDATE purchase_refunds SET status = 'succeeded', sent_at = now(), ended_at = now()"),
        billing("purchase_refunds_times_check", "UPDATE purchase_refunds SET status = 'sent'"),
        billing(
            "purchase_disputes_gateway_key",
            """
            INSERT INTO purchase_disputes (purchase_id, gateway, gateway_dispute_id, amount, currency)
                VALUES (1, 'stripe', 'dp_1', 1, 'USD')
            """),
        billing(
            "purchase_taken_parts_owner_check",
            "INSERT INTO purchase_taken_parts (lot_id, tokens, net_amount, tax_amount, priority) VALUES (1, 10, 1, 1, 50)"),
        billing("invoice_counters_gapless", "UPDATE invoice_counters SET last = last + 2"),
        billing("invoice_counters_gapless", "UPDATE invoice_counters SET last = last"),
        billing("invoice_counters_gapless", "INSERT INTO invoice_counters (series, year, last) VALUES ('INV', 2027, 5)"),
        billing("invoice_counters_gapless", "SET CONSTRAINTS ALL IMMEDIATE; UPDATE invoice_counters SET last = last + 1"),
        billing("invoice_counters_series_check", "INSERT INTO invoice_counters (series, year, last) VALUES ('BILL', 2026, 0)"),
        billing("invoices_counted", PurchaseFixture.newInvoice(count: 2)),
        billing("invoices_number_check", PurchaseFixture.newInvoice(count: 1, number: "INV-2026-1")),
        billing("invoices_pkey", PurchaseFixture.newInvoice(count: 1)),
        billing("credit_notes_counted", PurchaseFixture.newCreditNote(count: 2)),
        billing("gateway_events_outcome_check", "UPDATE gateway_events SET outcome = 'lost', processed_at = now()"),
        billing("gateway_events_processed_check", "UPDATE gateway_events SET outcome = 'done'"),
        billing(
            "gateway_events_pkey", "INSERT INTO gateway_events (gateway, event_id, type, body) VALUES ('stripe', 'evt_1', 'x', '')"),
        billing(
            "token_packages_price_check",
            """
            INSERT INTO token_packages (id, name, catalog, tokens, price, currency) VALUES ('x', 'X', 'credits', 0, 1, 'USD')
            """),
        billing("token_catalogs_price_check", "UPDATE token_catalogs SET token_price = 1, currency = NULL"),
    ]
}

@Suite("The database refuses what breaks a rule of purchases (domain.md 7)")
struct PurchaseRuleTests {
    private func expectRefused(_ rules: [BrokenRule]) throws {
        try TestSchema.with("purchase_rules") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.sql)
            for rule in rules {
                let error = try owner.attempt(rule.sql, as: "purser_billing")
                #expect((error?.constraint ?? error?.description ?? "nothing") == rule.constraint, "\(rule.sql)")
                // To the others it is a matter of rights.
                for role in TestSchema.programs where role != "purser_billing" {
                    try #expect(owner.attempt(rule.sql, as: role)?.sqlState == "42501", "\(role): \(rule.sql)")
                }
            }
        }
    }

    @Test("Purchases")
    func purchases() throws { try expectRefused(BrokenRule.purchases) }

    @Test("Everything beside them")
    func beside() throws { try expectRefused(BrokenRule.besidePurchases) }

    /// What a status needs beside itself.
    private func columns(_ status: PurchaseStatus, from: PurchaseStatus) -> String {
        var columns = "status = '\(status.rawValue)', phase = " + (status == .processing ? "'charging'" : "NULL")
        if status.wasCompleted {
            columns += ", completed_at = coalesce(completed_at, now()), gateway_transaction_id = coalesce(gateway_transaction_id, 'pi_2')"
        } else {
            columns += ", completed_at = NULL, gateway_transaction_id = NULL"
        }
        if status == .disputed, from != .disputed {
            let before: PurchaseStatus = [.completed, .partiallyRefunded, .refunded].contains(from) ? from : .completed
            columns += ", status_before_dispute = '\(before.rawValue)'"
        } else if status != .disputed {
            columns += ", status_before_dispute = NULL"
        }
        return columns
    }

    /// A way from `pending` to each status.
    private func path(to status: PurchaseStatus) -> [PurchaseStatus] {
        switch status {
        case .pending: []
        case .processing: [.processing]
        case .cancelled: [.cancelled]
        case .failed: [.processing, .failed]
        case .completed: [.processing, .completed]
        case .partiallyRefunded, .refunded, .disputed: [.processing, .completed, status]
        case .chargedBack: [.processing, .completed, .disputed, .chargedBack]
        }
    }

    @Test("The database and the rules allow the same moves between all states", arguments: PurchaseStatus.allCases)
    func moves(from: PurchaseStatus) throws {
        try TestSchema.with("purchase_moves") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.newPurchase())
            var before = PurchaseStatus.pending
            for step in path(to: from) {
                try owner.run(PurchaseFixture.purchase(columns(step, from: before)))
                before = step
            }
            for to in PurchaseStatus.allCases where to != from {
                let error = try owner.attempt(PurchaseFixture.purchase(columns(to, from: from)), as: "purser_billing")
                // A dispute of a completed purchase leads back to there alone.
                let isAllowed = from == .disputed ? to == .completed || to == .chargedBack : from.canBecome(to)
                #expect(error?.constraint == (isAllowed ? nil : "token_purchases_moves"), "\(from) to \(to)")
            }
        }
    }

    @Test("The same for refunds and disputes")
    func reversals() throws {
        try TestSchema.with("reversal_moves") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.sql)
            for from in RefundStatus.allCases {
                for to in RefundStatus.allCases where to != from {
                    let sql = (refundPath(to: from) + [to]).map(refundMove).joined(separator: ";")
                    let constraint = try owner.attempt(sql, as: "purser_billing")?.constraint
                    #expect(constraint == (from.canBecome(to) ? nil : "purchase_refunds_moves"), "\(from) to \(to)")
                }
            }
            for from in DisputeStatus.allCases {
                for to in DisputeStatus.allCases where to != from {
                    let steps = from == .inquiry ? [] : [from]
                    let sql = (steps + [to]).map { "UPDATE purchase_disputes SET status = '\($0.rawValue)'" }.joined(separator: ";")
                    let constraint = try owner.attempt(sql, as: "purser_billing")?.constraint
                    #expect(constraint == (from.canBecome(to) ? nil : "purchase_disputes_moves"), "\(from) to \(to)")
                }
            }
        }
    }

    private func refundPath(to status: RefundStatus) -> [RefundStatus] {
        switch status {
        case .requested: []
        case .sent: [.sent]
        case .succeeded, .failed: [.sent, status]
        }
    }

    private func refundMove(_ status: RefundStatus) -> String {
        let sent = status == .requested ? "NULL" : "now()"
        let ended = status == .succeeded || status == .failed ? "now()" : "NULL"
        return "UPDATE purchase_refunds SET status = '\(status.rawValue)', sent_at = \(sent), ended_at = \(ended)"
    }

    @Test("The word lists of the rules are those of the database")
    func words() throws {
        try TestSchema.with("purchase_words") { _, owner in
            let lists: [(String, [String])] = [
                ("token_purchases_status_check", PurchaseStatus.allCases.map(\.rawValue)),
                ("token_purchases_phase_check", PurchasePhase.allCases.map(\.rawValue)),
                ("token_purchases_type_check", PurchaseType.allCases.map(\.rawValue)),
                ("token_purchases_gateway_check", Gateway.allCases.map(\.rawValue)),
                ("token_purchases_closing_check", ClosingReason.allCases.map(\.rawValue)),
                ("purchase_refunds_status_check", RefundStatus.allCases.map(\.rawValue)),
                ("purchase_refunds_automatic_check", AutomaticRefund.allCases.map(\.rawValue)),
                ("purchase_disputes_status_check", DisputeStatus.allCases.map(\.rawValue)),
                ("invoice_counters_series_check", InvoiceSeries.allCases.map(\.rawValue)),
            ]
            for (constraint, words) in lists {
                var parameters = Parameters()
                parameters.add(text: constraint)
                let rows = try owner.query(PurchaseRuleTests.definition, parameters)
                try #require(rows.count == 1, "\(constraint)")
                let text = rows.text(0, 0)
                let found = text.split(separator: "'", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
                    .map { String($0.element) }
                #expect(Set(found).subtracting(["processing"]) == Set(words).subtracting(["processing"]), "\(constraint)")
            }
        }
    }

    private static let definition = Statement("test_definition", "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1")

    @Test("Billing takes a number, issues the document, and commits; a document that was rolled back leaves no gap")
    func numbers() throws {
        try TestSchema.with("purchase_numbers") { _, owner in
            try owner.run(RuleFixture.sql + PurchaseFixture.sql)
            try owner.run(PurchaseFixture.newPurchase(reference: "'REF-BBBBBBBBBBBBBBBBBBBBBBBBBB'"))
            let issue =
                "SET ROLE purser_billing; BEGIN; UPDATE invoice_counters SET last = last + 1 WHERE series = 'INV' AND year = 2026;"
                + PurchaseFixture.newInvoice(count: 2, purchase: 2)
            try owner.run(issue + "; ROLLBACK; RESET ROLE")
            try owner.run(issue + "; COMMIT; RESET ROLE")
            #expect(
                try owner.texts(Statement("test_numbers", "SELECT number FROM invoices ORDER BY 1")) == [
                    "INV-2026-000001", "INV-2026-000002",
                ])
            #expect(throws: DatabaseError.self) {
                try owner.run("BEGIN; UPDATE invoice_counters SET last = last + 1 WHERE series = 'INV'; COMMIT")
            }
        }
    }
}
