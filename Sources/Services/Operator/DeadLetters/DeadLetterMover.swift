import AMQP
import Runtime

/// Puts dead letters back to work: publishes, waits for the confirm, and only then takes the message out of the dead letters. A crash in
/// between leaves it in both places, and consumers drop the second one by its id.
struct DeadLetterMover {
    private let connection: BrokerConnection
    private let key: String?

    init(_ session: Session, key: String?) throws(CommandFailure) {
        let connection = try session.openBroker(purpose: "retry")
        try broker("publish") { () throws(BrokerError) in try connection.selectConfirms() }
        self.connection = connection
        self.key = key
    }

    func close() { connection.close() }

    /// - Returns: those that their queue has taken; the others were returned or refused by the broker and stay where they are.
    func move(_ letters: [DeadLetter]) throws(CommandFailure) -> [DeadLetter] {
        let connection = connection
        let key = key
        return try broker("put messages back") { () throws(BrokerError) in
            var bySequence: [UInt64: DeadLetter] = [:]
            for letter in letters { bySequence[try connection.publish(letter.again(key: key))] = letter }
            try connection.flush()
            try connection.waitForConfirms(timeout: .seconds(30))
            return connection.takeOutcomes().filter { $0.result == .confirmed }.compactMap { bySequence[$0.sequence] }
        }
    }
}
