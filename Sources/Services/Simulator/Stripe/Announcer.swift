/// Writes Stripe's events into the books, from where they are sent.
enum Announcer {
    static func tell(
        _ type: String, _ object: Node, previous: Node = .null, of call: StripeCall?, _ state: inout BookState
    ) {
        state.put(
            .event,
            EventResource.make(
                type: type, object: object, previous: previous, requestID: call?.requestID, key: call?.idempotencyKey, now: state.nowSeconds
            ))
    }
}
