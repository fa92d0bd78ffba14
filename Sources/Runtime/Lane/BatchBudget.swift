/// How many messages to ask for so that a batch stays within its bounds of messages and bytes. Pure.
///
/// The size of a message is only known when it is there, so the number asked for is guessed from the last ones.
struct BatchBudget {
    let mostMessages: Int
    let mostBytes: Int
    /// Mean size of the messages of the last batch, bytes. The first one is asked for as if its messages were large: a few messages too few
    /// cost nothing, a thousand large ones would be many times the bound.
    private var meanSize = 32 * 1024

    init(mostMessages: Int, mostBytes: Int) {
        self.mostMessages = mostMessages
        self.mostBytes = mostBytes
    }

    /// How many more to ask for when so much is there; 0: the batch is full.
    func room(messages: Int, bytes: Int) -> Int {
        guard messages < mostMessages, bytes < mostBytes else { return 0 }
        let fit = max(1, (mostBytes - bytes) / max(1, meanSize))
        return min(mostMessages - messages, fit)
    }

    /// A batch was closed with so much in it.
    mutating func closed(messages: Int, bytes: Int) {
        guard messages > 0 else { return }
        meanSize = max(64, bytes / messages)
    }
}
