/// What happens by itself when its moment has come: refunds that settle, checkout sessions that expire. Stands in the books, so that a
/// restart forgets none of it.
enum Due {
    static func put(_ action: String, _ subject: String, after milliseconds: Int64, _ state: inout BookState) {
        put(action, subject, at: state.now + milliseconds, &state)
    }

    static func put(_ action: String, _ subject: String, at moment: Int64, _ state: inout BookState) {
        let id = "\(action) \(subject)"
        state.put(.due, id, ["id": .text(id), "action": .text(action), "subject": .text(subject), "at": .number(moment)])
    }

    /// Does whatever is due. - Returns: when the next thing is, milliseconds since 1970; nil: nothing waits.
    static func settle(_ state: inout BookState) -> Int64? {
        var next: Int64?
        for entry in Array(state.all(.due)).reversed() {
            let moment = entry["at"].number ?? 0
            guard moment <= state.now else {
                next = min(next ?? moment, moment)
                continue
            }
            state.remove(.due, entry["id"].text ?? "")
            let again = act(entry["action"].text ?? "", entry["subject"].text ?? "", &state)
            if again { next = min(next ?? state.now, state.now) }
        }
        return next
    }

    /// - Returns: whether something new waits because of it.
    private static func act(_ action: String, _ subject: String, _ state: inout BookState) -> Bool {
        let before = state.count(.due)
        switch action {
        case "refund.succeed": Refunding.succeed(subject, &state)
        case "refund.fail": Refunding.fail(subject, &state)
        case "session.expire": Sessions.expire(subject, nil, &state)
        case "paystack.refund.process": PaystackRefunding.process(subject, &state)
        case "paystack.refund.settle": PaystackRefunding.settle(subject, &state)
        default: break
        }
        return state.count(.due) > before
    }
}
