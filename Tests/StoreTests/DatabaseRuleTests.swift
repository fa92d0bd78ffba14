import Postgres
import PurserTesting
import Testing

/// A statement that breaks a rule, and the constraint that refuses it.
struct BrokenRule: Sendable, CustomTestStringConvertible {
    let constraint: String
    let sql: String
    /// Which programs may write there at all; to the others the statement is a matter of rights.
    var writers: Set<String> = ["purser_meter", "purser_billing"]

    var testDescription: String { constraint + ": " + sql.prefix(80) }

    static let meterOnly: Set<String> = ["purser_meter"]
    static let billingOnly: Set<String> = ["purser_billing"]

    static let wallets: [BrokenRule] = [
        BrokenRule(constraint: "organization_token_wallets_held_check", sql: RuleFixture.wallet("held = -1")),
        BrokenRule(constraint: "organization_token_wallets_held_check", sql: RuleFixture.wallet("held = 61")),
        BrokenRule(constraint: "organization_token_wallets_debt_check", sql: RuleFixture.wallet("overdraft_debt = -1, held = 0")),
        BrokenRule(constraint: "organization_token_wallets_debt_check", sql: RuleFixture.wallet("overdraft_debt = 51")),
        BrokenRule(
            constraint: "organization_token_wallets_debt_check", sql: RuleFixture.wallet("overdraft_limit = 19"), writers: billingOnly),
        BrokenRule(
            constraint: "organization_token_wallets_status_check", sql: RuleFixture.wallet("status = 'closed'"), writers: billingOnly),
        BrokenRule(constraint: "organization_token_wallets_totals_check", sql: RuleFixture.wallet("total_purchased = -1")),
        BrokenRule(constraint: "organization_token_wallets_totals_check", sql: RuleFixture.wallet("total_spent = -1")),
        BrokenRule(constraint: "organization_token_wallets_totals_check", sql: RuleFixture.wallet("total_expired = -1")),
        BrokenRule(constraint: "organization_token_wallets_totals_check", sql: RuleFixture.wallet("total_refunded = -1")),
        BrokenRule(constraint: "organization_token_wallets_counters_check", sql: RuleFixture.wallet("trial_uses_left = -1")),
        BrokenRule(constraint: "organization_token_wallets_allowance_check", sql: RuleFixture.wallet("monthly_allowance = -1")),
        BrokenRule(constraint: "organization_token_wallets_allowance_check", sql: RuleFixture.wallet("next_monthly_allowance = -1")),
        BrokenRule(constraint: "organization_token_wallets_digest_check", sql: RuleFixture.wallet("ledger_digest = '\\x00'")),
        BrokenRule(
            constraint: "idx_token_wallets_org",
            sql: "INSERT INTO organization_token_wallets (organization_id, ledger_digest) VALUES ('org-1', sha256('x'))",
            writers: billingOnly),
        BrokenRule(
            constraint: "organization_token_wallets_organization_check",
            sql: "INSERT INTO organization_token_wallets (organization_id, ledger_digest) VALUES ('', sha256('x'))", writers: billingOnly),
    ]

    static let lots: [BrokenRule] = [
        // Whatever is held, more than -1 is: the rule of held tokens speaks first.
        BrokenRule(constraint: "token_lots_held_check", sql: RuleFixture.lot("remaining = -1, held = 0")),
        BrokenRule(constraint: "token_lots_held_check", sql: RuleFixture.lot("remaining = -1, held = -1")),
        BrokenRule(constraint: "token_lots_remaining_check", sql: RuleFixture.lot("remaining = 101")),
        BrokenRule(constraint: "token_lots_held_check", sql: RuleFixture.lot("held = -1")),
        BrokenRule(constraint: "token_lots_held_check", sql: RuleFixture.lot("held = 61")),
        BrokenRule(constraint: "token_lots_open_check", sql: RuleFixture.lot("is_open = false")),
        BrokenRule(constraint: "token_lots_expiry_check", sql: RuleFixture.lot("expiry_posted = true")),
        BrokenRule(constraint: "token_lots_kind_check", sql: RuleFixture.newLot("kind, origin", "'gift', 'grant'")),
        BrokenRule(constraint: "token_lots_origin_check", sql: RuleFixture.newLot("kind, origin", "'paid', 'usage'")),
        BrokenRule(
            constraint: "token_lots_priority_check", sql: RuleFixture.newLot("kind, origin, priority", "'paid', 'purchase', 101")),
        BrokenRule(
            constraint: "token_lots_life_check", sql: RuleFixture.newLot("kind, origin, expires_at", "'paid', 'purchase', now()")),
        BrokenRule(
            constraint: "token_lots_amount_check", sql: RuleFixture.newLot("kind, origin, net_amount", "'paid', 'purchase', 1.00")),
        BrokenRule(
            constraint: "token_lots_currency_check",
            sql: RuleFixture.newLot("kind, origin, net_amount, currency", "'paid', 'purchase', 1.00, 'dollars'")),
    ]

    static let ledger: [BrokenRule] = [
        // A jump, a restart, a second row 2, a first row where there are others, another wallet's start, a wrong balance.
        BrokenRule(constraint: "token_balance_history_follows", sql: RuleFixture.row(sequence: 4)),
        BrokenRule(constraint: "token_balance_history_follows", sql: RuleFixture.row(sequence: 1_000_000)),
        BrokenRule(constraint: "token_balance_history_pkey", sql: RuleFixture.row(sequence: 2)),
        BrokenRule(constraint: "token_balance_history_pkey", sql: RuleFixture.row(sequence: 1)),
        BrokenRule(constraint: "token_balance_history_follows", sql: RuleFixture.row(wallet: 7, sequence: 2)),
        BrokenRule(constraint: "token_balance_history_follows", sql: RuleFixture.row(wallet: 7, sequence: 1)),
        BrokenRule(constraint: "token_balance_history_follows", sql: RuleFixture.row(balance: 40)),
        // The wallet's own word is not enough.
        BrokenRule(
            constraint: "token_balance_history_follows",
            sql: RuleFixture.wallet("ledger_sequence = 5") + ";" + RuleFixture.row(sequence: 6)),
        BrokenRule(
            constraint: "token_balance_history_follows",
            sql: RuleFixture.wallet("current_balance = 50") + ";" + RuleFixture.row(balance: 49)),
        // Two at once with a hole between them, and a long statement with a hole at its start.
        BrokenRule(
            constraint: "token_balance_history_follows",
            sql: RuleFixture.row() + ", (1, 5, 'usage', -1, 38, 'debited', NULL, 'ai.chat', 1, '/t', 'u3', now(), sha256('4'))"),
        BrokenRule(
            constraint: "token_balance_history_follows",
            sql: """
                INSERT INTO token_balance_history (wallet_id, sequence, type, amount, balance_after, source, event_id, occurred_at, digest)
                    SELECT 1, 3 + n, 'grant', 1, 40 + n, '/t', 'g', now(), sha256('3') FROM generate_series(1, 200) n
                """),
        BrokenRule(constraint: "token_balance_history_event", sql: RuleFixture.row(id: "u1")),
        BrokenRule(constraint: "token_balance_history_sequence_check", sql: RuleFixture.row(sequence: 0)),
        BrokenRule(constraint: "token_balance_history_type_check", sql: RuleFixture.row(type: "gift", outcome: "NULL")),
        BrokenRule(constraint: "token_balance_history_outcome_check", sql: RuleFixture.row(amount: 0, balance: 40, outcome: "NULL")),
        BrokenRule(constraint: "token_balance_history_outcome_check", sql: RuleFixture.row(amount: 0, balance: 40, outcome: "'maybe'")),
        BrokenRule(constraint: "token_balance_history_outcome_check", sql: RuleFixture.row(service: "NULL")),
        BrokenRule(constraint: "token_balance_history_outcome_check", sql: RuleFixture.row(type: "grant", amount: 1, balance: 41)),
        BrokenRule(constraint: "token_balance_history_amount_check", sql: RuleFixture.row(amount: 1, balance: 41)),
        BrokenRule(constraint: "token_balance_history_amount_check", sql: RuleFixture.row(outcome: "'trial'")),
        BrokenRule(
            constraint: "token_balance_history_amount_check", sql: RuleFixture.row(type: "grant", outcome: "NULL")),
        BrokenRule(
            constraint: "token_balance_history_reason_check", sql: RuleFixture.row(amount: 0, balance: 40, outcome: "'rejected'")),
        BrokenRule(constraint: "token_balance_history_reason_check", sql: RuleFixture.row(reason: "'because'")),
        BrokenRule(constraint: "token_balance_history_quantity_check", sql: RuleFixture.row(quantity: "0")),
        BrokenRule(constraint: "token_balance_history_digest_check", sql: RuleFixture.row(digest: "'\\x00'")),
    ]

    static let beside: [BrokenRule] = [
        BrokenRule(constraint: "overdrawn_debits_amount_check", sql: "UPDATE overdrawn_debits SET outstanding = -1"),
        BrokenRule(constraint: "overdrawn_debits_amount_check", sql: "UPDATE overdrawn_debits SET outstanding = 21"),
        BrokenRule(
            constraint: "debt_repayments_cause_check",
            sql: "INSERT INTO debt_repayments (wallet_id, debit_sequence, lot_id, tokens, cause) VALUES (1, 2, 1, 1, 'luck')"),
        BrokenRule(
            constraint: "debt_repayments_tokens_check",
            sql: "INSERT INTO debt_repayments (wallet_id, debit_sequence, lot_id, tokens, cause) VALUES (1, 2, 1, -1, 'credit')"),
        BrokenRule(
            constraint: "token_usage_refunds_order_check",
            sql: "INSERT INTO token_usage_refunds (wallet_id, debit_sequence, refund_sequence, tokens) VALUES (1, 2, 2, 1)",
            writers: meterOnly),
        BrokenRule(
            constraint: "token_holds_status_check", sql: RuleFixture.hold("status = 'lost', resolved_at = now()"), writers: meterOnly),
        BrokenRule(constraint: "token_holds_resolved_check", sql: RuleFixture.hold("resolved_at = now()"), writers: meterOnly),
        BrokenRule(constraint: "token_holds_captured_check", sql: RuleFixture.hold("captured = 5"), writers: meterOnly),
        BrokenRule(
            constraint: "token_holds_amount_check",
            sql: RuleFixture.hold("status = 'captured', resolved_at = now(), captured = 11"), writers: meterOnly),
        BrokenRule(constraint: "token_holds_id_check", sql: RuleFixture.newHold(id: "repeat('h', 129)"), writers: meterOnly),
        BrokenRule(constraint: "token_holds_id_check", sql: RuleFixture.newHold(id: "''"), writers: meterOnly),
        // Bytes are counted, not characters.
        BrokenRule(constraint: "token_holds_service_check", sql: RuleFixture.newHold(service: "repeat('é', 65)"), writers: meterOnly),
        BrokenRule(constraint: "token_holds_service_check", sql: RuleFixture.newHold(service: "''"), writers: meterOnly),
        BrokenRule(
            constraint: "service_rates_service_check",
            sql: "INSERT INTO service_rates (service, effective_from, tokens_per_unit) VALUES (repeat('s', 129), now(), 1)",
            writers: meterOnly),
        BrokenRule(
            constraint: "service_rates_price_check",
            sql: "INSERT INTO service_rates (service, effective_from, tokens_per_unit) VALUES ('s', now(), 0)", writers: meterOnly),
        BrokenRule(
            constraint: "service_rates_price_check",
            sql: "INSERT INTO service_rates (service, effective_from, tokens_per_unit) VALUES ('s', now(), -1)", writers: meterOnly),
        BrokenRule(
            constraint: "service_rates_price_check",
            sql: "INSERT INTO service_rates (service, effective_from) VALUES ('s', now())", writers: meterOnly),
        BrokenRule(
            constraint: "system_settings_singleton_check",
            sql: "INSERT INTO system_settings (singleton, enabled) VALUES (false, true)"),
        BrokenRule(
            constraint: "usage_refusals_reason_check",
            sql: """
                INSERT INTO usage_refusals (source, event_id, content_digest, organization_id, reason, first_seen, last_seen)
                    VALUES ('/t', 'x', sha256('x'), 'org-1', 'mood', now(), now())
                """,
            writers: meterOnly),
        BrokenRule(
            constraint: "unlimited_coverage_origin_check",
            sql: "INSERT INTO unlimited_coverage (wallet_id, services, starts_at, origin) VALUES (1, '{a}', now(), 'gift')",
            writers: billingOnly),
        BrokenRule(
            constraint: "unlimited_coverage_services_check",
            sql: "INSERT INTO unlimited_coverage (wallet_id, services, starts_at, origin) VALUES (1, '{}', now(), 'settings')",
            writers: billingOnly),
        BrokenRule(
            constraint: "processed_requests_consumer_check",
            sql: "INSERT INTO processed_requests (source, id, consumer, content_digest) VALUES ('/t', 'x', 'nobody', sha256('x'))"),
        BrokenRule(
            constraint: "idempotency_keys_scope_check",
            sql: "INSERT INTO idempotency_keys (organization_id, scope, key, content_digest) VALUES ('o', 'other', 'k', sha256('x'))",
            writers: billingOnly),
        BrokenRule(
            constraint: "outbox_program_check",
            sql: "INSERT INTO outbox (program, exchange, routing_key, properties, body) VALUES ('nobody', 'x', 'y', '{}', '')"),
        BrokenRule(
            constraint: "consumer_heartbeats_shard_check",
            sql: "INSERT INTO consumer_heartbeats (program, instance, shard, shards) VALUES ('meter', 'a', 2, 2)"),
    ]
}

@Suite("The database refuses what breaks a rule, tried by hand as each program's role (domain.md 3.8)")
struct DatabaseRuleTests {
    private func expectRefused(_ rules: [BrokenRule]) throws {
        try TestSchema.with("rules") { _, owner in
            try owner.run(RuleFixture.sql)
            for rule in rules {
                for role in TestSchema.programs {
                    let error = try owner.attempt(rule.sql, as: role)
                    if rule.writers.contains(role) {
                        let refusedBy = error?.constraint ?? error?.description ?? "nothing"
                        #expect(refusedBy == rule.constraint, "\(role): \(rule.sql)")
                    } else {
                        #expect(error?.sqlState == "42501", "\(role): \(rule.sql)")
                    }
                }
            }
        }
    }

    @Test("Wallets")
    func wallets() throws { try expectRefused(BrokenRule.wallets) }

    @Test("Lots")
    func lots() throws { try expectRefused(BrokenRule.lots) }

    @Test("Ledger rows")
    func ledger() throws { try expectRefused(BrokenRule.ledger) }

    @Test("Everything beside them")
    func beside() throws { try expectRefused(BrokenRule.beside) }

    @Test("A row that follows is accepted from the meter and from billing, in short statements and in long ones")
    func rowsThatFollow() throws {
        try TestSchema.with("rules_follow") { _, owner in
            try owner.run(RuleFixture.sql)
            let long = """
                INSERT INTO token_balance_history (wallet_id, sequence, type, amount, balance_after, source, event_id, occurred_at, digest)
                    SELECT 1, 2 + n, 'grant', 1, 40 + n, '/t', 'g', now(), sha256('3') FROM generate_series(1, 200) n
                """
            for role in ["purser_meter", "purser_billing"] {
                try #expect(owner.attempt(RuleFixture.row(), as: role) == nil)
                try #expect(owner.attempt(long, as: role) == nil)
                let twice =
                    RuleFixture.row() + ";" + RuleFixture.wallet("ledger_sequence = 3, current_balance = 39") + ";"
                    + RuleFixture.row(sequence: 4, balance: 38, id: "u3")
                try #expect(owner.attempt(twice, as: role) == nil)
            }
        }
    }

    @Test("A sequence that jumps in a long statement is found too, by chance, and for certain where many do")
    func longJumps() throws {
        try TestSchema.with("rules_jump") { _, owner in
            try owner.run(RuleFixture.sql)
            try owner.run(
                """
                INSERT INTO organization_token_wallets (organization_id, ledger_digest)
                    SELECT 'many-' || n, sha256('x') FROM generate_series(1, 300) n
                """)
            let jump = """
                UPDATE organization_token_wallets SET ledger_sequence = ledger_sequence + 5 WHERE organization_id LIKE 'many-%';
                INSERT INTO token_balance_history (wallet_id, sequence, type, amount, balance_after, source, event_id, occurred_at, digest)
                    SELECT id, 6, 'grant', 1, 1, '/t', 'g', now(), sha256('3') FROM organization_token_wallets
                    WHERE organization_id LIKE 'many-%'
                """
            for role in ["purser_meter", "purser_billing"] {
                let error = try #require(try owner.attempt(jump, as: role))
                #expect(error.constraint == "token_balance_history_follows")
            }
        }
    }
}
