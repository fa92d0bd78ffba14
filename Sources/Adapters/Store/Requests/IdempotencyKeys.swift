public import Domain
public import Postgres

/// What a caller promises to ask for once only: a key of the caller's own, within one organization and one kind of request.
public struct IdempotencyKey: Hashable, Sendable {
    public let organization: String
    @ExactText public private(set) var key: String

    /// A key of an organization's caller.
    public init(organization: String, key: String) {
        self.organization = organization
        self.key = key
    }
}

/// What was done under a key, and how it was answered.
public struct KeyedAnswer: Sendable {
    public let key: IdempotencyKey
    /// SHA-256 of what was asked for: the same key with other content is a conflict.
    public let contentDigest: [UInt8]
    /// JSON.
    public let answer: String

    /// An answer under a key.
    public init(key: IdempotencyKey, contentDigest: [UInt8], answer: String) {
        self.key = key
        self.contentDigest = contentDigest
        self.answer = answer
    }
}

/// The table `idempotency_keys`, whose rows stay for ever.
public enum IdempotencyKeys {
    /// The kinds of requests that take keys.
    public enum Scope: String, Sendable {
        case grant
    }

    /// The request that looks keys up, for the transaction that handles them; read its rows with `found(in:)`.
    public static func finding(_ keys: [IdempotencyKey], scope: Scope) -> Request {
        var parameters = Parameters()
        parameters.add(texts: keys.map(\.organization))
        parameters.add(texts: keys.map(\.key))
        parameters.add(text: scope.rawValue)
        return Request(IdempotencyStatements.find, parameters)
    }

    /// Reads the rows of `finding`.
    public static func found(in rows: Rows) -> [IdempotencyKey: KeyedAnswer] {
        var found: [IdempotencyKey: KeyedAnswer] = [:]
        for row in 0..<rows.count {
            let key = IdempotencyKey(organization: rows.text(row, 0), key: rows.text(row, 1))
            found[key] = KeyedAnswer(key: key, contentDigest: rows.bytes(row, 2), answer: rows.text(row, 3))
        }
        return found
    }

    /// The request that stores answers. A key that two lanes used at once breaks the primary key: one of them repeats its step and finds
    /// the other's row.
    public static func storing(_ answers: [KeyedAnswer], scope: Scope, at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(texts: answers.map(\.key.organization))
        parameters.add(texts: answers.map(\.key.key))
        parameters.add(byteStrings: answers.map(\.contentDigest))
        parameters.add(texts: answers.map(\.answer))
        parameters.add(text: scope.rawValue)
        parameters.add(timestamp: moment.microseconds)
        return Request(IdempotencyStatements.store, parameters)
    }
}

enum IdempotencyStatements {
    /// By the primary key, one look per key.
    static let find = Statement(
        "keys_find",
        """
        SELECT k.organization_id, k.key, k.content_digest, coalesce(k.answer::text, 'null')
        FROM unnest($1::text[], $2::text[]) AS u (organization_id, key)
        JOIN idempotency_keys k ON k.organization_id = u.organization_id AND k.key = u.key AND k.scope = $3
        """)

    static let store = Statement(
        "keys_store",
        """
        INSERT INTO idempotency_keys (organization_id, scope, key, content_digest, answer, created_at)
        SELECT organization_id, $5, key, digest, answer::json, $6
        FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) AS u (organization_id, key, digest, answer)
        """)
}
