/// A delivery that is acknowledged only when its copies (delay queue, dead letters) are confirmed. Made for those only, not for every
/// message.
final class HeldDelivery {
    let link: ConsumerLink
    /// The connection it came by; tags mean nothing on the next one.
    let generation: Int
    let tag: UInt64
    private var unconfirmed: Int
    private let whenSafe: (() -> Void)?

    /// - Parameters:
    ///   - copies: how many messages must be confirmed first.
    ///   - whenSafe: called when they are, if the delivery can still be acknowledged.
    init(_ link: ConsumerLink, tag: UInt64, copies: Int, whenSafe: (() -> Void)? = nil) {
        self.link = link
        generation = link.generation
        self.tag = tag
        unconfirmed = copies
        self.whenSafe = whenSafe
    }

    /// Whether acknowledging it still makes sense; otherwise the broker delivers it again anyway.
    var isCurrent: Bool { link.generation == generation }

    /// One copy is confirmed.
    func confirmed() {
        unconfirmed -= 1
        guard unconfirmed == 0, isCurrent else { return }
        link.settle(tag)
        whenSafe?()
    }
}
