public import AMQP
public import Domain
public import Messages
import Store

/// A request from `purser.commands`, its envelope read and its type known; its data is for the service to read.
public struct Command: Sendable {
    /// Place of its message in the batch, and of the event in its message; nil when it came alone.
    public let message: Int
    public let element: Int?
    /// The bytes of the event within its message.
    public let range: Range<Int>
    public let type: RequestType
    public let envelope: Envelope
    public let identity: EventIdentity
    /// SHA-256 of type, subject and data: the same identity with another is `request_conflict` (`messages.md`, Answers).
    public let contentDigest: [UInt8]
    /// How many times the message was put off before.
    public let attempts: Int
    /// The broker-validated user who published it, if the publisher said.
    public let user: String?

    /// The organization that it concerns.
    /// - Throws: `InvalidRequest` naming `subject`.
    public func organization() throws(InvalidRequest) -> String {
        do throws(UnreadableMessage) {
            return try envelope.organization()
        } catch {
            throw InvalidRequest(field: error.field ?? "subject", detail: error.detail)
        }
    }

    /// Who asked, for the audit log: the broker-validated user where the publisher gave it, else the source.
    public var actor: String { user ?? envelope.source }

    /// The data as it was received, for the audit log; nil where there is none.
    public var data: String? {
        envelope.data.map { String(decoding: $0.received(in: envelope.document), as: UTF8.self) }
    }
}

/// A message that says that work is due, and at which moment: a tick.
public struct Reminder: Sendable, Equatable {
    public let type: String
    /// Microseconds since 1970; nil where the message does not say.
    public let time: Int64?
}

/// Answers that every consumer gives alike.
public enum CommandAnswers {
    /// The same identity with other content.
    public static let conflict = Answer.failure(
        .requestConflict, detail: "a request of this source and id was handled before, with other content", field: "id")
}

/// The requests of a batch of deliveries, and what is wrong with those that are none.
public struct CommandBatch {
    public private(set) var commands: [Command] = []
    /// Messages that only remind of work, in the order of arrival.
    public private(set) var reminders: [Reminder] = []
    /// Where outcomes and answers are collected; unreadable messages are on it already.
    public var sheet: AnswerSheet
    private let wakeUps: Set<String>
    private var sources: SourceGuard

    /// Reads the deliveries. A message whose type is not its routing key is dead-lettered, because the broker's permissions see only the
    /// key (`messages.md`, Envelope); so is one whose source is bound to other users (`operations.md`, Security).
    /// - Parameters:
    ///   - wakeUps: types of messages that only remind of work that stands in the database (`domain.md` 0.2): they are no commands, and have
    ///     no answer.
    ///   - sources: which users are bound to which sources.
    public init(_ deliveries: [Delivery], accepting types: Set<RequestType>, wakeUps: Set<String> = [], sources: SourceBindings) {
        sheet = AnswerSheet(asked: deliveries.map(\.isAsked))
        self.wakeUps = wakeUps
        self.sources = SourceGuard(sources)
        for (place, delivery) in deliveries.enumerated() { read(delivery, place, types) }
    }

    private mutating func read(_ delivery: Delivery, _ message: Int, _ types: Set<RequestType>) {
        do throws(UnreadableMessage) {
            switch try EnvelopeReader.read(IncomingMessage(delivery)) {
            case .single(let envelope): accept(envelope, delivery, message, nil, 0..<delivery.body.count, types)
            case .batch(let elements):
                sheet.split(message, into: elements.count)
                for (index, element) in elements.enumerated() {
                    switch element.event {
                    case .success(let envelope): accept(envelope, delivery, message, index, element.range, types)
                    case .failure(let error): bury(message, index, Array(delivery.body[element.range]), error)
                    }
                }
            }
        } catch {
            bury(message, nil, [], error)
        }
    }

    private mutating func accept(
        _ envelope: Envelope, _ delivery: Delivery, _ message: Int, _ element: Int?, _ range: Range<Int>, _ types: Set<RequestType>
    ) {
        guard envelope.type == delivery.originalRoutingKey else {
            return bury(message, element, Array(delivery.body[range]), .typeMismatch, "the type is not the routing key")
        }
        guard sources.allows(envelope.source, user: delivery.originalUser) else {
            return bury(message, element, Array(delivery.body[range]), .sourceForbidden, SourceGuard.detail)
        }
        if wakeUps.contains(envelope.type) { return reminders.append(Reminder(type: envelope.type, time: envelope.time)) }
        guard let type = RequestType(rawValue: envelope.type), types.contains(type) else {
            return bury(message, element, Array(delivery.body[range]), .unknownType, "no request of this type is handled here")
        }
        commands.append(
            Command(
                message: message, element: element, range: range, type: type, envelope: envelope,
                identity: EventIdentity(source: envelope.source, id: envelope.id),
                contentDigest: ContentDigest.of(bytes: envelope.canonicalContent()), attempts: delivery.attempts,
                user: delivery.originalUser))
    }

    /// Notes that a request's data breaks its schema: whoever waits gets an answer that names the field; when nobody does, the message
    /// goes to the dead letters, where it is seen.
    public mutating func refuse(_ command: Command, _ error: InvalidRequest) {
        guard !sheet.isAsked(command.message) else {
            return sheet.answer(command.message, command.element, Answer.failure(error))
        }
        sheet.bury(
            command.message, command.element, body: Array(command.envelope.document[command.range]), reason: error.code,
            detail: "\(error.field): \(error.detail)")
    }

    private mutating func bury(_ message: Int, _ element: Int?, _ body: [UInt8], _ error: UnreadableMessage) {
        if sheet.isAsked(message) { sheet.answer(message, element, Answer.failure(error)) }
        sheet.bury(message, element, body: body, reason: error.reason.rawValue, detail: error.detail)
    }

    /// A readable event that can never be handled here: answer and dead letter name the same reason.
    private mutating func bury(_ message: Int, _ element: Int?, _ body: [UInt8], _ code: ErrorCode, _ detail: String) {
        if sheet.isAsked(message) { sheet.answer(message, element, Answer.failure(code, detail: detail)) }
        sheet.bury(message, element, body: body, reason: code.rawValue, detail: detail)
    }
}
