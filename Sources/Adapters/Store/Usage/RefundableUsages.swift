public import Domain
public import Postgres

/// A usage row as a refund needs it, and the wallet that it belongs to.
public struct StoredUsage: Sendable {
    public let walletID: Int64
    public var usage: RefundableUsage
}

/// Finds what a refund names, and records what it gave back. All under the wallet's row lock.
public enum RefundableUsages {
    /// The request that loads usage rows by identity, in the place of the list that each row tells; read its rows with `stored(in:)`.
    public static func loading(_ identities: [EventIdentity]) -> [Request] {
        var parameters = Parameters()
        parameters.add(texts: identities.map(\.source))
        parameters.add(texts: identities.map(\.id))
        return [Request(RefundStatements.load, parameters), Request(RefundStatements.repayments, parameters)]
    }

    /// Reads the rows of the two requests of `loading`.
    public static func stored(in usages: Rows, repayments: Rows) -> [EventIdentity: StoredUsage] {
        var found: [EventIdentity: StoredUsage] = [:]
        var repaid: [EventIdentity: [Repayment]] = [:]
        for row in 0..<repayments.count {
            let identity = EventIdentity(source: repayments.text(row, 0), id: repayments.text(row, 1))
            repaid[identity, default: []].append(
                Repayment(
                    debitSequence: repayments.int64(row, 2), lot: repayments.int64(row, 3), tokens: repayments.int64(row, 4),
                    cause: RepaymentCause(rawValue: repayments.text(row, 5)) ?? .credit, after: repayments.int64(row, 6)))
        }
        for row in 0..<usages.count {
            let identity = EventIdentity(source: usages.text(row, 0), id: usages.text(row, 1))
            guard let outcome = UsageOutcome(rawValue: usages.text(row, 4)), let draws = Draws.parse(usages.text(row, 6)) else {
                preconditionFailure("the ledger's outcome and draws are words of ours")
            }
            found[identity] = StoredUsage(
                walletID: usages.int64(row, 2),
                usage: RefundableUsage(
                    sequence: usages.int64(row, 3), identity: identity, outcome: outcome, service: usages.textOrNil(row, 5), draws: draws,
                    refunded: usages.int64(row, 7), trialReturned: usages.int64(row, 8) > 0, repayments: repaid[identity] ?? []))
        }
        return found
    }

    /// The request that ties refund rows to their debits.
    public static func recording(_ refunds: [(walletID: Int64, debit: Int64, refund: Int64, tokens: Int64)]) -> Request {
        var parameters = Parameters()
        parameters.add(int64s: refunds.map(\.walletID))
        parameters.add(int64s: refunds.map(\.debit))
        parameters.add(int64s: refunds.map(\.refund))
        parameters.add(int64s: refunds.map(\.tokens))
        return Request(RefundStatements.record, parameters)
    }
}

enum RefundStatements {
    static let load = Statement(
        "refund_load",
        """
        SELECT h.source, h.event_id, h.wallet_id, h.sequence, h.outcome, h.service, h.draws, coalesce(r.tokens, 0)::bigint,
               coalesce(r.count, 0)
        FROM unnest($1::text[], $2::text[]) AS u (source, event_id)
        CROSS JOIN LATERAL (
            SELECT * FROM token_balance_history WHERE source = u.source AND event_id = u.event_id AND type = 'usage' LIMIT 1
        ) h
        LEFT JOIN LATERAL (
            SELECT sum(tokens) AS tokens, count(*) AS count FROM token_usage_refunds
            WHERE wallet_id = h.wallet_id AND debit_sequence = h.sequence
        ) r ON true
        """)

    /// What lots paid of an overdrawn part, in order; what refunds gave back (below 0) follows from the refunded sum.
    static let repayments = Statement(
        "refund_repayments",
        """
        SELECT h.source, h.event_id, p.debit_sequence, p.lot_id, p.tokens, p.cause,
               coalesce(p.cause_sequence, 0)
        FROM unnest($1::text[], $2::text[]) AS u (source, event_id)
        CROSS JOIN LATERAL (
            SELECT * FROM token_balance_history WHERE source = u.source AND event_id = u.event_id AND type = 'usage' LIMIT 1
        ) h
        JOIN debt_repayments p ON p.wallet_id = h.wallet_id AND p.debit_sequence = h.sequence AND p.tokens > 0
        WHERE h.outcome = 'overdrawn'
        ORDER BY p.id
        """)

    static let record = Statement(
        "refund_record",
        """
        INSERT INTO token_usage_refunds (wallet_id, debit_sequence, refund_sequence, tokens)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
        """)
}
