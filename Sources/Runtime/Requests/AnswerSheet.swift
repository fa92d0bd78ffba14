public import Messages
public import Store

/// Collects what became of each event of a batch of messages, and makes one outcome per message of it.
///
/// A message may carry one event or a JSON batch of them: then its answer is an array, one entry per element (`messages.md`, Answers).
/// Once an element must come again, the whole message does; elements that were handled are recognized then.
public struct AnswerSheet {
    private enum Shape {
        case single
        case batch(Int)
    }

    private struct Sheet {
        var shape = Shape.single
        let isAsked: Bool
        var answers: [[UInt8]?] = [nil]
        var retry: (reason: String, atLeast: RetryDelay)?
        var death: (reason: String, detail: String)?
    }

    private var sheets: [Sheet]
    private var fragments: [DeadFragment] = []

    /// - Parameter asked: for each message whether somebody waits for an answer; nothing is written for the others.
    public init(asked: [Bool]) {
        sheets = asked.map { Sheet(isAsked: $0) }
    }

    /// Whether somebody waits for the answer to a message.
    public func isAsked(_ message: Int) -> Bool {
        sheets[message].isAsked
    }

    /// Notes that a message carries so many elements.
    public mutating func split(_ message: Int, into count: Int) {
        sheets[message].shape = .batch(count)
        sheets[message].answers = Array(repeating: nil, count: count)
    }

    /// Notes the answer to an event; `element` is nil when it came alone.
    public mutating func answer(_ message: Int, _ element: Int?, _ bytes: [UInt8]) {
        sheets[message].answers[element ?? 0] = bytes
    }

    /// Notes that a message must come again later.
    public mutating func retry(_ message: Int, reason: String, atLeast: RetryDelay) {
        sheets[message].retry = (reason, atLeast)
    }

    /// Notes that an event can never be handled. An element of a batch becomes a dead letter of its own, a message goes as it is.
    public mutating func bury(_ message: Int, _ element: Int?, body: @autoclosure () -> [UInt8], reason: String, detail: String) {
        if let element {
            fragments.append(DeadFragment(message: message, index: element, body: body(), reason: reason, detail: detail))
        } else {
            sheets[message].death = (reason, detail)
        }
    }

    /// The step's result, with what its transaction stored in the outbox.
    public func result(outbox: [StoredMessage] = []) -> StepResult {
        StepResult(outcomes: sheets.map(Self.outcome), outbox: outbox, fragments: fragments)
    }

    private static func outcome(_ sheet: Sheet) -> Outcome {
        let answer = sheet.isAsked ? answer(sheet) : nil
        if let death = sheet.death { return .dead(reason: death.reason, detail: death.detail, answer: answer) }
        if let retry = sheet.retry { return .retryLater(reason: retry.reason, atLeast: retry.atLeast) }
        return .done(answer: answer)
    }

    private static func answer(_ sheet: Sheet) -> [UInt8]? {
        guard case .batch = sheet.shape else { return sheet.answers[0] }
        return Answer.batch(sheet.answers.map { $0 ?? Array("null".utf8) })
    }
}
