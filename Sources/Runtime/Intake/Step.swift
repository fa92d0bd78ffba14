public import AMQP

/// The home of one kind of work: takes a batch of messages, does it in one transaction, says what became of each.
///
/// A lane makes its own step and calls it from its own thread only, so a step may keep buffers. `handle` is called again with the same
/// messages after a deadlock, after a lost database connection, and with parts of them after an error that one message may have caused:
/// so it either commits everything or throws and leaves nothing behind.
public protocol Step: AnyObject {
    /// - Parameters:
    ///   - batch: at least one message, in the order of arrival on each queue.
    ///   - lane: the lane's database connection, clocks, log and so on.
    /// - Returns: one outcome per message. Everything is committed by then.
    /// - Throws: `DatabaseError` as it comes from the adapter. The lane decides by its kind: database away, repeat, split, bury
    ///   (`FailurePolicy`). Any other error counts as caused by the messages.
    func handle(_ batch: [Delivery], _ lane: LaneContext) throws -> StepResult

    /// Work that is due by the clock, not by a message; called every few seconds between batches, outside of a transaction. Bounded: the
    /// lane's messages wait meanwhile. What it stores in the outbox is published by the relay.
    /// - Throws: `DatabaseError`; it is noted, and the next call does the work again.
    func tend(_ lane: LaneContext) throws

    /// The places of the messages whose handling may take seconds, because somebody else is waited for meanwhile. Each is handled by itself,
    /// after the quick ones that came with it, and settled before the next one begins. They are told from properties alone, unread.
    func slow(among batch: [Delivery]) -> [Int]
}

extension Step {
    /// Most steps have no such work.
    public func tend(_ lane: LaneContext) throws {}

    /// Most steps wait for nobody but the database.
    public func slow(among batch: [Delivery]) -> [Int] { [] }
}
