import Messages
import Postgres

/// What a lane does when a step throws. Pure.
///
///     error                                               batch of several            one message
///     the database is away (lost, starting, stopping)     keep, probe, do again       keep, probe, do again
///     deadlock, serialization, lock not available,        again, up to 5 times;       again, up to 5 times;
///       statement time-out, resources                     then split                  then keep and wait
///     the server waited too long for us (25P03)           again, up to 5 times;       again, up to 5 times;
///                                                           then split                  then dead letter, `internal_error`
///     the values are at fault (22, 23, 21000, P0)         split                       dead letter, `data_error`
///     rights or schema missing (42, 3F, 28 ...)           keep and wait, loudly       keep and wait, loudly
///     anything else a step throws                         split                       dead letter, `internal_error`
enum FailurePolicy {
    enum Action: Equatable {
        /// The same batch again on this connection after a short wait.
        case again
        /// First one half, then the other.
        case split
        case bury(reason: String, detail: String)
        /// Nothing is acknowledged; wait for the database, with a new connection where `reconnect` says so.
        case wait(reconnect: Bool)
    }

    static let mostRepeats = 5

    /// - Parameters:
    ///   - repeats: how many times `again` was the answer for this batch.
    ///   - messages: how many messages the batch has.
    static func action(for error: any Error, repeats: Int, messages: Int) -> Action {
        guard let error = error as? DatabaseError else {
            return messages > 1 ? .split : .bury(reason: DeadReason.internalError.rawValue, detail: "\(error)")
        }
        if isOurOwnSlowness(error) {
            if repeats < mostRepeats { return .again }
            return messages > 1 ? .split : .bury(reason: DeadReason.internalError.rawValue, detail: detail(error))
        }
        if error.isConnectionLost { return .wait(reconnect: true) }
        if error.isRetriable {
            if repeats < mostRepeats { return .again }
            return messages > 1 ? .split : .wait(reconnect: false)
        }
        if error.kind == .unusable || isCausedByValues(error) {
            return messages > 1 ? .split : .bury(reason: DeadReason.dataError.rawValue, detail: detail(error))
        }
        return .wait(reconnect: false)
    }

    /// The server ended a transaction that waited for us for too long (25P03). It is there: what is slow is the handling of these messages,
    /// and waiting for the database would never end.
    private static func isOurOwnSlowness(_ error: DatabaseError) -> Bool {
        error.sqlState == "25P03"
    }

    /// Cardinality violations (21000) and what our own triggers raise (P0001 and the like) count too: they depend on the rows.
    private static func isCausedByValues(_ error: DatabaseError) -> Bool {
        guard let state = error.sqlState else { return false }
        return error.isDataFault || state == "21000" || state.hasPrefix("P0") || state.hasPrefix("54")
    }

    private static func detail(_ error: DatabaseError) -> String {
        var text = error.message
        if let state = error.sqlState { text += " (SQLSTATE \(state))" }
        if let constraint = error.constraint { text += ", constraint \(constraint)" }
        return text
    }
}
