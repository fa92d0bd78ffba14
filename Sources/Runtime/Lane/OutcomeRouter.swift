import AMQP
import Messages
import Store
import Telemetry

/// Does what `OutcomeTable` says: settles, sends copies, answers, counts. One per batch.
struct OutcomeRouter {
    let context: LaneContext
    let publisher: LanePublisher
    let answers: AnswerSender
    let consumer: String
    let hasLadder: Bool
    let link: ConsumerLink

    /// Applies the outcomes of a batch that is committed.
    func apply(_ result: StepResult, to batch: [Delivery]) {
        var tally = OutcomeTally()
        // A message that was put off has had its unreadable elements buried the first time.
        let buried = result.fragments.filter { batch[$0.message].attempts == 0 }
        var copies: [Int: Int] = [:]
        for fragment in buried { copies[fragment.message, default: 0] += 1 }
        for index in batch.indices {
            if case .done(answer: nil) = result.outcomes[index], copies.isEmpty {
                // The hot path: nothing but the acknowledgement.
                link.settle(batch[index].tag)
                tally.count(type: batch[index].properties.type, .done)
            } else {
                let fragments = copies[index] == nil ? [] : buried.filter { $0.message == index }
                let kind = apply(.handled(result.outcomes[index]), to: batch[index], fragments)
                tally.count(type: batch[index].properties.type, kind)
            }
        }
        for stored in result.outbox {
            publisher.submit(OutgoingItem(OutgoingMessage(stored.message), .stored(row: stored.id)))
        }
        tally.report(to: context.metrics)
    }

    /// Applies what became of one message.
    /// - Parameter whenSafe: called when its copies are confirmed and it can be acknowledged; not called when it comes again instead.
    func apply(_ fate: OutcomeTable.Fate, to delivery: Delivery, whenSafe: (() -> Void)? = nil) {
        var tally = OutcomeTally()
        tally.count(type: delivery.properties.type, apply(fate, to: delivery, [], whenSafe))
        tally.report(to: context.metrics)
    }

    private func apply(
        _ fate: OutcomeTable.Fate, to delivery: Delivery, _ fragments: [DeadFragment], _ whenSafe: (() -> Void)? = nil
    ) -> OutcomeTally.Kind {
        let action = OutcomeTable.action(for: fate, attempts: delivery.attempts, hasLadder: hasLadder)
        let wall = context.now
        var copies = fragments.map { fragment in
            countDead(fragment.reason)
            return Rerouting.bury(fragment, of: delivery, consumer: consumer, queue: link.queue(of: delivery), now: wall)
        }
        var kind = OutcomeTally.Kind.done
        switch action {
        case .acknowledge: break
        case .keep: return .done
        case .putOff(let delay, let reason):
            kind = .retried
            context.metrics.counter(.retries, consumer, delay.rawValue).add()
            copies.append(Rerouting.putOff(delivery, by: delay, reason: reason, consumer: consumer, now: wall))
        case .bury(let reason, let detail):
            kind = .dead
            countDead(reason)
            context.log.warning(
                "message dead-lettered",
                [.reason: .string(reason), .error: .string(detail), .queue: .string(link.queue(of: delivery))])
            copies.append(
                Rerouting.bury(
                    delivery, reason: reason, detail: detail, consumer: consumer, queue: link.queue(of: delivery), now: wall))
        }
        send(copies, of: delivery, whenSafe)
        answer(fate, delivery)
        return kind
    }

    private func send(_ copies: [OutgoingMessage], of delivery: Delivery, _ whenSafe: (() -> Void)?) {
        guard !copies.isEmpty else {
            link.settle(delivery.tag)
            whenSafe?()
            return
        }
        let held = HeldDelivery(link, tag: delivery.tag, copies: copies.count, whenSafe: whenSafe)
        for copy in copies { publisher.submit(OutgoingItem(copy, .copy(of: held))) }
    }

    private func answer(_ fate: OutcomeTable.Fate, _ delivery: Delivery) {
        guard delivery.properties.replyTo != nil, case .handled(let outcome) = fate else { return }
        let body: [UInt8]? =
            switch outcome {
            case .done(let answer), .dead(_, _, let answer): answer
            case .retryLater: nil
            }
        if let body { answers.submit(body, to: delivery) }
    }

    private func countDead(_ reason: String) {
        context.metrics.counter(.dead, consumer, reason).add()
    }
}
