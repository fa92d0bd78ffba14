/// What one non-blocking read or write came to.
enum IOResult {
    case done(Int)
    case wouldBlock
    /// The peer closed its side.
    case ended
    case failed(BrokerError)
}
