/// The data of one type of event.
public protocol EventPayload: Sendable {
    /// The type in the envelope, which is also the routing key.
    static var type: EventType { get }

    /// Writes the members of the data object that are this type's own.
    func write(to writer: inout JSONWriter)
}

/// Where a wallet's ledger stood after the step that an event tells of. A reader drops events with an older sequence.
public struct LedgerPosition: Equatable, Sendable {
    /// The wallet's newest row.
    public var sequence: Int64
    /// The posted balance after it.
    public var balanceAfter: Int64

    /// A position in a wallet's ledger.
    public init(sequence: Int64, balanceAfter: Int64) {
        self.sequence = sequence
        self.balanceAfter = balanceAfter
    }
}

/// An event to publish to `purser.events`.
public struct Event<Payload: EventPayload>: Sendable {
    /// Stable over re-publication: the caller makes it from what caused the event. 1 to 128 bytes.
    public var id: String
    /// The program that tells: the source is `/purser/<program>`.
    public var program: String
    /// The organization, where the event concerns one.
    public var organization: String?
    /// When it happened, in microseconds since 1970.
    public var time: Int64
    /// Where the wallet's ledger stood after it; nil for events that are not about a wallet.
    public var position: LedgerPosition?
    /// What happened.
    public var payload: Payload
    /// The trace of the message that caused it.
    public var traceparent: String?

    /// An event.
    public init(
        id: String, program: String, organization: String?, time: Int64, position: LedgerPosition?, payload: Payload,
        traceparent: String? = nil
    ) {
        self.id = id
        self.program = program
        self.organization = organization
        self.time = time
        self.position = position
        self.payload = payload
        self.traceparent = traceparent
    }

    /// The source in the envelope.
    public var source: String { "/purser/\(program)" }

    /// The event as structured JSON.
    public func structured() -> [UInt8] {
        EnvelopeWriter.structured(
            id: id, source: source, type: Payload.type.rawValue, subject: organization, time: time, traceparent: traceparent
        ) { writer in
            payload.write(to: &writer)
            writer.member("sequence", ifPresent: position?.sequence)
            writer.member("balance_after", ifPresent: position?.balanceAfter)
        }
    }
}
