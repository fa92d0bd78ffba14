import CRabbitMQ

/// A connection to a broker with its one channel, for one thread: plain blocking calls, each with a deadline.
///
/// librabbitmq only encodes and decodes; the socket, the buffers and the waiting are here. Every frame that comes in goes to its place at once
/// (a delivery into the inbox, a confirm into the ledger, `blocked` into `blockedReason`), whatever call is waiting meanwhile, so nothing is
/// ever queued as a frame, scanned or put back.
///
/// After a fatal error the connection is dead and every throwing call throws that same error: make a new one, deliveries not yet
/// acknowledged come again, messages without an outcome have to be published again.
public final class BrokerConnection {
    static let channel: UInt16 = 1
    /// With so many bytes waiting, `publish` and `acknowledge` send.
    static let sendThreshold = 64 * 1024
    static let frameMax = 131_072

    let configuration: BrokerConfiguration
    var transport: Transport?
    var input = FrameReader(frameMax: BrokerConnection.frameMax)
    var output = OutputBuffer()
    let codec = MethodCodec()
    var writer = ContentWriter(channel: BrokerConnection.channel, frameMax: BrokerConnection.frameMax)
    var propertiesReader = PropertiesReader()
    var exchangeText = RepeatedText()
    var routingKeyText = RepeatedText()
    var heartbeat = Heartbeat(now: Deadline.now())

    var failure: BrokerError?
    var isOpen = false
    var expected: [UInt32] = []
    var reply: Reply?

    var content = IncomingContent()
    var inbox = Inbox()
    /// One per `consume`, true while it runs.
    var consumers: [Bool] = []
    var cancellations: [Int] = []
    /// Answers to `basic.qos` that nobody waits for.
    var unawaitedWindows = 0
    var confirms = ConfirmLedger()
    var confirmsAreOn = false

    /// Why the broker takes no messages at the moment (a memory or disk alarm), nil while it does.
    public internal(set) var blockedReason: String?

    /// Connects, proves who we are and opens the channel. `name` shows in the broker's list of connections.
    /// - Throws: `.unreachable` and `.timeout` (try again later), `.refused` for user, password or virtual host, `.tls`, `.protocolViolation`.
    public init(_ configuration: BrokerConfiguration, name: String) throws(BrokerError) {
        self.configuration = configuration
        let deadline = Deadline(after: configuration.connectTimeout)
        transport = try Transport(configuration, until: deadline)
        heartbeat = Heartbeat(now: Deadline.now())
        try shakeHands(name: name, until: deadline)
        isOpen = true
    }

    /// As whom we are logged in: the only `user_id` that the broker takes from a user without the tag `impersonator`.
    public var user: String { configuration.user }

    /// For `poll` together with other descriptors: see `wait`. -1 after `close`.
    public var fileDescriptor: Int32 { transport?.descriptor ?? -1 }

    /// Whether there is something to handle that `poll` does not see.
    public var hasBufferedInput: Bool { !inbox.isEmpty || !cancellations.isEmpty || (transport?.hasPending ?? false) }

    /// Runs a call: not at all on a dead connection, and a fatal error makes it dead.
    func guarded<R>(_ body: () throws(BrokerError) -> R) throws(BrokerError) -> R {
        if let failure { throw failure }
        do throws(BrokerError) {
            return try body()
        } catch {
            if error.isFatal { failure = error }
            throw error
        }
    }

    /// Sends what is buffered, says goodbye and closes the socket, all within `closeTimeout`. Consumers are not cancelled first: on an ordered
    /// queue with a single active consumer that would let a later message overtake those still un-acknowledged here (mq-facts 0.16).
    public func close() {
        guard transport != nil else { return }
        let isUsable: Bool
        switch failure?.kind {
        case nil, .channelClosed: isUsable = isOpen && blockedReason == nil
        default: isUsable = false
        }
        if isUsable { sayGoodbye() }
        transport = nil
        if failure == nil { failure = BrokerError(.closed, "the connection was closed") }
    }

    private func sayGoodbye() {
        let deadline = Deadline(after: configuration.closeTimeout)
        do throws(BrokerError) {
            let method = amqp_connection_close_t(reply_code: 200, reply_text: codec.bytes(Array("goodbye".utf8)), class_id: 0, method_id: 0)
            _ = try call(AMQP_CONNECTION_CLOSE_METHOD, method, channel: 0, expecting: [AMQP_CONNECTION_CLOSE_OK_METHOD], until: deadline)
        } catch {
            // The socket is closed either way; the broker gives back what was not acknowledged.
        }
    }
}
