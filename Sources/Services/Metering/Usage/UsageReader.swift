import AMQP
import Domain
import Messages
import Runtime

/// Reads the usage events of a batch of deliveries; what cannot be read is on the sheet with its reason.
struct UsageReader {
    private(set) var items: [UsageItem] = []
    /// Each once, in the order of their first event.
    private(set) var organizations: [String] = []
    /// Of the few events that carry one.
    private(set) var traceparents: [EventIdentity: String] = [:]
    /// Whether somebody sent or delivered one of the messages again.
    private(set) var mayRepeat = false
    var sheet: AnswerSheet
    private let operators: Set<String>
    private var sources: SourceGuard

    init(_ deliveries: [Delivery], operators: Set<String>, sources: SourceBindings) {
        self.operators = operators
        self.sources = SourceGuard(sources)
        sheet = AnswerSheet(asked: deliveries.map(\.isAsked))
        items.reserveCapacity(deliveries.count)
        var seen: Set<String> = []
        seen.reserveCapacity(deliveries.count)
        for (place, delivery) in deliveries.enumerated() { read(delivery, place) }
        for item in items where seen.insert(item.event.organization).inserted { organizations.append(item.event.organization) }
    }

    /// What is known of the event that caused something.
    func context(_ decider: UsageDecider) -> (EventIdentity) -> EventContext {
        // Only under time travel has each event a moment of its own.
        var moments: [EventIdentity: Moment] = [:]
        if decider.followsMessages { for item in items { moments[item.event.identity] = decider.moment(of: item.event) } }
        return { [traceparents] identity in
            EventContext(moment: moments[identity] ?? decider.moment, traceparent: traceparents[identity])
        }
    }

    private mutating func read(_ delivery: Delivery, _ message: Int) {
        let replayedFrom = replayedFrom(delivery)
        if delivery.redelivered || replayedFrom != nil { mayRepeat = true }
        let user = delivery.originalUser
        do throws(UnreadableMessage) {
            switch try UsageEventReader.read(IncomingMessage(delivery)) {
            case .single(let recorded):
                guard sources.allows(recorded.source, user: user) else { return forbid(message, nil, []) }
                add(UsageItem(recorded, message: message, element: nil, replayedFrom: replayedFrom))
            case .batch(let elements):
                sheet.split(message, into: elements.count)
                for (index, element) in elements.enumerated() {
                    switch element.event {
                    case .success(let recorded):
                        guard sources.allows(recorded.source, user: user) else {
                            forbid(message, index, Array(delivery.body[element.range]))
                            continue
                        }
                        add(UsageItem(recorded, message: message, element: index, replayedFrom: replayedFrom))
                    case .failure(let error): bury(error, message, index, Array(delivery.body[element.range]))
                    }
                }
            }
        } catch {
            bury(error, message, nil, [])
        }
    }

    private mutating func add(_ item: UsageItem) {
        if let traceparent = item.traceparent { traceparents[item.event.identity] = traceparent }
        items.append(item)
    }

    private mutating func bury(_ error: UnreadableMessage, _ message: Int, _ element: Int?, _ body: [UInt8]) {
        if sheet.isAsked(message) {
            sheet.answer(message, element, Answer.failure(error))
        }
        sheet.bury(message, element, body: body, reason: error.reason.rawValue, detail: error.detail)
    }

    /// Somebody speaks for a source that is bound to others (`operations.md`, Security).
    private mutating func forbid(_ message: Int, _ element: Int?, _ body: [UInt8]) {
        if sheet.isAsked(message) {
            sheet.answer(message, element, Answer.failure(.sourceForbidden, detail: SourceGuard.detail, field: "source"))
        }
        sheet.bury(message, element, body: body, reason: DeadReason.sourceForbidden.rawValue, detail: SourceGuard.detail)
    }

    /// Believed of the operator only: anybody else could make an old event young (`messages.md`, Exchanges).
    private func replayedFrom(_ delivery: Delivery) -> Moment? {
        guard let text = delivery.properties.headers.string(HeaderName.replayed), let user = delivery.originalUser,
            operators.contains(user)
        else { return nil }
        return EventTime.microseconds(text).map { Moment(microseconds: $0) }
    }
}
