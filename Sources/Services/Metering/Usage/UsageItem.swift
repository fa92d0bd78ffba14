import Domain
import Messages

/// One usage event of a batch, and the message that brought it.
struct UsageItem {
    /// Place of its message in the batch.
    let message: Int
    /// Place within a batch message; nil when the event came alone.
    let element: Int?
    let event: UsageEvent
    let traceparent: String?

    init(_ recorded: UsageRecorded, message: Int, element: Int?, replayedFrom: Moment?) {
        self.message = message
        self.element = element
        traceparent = recorded.traceparent
        let quantity: Int64? =
            switch recorded.quantity {
            case .absent: 1
            case .whole(let count): count
            case .invalid: nil
            }
        event = UsageEvent(
            identity: EventIdentity(source: recorded.source, id: recorded.id), organization: recorded.organization,
            service: recorded.service, quantity: quantity, tokens: UsageEvent.TokenCount(recorded.tokens),
            time: Moment(microseconds: recorded.time), metadata: recorded.metadata, replayedFrom: replayedFrom)
    }
}

extension UsageEvent.TokenCount {
    init(_ field: QuantityField) {
        self =
            switch field {
            case .absent: .absent
            case .whole(let count): .count(count)
            case .invalid: .invalid
            }
    }
}
