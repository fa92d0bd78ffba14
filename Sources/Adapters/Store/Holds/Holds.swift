public import Domain
public import Postgres

/// A hold and the wallet that it lies on.
public struct StoredHold: Sendable {
    public let walletID: Int64
    public var hold: Hold

    public init(walletID: Int64, hold: Hold) {
        self.walletID = walletID
        self.hold = hold
    }
}

/// The table `token_holds`. All of it is read and written under the wallet's row lock.
public enum Holds {
    /// The request that loads holds by organization and id, with what the ledger says of their captures; read its rows with `stored(in:)`.
    public static func loading(_ holds: [(organization: String, id: String)]) -> Request {
        var parameters = Parameters()
        parameters.add(texts: holds.map(\.organization))
        parameters.add(texts: holds.map(\.id))
        return Request(HoldStatements.load, parameters)
    }

    /// The request that finds open holds whose end has passed, the oldest first; a step of the sweep takes at most `limit`.
    public static func due(at moment: Moment, limit: Int64) -> Request {
        var parameters = Parameters()
        parameters.add(timestamp: moment.microseconds)
        parameters.add(int64: limit)
        return Request(HoldStatements.due, parameters)
    }

    /// Reads the rows of `loading`.
    public static func stored(in rows: Rows) -> [StoredHold] {
        (0..<rows.count).map { row in
            StoredHold(
                walletID: rows.int64(row, 0),
                hold: Hold(
                    id: rows.text(row, 1), service: rows.text(row, 2), quantity: rows.int64OrNil(row, 3), required: rows.int64(row, 4),
                    outcome: word(rows.text(row, 5)), reason: rows.textOrNil(row, 6).map(word), status: word(rows.text(row, 7)),
                    pins: Draws.parse(rows.text(row, 8)) ?? [], placedAt: Moment(microseconds: rows.timestamp(row, 9)),
                    endsAt: Moment(microseconds: rows.timestamp(row, 10)), captured: rows.int64OrNil(row, 11),
                    resolutionSequence: rows.int64OrNil(row, 12),
                    capture: rows.textOrNil(row, 15).map { Hold.Capture(outcome: word($0), tokens: rows.int64(row, 16)) },
                    contentDigest: rows.bytes(row, 13), resolvedAt: rows.timestampOrNil(row, 14).map { Moment(microseconds: $0) }))
        }
    }

    /// The request that stores new holds and what became of older ones.
    public static func storing(_ holds: [StoredHold]) -> Request {
        var parameters = Parameters()
        parameters.add(int64s: holds.map(\.walletID))
        parameters.add(texts: holds.map(\.hold.id))
        parameters.add(texts: holds.map(\.hold.service))
        parameters.add(int64sOrNil: holds.map(\.hold.quantity))
        parameters.add(int64s: holds.map(\.hold.required))
        parameters.add(texts: holds.map(\.hold.outcome.rawValue))
        parameters.add(textsOrNil: holds.map { $0.hold.reason?.rawValue })
        parameters.add(texts: holds.map(\.hold.status.rawValue))
        parameters.add(texts: holds.map { Draws.text($0.hold.pins) })
        parameters.add(int64s: holds.map { $0.hold.status == .open ? $0.hold.pinned : 0 })
        parameters.add(bools: holds.map { $0.hold.outcome == .trial && $0.hold.status == .open })
        parameters.add(timestamps: holds.map(\.hold.placedAt.microseconds))
        parameters.add(timestamps: holds.map(\.hold.endsAt.microseconds))
        parameters.add(int64sOrNil: holds.map(\.hold.captured))
        parameters.add(int64sOrNil: holds.map(\.hold.resolutionSequence))
        parameters.add(byteStrings: holds.map(\.hold.contentDigest))
        parameters.add(timestampsOrNil: holds.map { $0.hold.resolvedAt?.microseconds })
        return Request(HoldStatements.store, parameters)
    }

    private static func word<Word: RawRepresentable<String>>(_ text: String) -> Word {
        guard let word = Word(rawValue: text) else { preconditionFailure("the database checks the words of token_holds") }
        return word
    }
}

enum HoldStatements {
    static let load = Statement(
        "holds_load",
        """
        SELECT h.wallet_id, h.hold_id, h.service, h.quantity, h.tokens, h.outcome, h.reason, h.status, h.draws, h.placed_at, h.ends_at,
               h.captured, h.resolution_sequence, h.content_digest, h.resolved_at, l.outcome, -l.amount
        FROM unnest($1::text[], $2::text[]) AS u (organization_id, hold_id)
        CROSS JOIN LATERAL (SELECT id FROM organization_token_wallets WHERE organization_id = u.organization_id LIMIT 1) w
        CROSS JOIN LATERAL (SELECT * FROM token_holds WHERE wallet_id = w.id AND hold_id = u.hold_id LIMIT 1) h
        LEFT JOIN LATERAL (
            SELECT outcome, amount FROM token_balance_history WHERE wallet_id = w.id AND sequence = h.resolution_sequence LIMIT 1
        ) l ON true
        """)

    /// The partial index holds open ones only, by their end.
    static let due = Statement(
        "holds_due",
        """
        SELECT w.organization_id, h.hold_id FROM token_holds h JOIN organization_token_wallets w ON w.id = h.wallet_id
        WHERE h.status = 'open' AND h.ends_at <= $1
        ORDER BY h.ends_at LIMIT $2
        """)

    static let store = Statement(
        "holds_store",
        """
        INSERT INTO token_holds
            (wallet_id, hold_id, service, quantity, tokens, outcome, reason, status, draws, pinned, trial, placed_at, ends_at, captured,
             resolution_sequence, content_digest, resolved_at)
        SELECT *
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::bigint[], $11::boolean[], $12::timestamptz[], $13::timestamptz[], $14::bigint[], $15::bigint[], $16::bytea[],
                    $17::timestamptz[])
        ON CONFLICT (wallet_id, hold_id) DO UPDATE
        SET status = excluded.status, pinned = excluded.pinned, trial = excluded.trial, captured = excluded.captured,
            resolution_sequence = excluded.resolution_sequence, resolved_at = excluded.resolved_at
        """)
}
