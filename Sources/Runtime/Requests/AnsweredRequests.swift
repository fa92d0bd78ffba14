public import Domain
public import Postgres
public import Store

/// The requests that were handled before this step or are handled in it, with the answers that repetitions get (`messages.md`, Answers).
public struct AnsweredRequests {
    private var known: [EventIdentity: ProcessedRequest]
    private var new: [ProcessedRequest] = []

    /// - Parameter known: what `ProcessedRequests.finding` found within the step's transaction.
    public init(known: [EventIdentity: ProcessedRequest]) {
        self.known = known
    }

    /// The answer to a request that was handled already: its first one, or a conflict when its content is another. Nil: it is new.
    public func answer(to command: Command) -> [UInt8]? {
        guard let processed = known[command.identity] else { return nil }
        guard processed.contentDigest == command.contentDigest, let answer = processed.answer else { return CommandAnswers.conflict }
        return Array(answer.utf8)
    }

    /// Notes the answer to a request that was handled now.
    public mutating func keep(_ answer: [UInt8], to command: Command) {
        let processed = ProcessedRequest(
            identity: command.identity, contentDigest: command.contentDigest, answer: String(decoding: answer, as: UTF8.self))
        known[command.identity] = processed
        new.append(processed)
    }

    /// The request that stores what was handled now, for the same transaction; nil when nothing was.
    /// - Parameter consumer: the program's short name: each consumer keeps its own rows.
    public func storing(consumer: String, at moment: Moment) -> Request? {
        new.isEmpty ? nil : ProcessedRequests.storing(new, consumer: consumer, at: moment)
    }
}
