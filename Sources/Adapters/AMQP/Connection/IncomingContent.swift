/// A message whose frames are still coming in: method, header, then body frames until the announced size is there.
struct IncomingContent {
    /// What it is.
    enum Origin: Equatable {
        case delivery
        case got
        case returned(code: UInt16, text: String)
    }

    enum Stage: Equatable {
        case idle
        case header
        case body(missing: Int)
    }

    private(set) var stage = Stage.idle
    private(set) var origin = Origin.delivery
    private var delivery: Delivery?

    mutating func begin(_ origin: Origin, _ delivery: consuming Delivery) {
        self.origin = origin
        self.delivery = delivery
        stage = .header
    }

    /// - Parameter keeps: false reads the body and drops it.
    /// - Returns: whether the message is complete, since it has no body.
    mutating func header(_ properties: consuming Properties, bodySize: Int, keeps: Bool) -> Bool {
        delivery?.properties = properties
        if !keeps { delivery?.omittedBytes = bodySize }
        stage = .body(missing: bodySize)
        return bodySize == 0
    }

    /// - Returns: whether the message is complete.
    mutating func body(_ fragment: UnsafeRawBufferPointer) throws(BrokerError) -> Bool {
        guard case .body(let missing) = stage, fragment.count <= missing, fragment.count > 0 else {
            throw .violation("a body frame that does not belong to a message")
        }
        if delivery?.omittedBytes ?? 0 > 0 {
            // Read past.
        } else if fragment.count == missing, delivery?.body.isEmpty == true {
            delivery?.body = Array(fragment)
        } else {
            // Memory grows with what arrives, not with what the header promises.
            delivery?.body.append(contentsOf: fragment)
        }
        stage = .body(missing: missing - fragment.count)
        return fragment.count == missing
    }

    mutating func finish() -> Delivery? {
        stage = .idle
        return delivery.take()
    }
}
