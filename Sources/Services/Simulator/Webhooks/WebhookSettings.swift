/// Where events are sent and in what disorder. Changed on the control side while the program runs.
struct WebhookSettings: Sendable, Equatable {
    var stripeURL: String?
    var stripeSecret: String
    var paystackURL: String?
    var paystackSecret: String
    /// How many more times each event is sent than it should be.
    var duplicates = 0
    /// Events are sent within so long, in no order.
    var shuffleMilliseconds: Int64 = 0
    /// Nothing is sent until it is released.
    var isHolding = false
    /// The waits between tries; after the last of them a delivery is given up.
    var retryMilliseconds: [Int64] = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000]

    /// Takes over what a body names.
    mutating func take(_ body: Node) {
        if body.has("stripe_url") { stripeURL = body["stripe_url"].text }
        if body.has("paystack_url") { paystackURL = body["paystack_url"].text }
        if let secret = body["stripe_secret"].text { stripeSecret = secret }
        if let secret = body["paystack_secret"].text { paystackSecret = secret }
        if let count = body["duplicates"].number { duplicates = Int(max(0, min(count, 100))) }
        if let time = body["shuffle_ms"].number { shuffleMilliseconds = max(0, min(time, 60_000)) }
        if let flag = body["hold"].flag { isHolding = flag }
        if case .list(let waits) = body["retry_ms"] { retryMilliseconds = waits.compactMap(\.number).filter { $0 >= 0 } }
    }

    /// Without the secrets.
    var shown: Node {
        [
            "stripe_url": .maybe(stripeURL), "paystack_url": .maybe(paystackURL), "duplicates": .number(Int64(duplicates)),
            "shuffle_ms": .number(shuffleMilliseconds), "hold": .bool(isHolding), "retry_ms": .list(retryMilliseconds.map { .number($0) }),
        ]
    }
}
