public import Domain
public import Messages
public import Store

/// Collects the events that a step has to tell, as messages for its outbox (`messages.md`, Events and Outbox).
///
/// Their ids are made here and stored with them, so an event keeps its id however often it is published.
public struct EventSheet {
    /// In the order in which they were added.
    public private(set) var messages: [OutboxMessage] = []
    private let program: String
    private var ids = EventIDs()

    /// - Parameter program: the short name of the program that tells; the source of its events is `/purser/<program>`.
    public init(program: String) {
        self.program = program
    }

    /// Adds an event.
    /// - Parameters:
    ///   - organization: whom it concerns; nil for what concerns none, such as rates.
    ///   - moment: when it happened: the moment of the step, also under time travel.
    ///   - position: where the wallet's ledger stood after it; nil for what is not about a wallet.
    ///   - traceparent: the trace of the message that caused it.
    public mutating func add(
        _ payload: some EventPayload, organization: String?, at moment: Moment, position: LedgerPosition?, traceparent: String?
    ) {
        let id = ids.next(at: moment)
        let event = Event(
            id: id, program: program, organization: organization, time: moment.microseconds, position: position, payload: payload,
            traceparent: traceparent)
        let type = Self.type(of: payload)
        messages.append(
            OutboxMessage(
                exchange: Exchange.events.rawValue, routingKey: type, messageID: id, type: type, traceparent: traceparent,
                body: event.structured()))
    }

    private static func type<Payload: EventPayload>(of payload: Payload) -> String { Payload.type.rawValue }
}

extension LedgerPosition {
    /// Where the ledger stood when a wallet announced something.
    public init(_ announced: Announced) {
        self.init(sequence: announced.sequence, balanceAfter: announced.balanceAfter)
    }
}

extension BillingGrant.Kind {
    /// The domain's kind of lot in the words of messages.
    public init(_ kind: LotKind) {
        self =
            switch kind {
            case .promotional: .promotional
            case .paid: .paid
            }
    }
}

extension LotKind {
    /// The kind of lot that a grant asks for.
    public init(_ kind: BillingGrant.Kind) {
        self =
            switch kind {
            case .promotional: .promotional
            case .paid: .paid
            }
    }
}
