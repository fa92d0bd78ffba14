import Domain
import PurserTesting
import Testing

/// What holds of money after every step, computed from the rows.
extension Shop {
    /// Totals are the sums of their parts, and revenue adds up.
    func expectSoundMoney() throws {
        for (what, sql) in Self.sums { #expect(try world.column(sql).isEmpty, "\(what)") }
        for wallet in try world.column("SELECT id FROM organization_token_wallets") { try expectRevenue(try #require(wallet)) }
    }

    /// Each question finds the rows that do not add up.
    private static let sums = [
        (
            "invoices",
            """
            SELECT i.number FROM invoices i JOIN token_purchases p ON p.id = i.purchase_id
            WHERE i.total_amount <> i.net_amount + i.tax_amount OR json_array_length(i.lines) <> 1
               OR i.net_amount <> (SELECT sum((l->>'net_amount')::numeric) FROM json_array_elements(i.lines) l)
               OR i.net_amount <> (SELECT sum((t->>'base')::numeric) FROM json_array_elements(i.taxes) t)
               OR i.tax_amount <> (SELECT sum((t->>'tax')::numeric) FROM json_array_elements(i.taxes) t)
               OR (i.net_amount, i.tax_amount, i.total_amount, i.currency) <> (p.net_amount, p.tax_amount, p.total_amount, p.currency)
            """
        ),
        (
            "refunds",
            """
            SELECT r.id FROM purchase_refunds r LEFT JOIN LATERAL (
                SELECT sum(tokens) AS tokens, sum(net_amount) AS net, sum(tax_amount) AS tax FROM purchase_taken_parts t WHERE t.refund_id = r.id
            ) t ON true
            WHERE r.automatic_reason IS NULL AND (r.tokens, r.net_amount, r.tax_amount) IS DISTINCT FROM (t.tokens, t.net, t.tax)
               OR r.total_amount <> r.net_amount + r.tax_amount
            """
        ),
        (
            "credit notes",
            """
            SELECT r.id FROM purchase_refunds r LEFT JOIN credit_notes c ON c.refund_id = r.id
            WHERE (r.status = 'succeeded' AND r.automatic_reason IS NULL) <> (c.number IS NOT NULL)
               OR (c.tokens, c.net_amount, c.tax_amount, c.total_amount, c.currency)
                  <> (r.tokens, r.net_amount, r.tax_amount, r.total_amount, r.currency)
            """
        ),
        (
            "purchases and their refunds",
            """
            SELECT p.id FROM token_purchases p LEFT JOIN LATERAL (
                SELECT coalesce(sum(tokens), 0) AS tokens, sum(net_amount) AS net, sum(tax_amount) AS tax FROM purchase_refunds r
                WHERE r.purchase_id = p.id AND r.status = 'succeeded' AND r.automatic_reason IS NULL
            ) r ON true
            WHERE p.refunded_tokens <> r.tokens OR r.net > p.net_amount OR r.tax > p.tax_amount
               OR (r.tokens = p.tokens AND (r.net, r.tax) <> (p.net_amount, p.tax_amount))
               OR (p.status IN ('completed', 'partially_refunded', 'refunded') AND p.status <> CASE r.tokens
                   WHEN 0 THEN 'completed' WHEN p.tokens THEN 'refunded' ELSE 'partially_refunded' END)
            """
        ),
        (
            "numbers of credit notes",
            """
            SELECT year FROM credit_notes GROUP BY year HAVING count(*) <> max(count)
            """
        ),
    ]

    /// `domain.md` 15, with each figure as the tables of sales have it.
    private func expectRevenue(_ wallet: String) throws {
        let lots = try lots(of: wallet)
        var rows: [LedgerRow] = []
        for part in try parts("sequence, type, amount, draws", "token_balance_history WHERE wallet_id = \(wallet) ORDER BY sequence") {
            var row = LedgerRow(
                walletID: 1, sequence: try #require(Int64(part[0])), type: try #require(LedgerType(rawValue: part[1])),
                amount: try #require(Int64(part[2])), balanceAfter: 0, occurredAt: Moment(microseconds: 0),
                createdAt: Moment(microseconds: 0))
            row.draws = try #require(Draws.parse(part[3]))
            rows.append(row)
        }
        let repayments = try parts(
            "debit_sequence, lot_id, tokens, cause, cause_sequence", "debt_repayments WHERE wallet_id = \(wallet) ORDER BY id"
        ).map { part in
            Repayment(
                debitSequence: try #require(Int64(part[0])), lot: try #require(Int64(part[1])), tokens: try #require(Int64(part[2])),
                cause: try #require(RepaymentCause(rawValue: part[3])), after: try #require(Int64(part[4])))
        }
        let figures = try RevenueFold.figures(lots: lots.map(\.lot), rows: rows, repayments: repayments)
        for (code, found) in figures {
            #expect(found.addsUp, "\(code): \(found)")
            let currency = try #require(Currency(code))
            var deferred: Int64 = 0
            for (lot, remaining) in lots where lot.net.currency == currency {
                deferred += try lot.net.share(granted: lot.granted, taken: lot.granted - remaining, count: remaining).minorUnits
            }
            #expect(found.deferred.minorUnits == deferred, "deferred, \(code)")
            try expect(found.sold, "net_amount", "token_purchases p WHERE completed_at IS NOT NULL", wallet)
            try expect(
                found.refunded, "r.net_amount",
                "purchase_refunds r JOIN token_purchases p ON p.id = purchase_id WHERE r.status <> 'failed' AND automatic_reason IS NULL",
                wallet)
            try expect(
                found.disputed, "t.net_amount",
                """
                purchase_taken_parts t JOIN purchase_disputes d ON d.id = dispute_id JOIN token_purchases p ON p.id = d.purchase_id
                WHERE returned_sequence IS NULL
                """, wallet)
        }
    }

    private func expect(_ figure: Money, _ column: String, _ tables: String, _ wallet: String) throws {
        let sum = try #require(
            try world.value(
                "SELECT coalesce(sum(\(column)), 0)::numeric(19,4) FROM \(tables) AND wallet_id = \(wallet) AND p.currency = '\(figure.currency.code)'"
            ))
        #expect(Money(sum, figure.currency) == figure, "\(tables)")
    }

    private func lots(of wallet: String) throws -> [(lot: RevenueLot, remaining: Int64)] {
        try parts(
            "lot_id, granted, net_amount, currency, origin, origin_sequence, remaining",
            "token_lots WHERE wallet_id = \(wallet) AND currency IS NOT NULL ORDER BY lot_id"
        ).map { part in
            let currency = try #require(Currency(part[3]))
            let lot = RevenueLot(
                lot: try #require(Int64(part[0])), granted: try #require(Int64(part[1])), net: try #require(Money(part[2], currency)),
                origin: try #require(LedgerType(rawValue: part[4])), originSequence: try #require(Int64(part[5])))
            return (lot, try #require(Int64(part[6])))
        }
    }

    /// The columns of rows, apart.
    private func parts(_ columns: String, _ rows: String) throws -> [[String]] {
        try world.column("SELECT concat_ws('|', \(columns)) FROM \(rows)").map { row in
            (row ?? "").split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
