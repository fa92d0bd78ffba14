import Crypto

/// What an idempotency key means for a request (payment-facts.md 1.4).
enum KeyClaim: Sendable, Equatable {
    /// Nobody has used it: the request is carried out, and its key is in flight until `settle`.
    case fresh
    /// The first answer, again.
    case replay(status: Int, body: String)
    case refused(StripeProblem)
}

/// The keys of the Stripe side. They live in the books, so that a replay works after a restart too.
enum IdempotencyKeys {
    /// Stripe forgets keys after "at least 24 hours"; we at exactly so many.
    private static let lifetime: Int64 = 86_400_000

    static func claim(_ key: String, endpoint: String, digest: String, _ state: inout BookState) -> KeyClaim {
        if let known = state.find(.idempotencyKey, key), state.now - (known["at"].number ?? 0) < lifetime {
            let first = known["endpoint"].text ?? ""
            guard first == endpoint else { return .refused(.otherEndpoint(key, endpoint, first)) }
            guard known["digest"].text == digest else { return .refused(.otherParameters(key)) }
            return .replay(status: Int(known["status"].number ?? 500), body: known["body"].text ?? "")
        }
        guard state.keysInFlight.insert(key).inserted else { return .refused(.inFlight(key)) }
        return .fresh
    }

    /// The request has ended. - Parameter answer: what is to be replayed; nil: the key is as if it had never been used.
    static func settle(
        _ key: String, endpoint: String, digest: String, answer: (status: Int, body: String)?, _ state: inout BookState
    ) {
        state.keysInFlight.remove(key)
        guard let answer else { return }
        state.put(
            .idempotencyKey, key,
            [
                "endpoint": .text(endpoint), "digest": .text(digest), "status": .number(Int64(answer.status)), "body": .text(answer.body),
                "at": .number(state.now),
            ])
    }

    /// The same for the same parameters in any order and any encoding.
    static func digest(_ form: String) -> String {
        let pairs = FormDecoder.pairs(form).map { "\($0.name)\u{0}\($0.value)" }.sorted()
        return SHA256.hash(pairs.joined(separator: "\u{1}")).hex
    }
}
