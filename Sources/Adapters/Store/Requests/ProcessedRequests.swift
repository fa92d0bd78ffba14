public import Domain
public import Postgres

/// A request that was handled, with the answer that a repetition gets (`messages.md`, Answers).
public struct ProcessedRequest: Sendable {
    public let identity: EventIdentity
    /// SHA-256 of type, subject and data.
    public let contentDigest: [UInt8]
    /// JSON; nil when it has none.
    public let answer: String?

    public init(identity: EventIdentity, contentDigest: [UInt8], answer: String?) {
        self.identity = identity
        self.contentDigest = contentDigest
        self.answer = answer
    }
}

/// The table `processed_requests`: each consumer keeps its own rows for 35 days.
public enum ProcessedRequests {
    /// The request that looks identities up; read its rows with `found(in:)`.
    ///
    /// It belongs into the transaction that handles them, after the wallets' locks: two deliveries of one request about one wallet then
    /// follow one another, and the later one finds the earlier one's row.
    public static func finding(_ identities: [EventIdentity], consumer: String) -> Request {
        var parameters = Parameters()
        parameters.add(texts: identities.map(\.source))
        parameters.add(texts: identities.map(\.id))
        parameters.add(text: consumer)
        return Request(ProcessedRequestStatements.find, parameters)
    }

    /// Reads the rows of `finding`.
    public static func found(in rows: Rows) -> [EventIdentity: ProcessedRequest] {
        var found: [EventIdentity: ProcessedRequest] = [:]
        for row in 0..<rows.count {
            let identity = EventIdentity(source: rows.text(row, 0), id: rows.text(row, 1))
            found[identity] = ProcessedRequest(identity: identity, contentDigest: rows.bytes(row, 2), answer: rows.textOrNil(row, 3))
        }
        return found
    }

    /// The request that stores handled requests. A request that two lanes handled at once breaks the key: one of them repeats its
    /// step and finds the other's row.
    public static func storing(_ requests: [ProcessedRequest], consumer: String, at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(texts: requests.map(\.identity.source))
        parameters.add(texts: requests.map(\.identity.id))
        parameters.add(text: consumer)
        parameters.add(byteStrings: requests.map(\.contentDigest))
        parameters.add(textsOrNil: requests.map(\.answer))
        parameters.add(timestamp: moment.microseconds)
        return Request(ProcessedRequestStatements.store, parameters)
    }
}

enum ProcessedRequestStatements {
    static let find = Statement(
        "requests_find",
        """
        SELECT r.source, r.id, r.content_digest, r.answer::text
        FROM unnest($1::text[], $2::text[]) AS u (source, id)
        CROSS JOIN LATERAL (
            SELECT * FROM processed_requests WHERE source = u.source AND id = u.id AND consumer = $3 LIMIT 1
        ) r
        """)

    static let store = Statement(
        "requests_store",
        """
        INSERT INTO processed_requests (source, id, consumer, content_digest, answer, created_at)
        SELECT source, id, $3, digest, answer::json, $6
        FROM unnest($1::text[], $2::text[], $4::bytea[], $5::text[]) AS u (source, id, digest, answer)
        """)
}
