import CPostgreSQL
import Glibc

/// Owns one PGconn of libpq, always non-blocking and in pipeline mode, except within `simpleProtocol`.
///
/// No call waits without a deadline, but for the resolver inside of PQconnectStartParams, which has a time-out of its own (resolv.conf).
struct Session: ~Copyable {
    /// Null once closed.
    private var connection: OpaquePointer?

    private init(owning connection: OpaquePointer) {
        self.connection = connection
    }

    deinit { PQfinish(connection) }

    /// Ends the session at once. In non-blocking mode libpq's farewell is written if the socket takes it, and dropped if not.
    mutating func close() {
        PQfinish(connection)
        connection = nil
    }

    var isOpen: Bool { connection != nil && PQstatus(connection) == CONNECTION_OK }
    var backendProcess: Int32 { PQbackendPID(connection) }
    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(connection) }

    /// libpq's account of what broke.
    var lossMessage: String { firstLine(String(cString: PQerrorMessage(connection))) }
}

// Opening
extension Session {
    /// Reaches one host, authenticates, and switches to pipeline mode.
    static func open(_ options: SessionOptions, timeout: Duration) throws(DatabaseError) -> Session {
        guard let connection = options.withArrays({ PQconnectStartParams($0, $1, 0) }) else {
            throw DatabaseError(kind: .connectionLost, message: "out of memory")
        }
        let session = Session(owning: connection)
        PQsetNoticeReceiver(connection, dropNotice, nil)
        // The only way to learn the SQLSTATE of a refused start is to have it printed.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        try session.finishOpening(Deadline(after: timeout))
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            throw DatabaseError(kind: .connectionLost, message: session.lossMessage)
        }
        return session
    }

    private borrowing func finishOpening(_ deadline: Deadline) throws(DatabaseError) {
        var state = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw startFailure(String(cString: PQerrorMessage(connection))) }
            let events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
            // The descriptor changes while libpq tries the addresses of the host.
            guard deadline.wait(PQsocket(connection), for: events) != nil else {
                throw DatabaseError(kind: .timeout, message: "the server did not accept the connection in time")
            }
            state = PQconnectPoll(connection)
        }
    }
}

// Sending; each call says whether libpq took the command. A refusal means that the session is of no more use.
extension Session {
    borrowing func prepare(_ name: String, _ sql: String, _ types: [UInt32]) -> Bool {
        PQsendPrepare(connection, name, sql, Int32(types.count), types) == 1
    }

    borrowing func execute(_ name: String, _ parameters: borrowing Parameters) -> Bool {
        parameters.withWireForm { count, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1) == 1
        }
    }

    borrowing func sync() -> Bool { PQpipelineSync(connection) == 1 }

    /// Sends a text of several statements; results come until `nextResult` answers nil. `leaveSimpleProtocol` must follow.
    borrowing func enterSimpleProtocol(_ sql: String) -> Bool {
        PQexitPipelineMode(connection) == 1 && PQsendQuery(connection, sql) == 1
    }

    borrowing func leaveSimpleProtocol() -> Bool { PQenterPipelineMode(connection) == 1 }
}

// Receiving
extension Session {
    /// What ended a wait.
    enum Readiness {
        case ready
        case deadlinePassed
    }

    /// Writes what is queued and reads until the next result is complete, both at once, so that neither side can block the other.
    ///
    /// A broken connection counts as ready: `nextResult` then gives what the server had said before, or libpq's account of the break.
    borrowing func waitForResult(_ deadline: Deadline) -> Readiness {
        while true {
            let unsent = PQflush(connection)
            if unsent < 0 && PQstatus(connection) == CONNECTION_BAD { _ = PQconsumeInput(connection) }
            if PQisBusy(connection) == 0 || PQstatus(connection) == CONNECTION_BAD { return .ready }
            let events = unsent > 0 ? POLLIN | POLLOUT : POLLIN
            guard let seen = deadline.wait(PQsocket(connection), for: events) else { return .deadlinePassed }
            // POLLERR and POLLHUP are read too: the read tells what they mean.
            if seen & ~POLLOUT != 0 { _ = PQconsumeInput(connection) }
        }
    }

    /// The next result, or nil at the end of a command. Waits only if `waitForResult` has not been called.
    borrowing func nextResult() -> ResultHandle? {
        guard let result = PQgetResult(connection) else { return nil }
        return ResultHandle(owning: result)
    }
}

/// Notices of the server are of no use to a program, and libpq's own receiver would print them.
private func dropNotice(_: UnsafeMutableRawPointer?, _: OpaquePointer?) {}

/// Takes `connection to server ... failed: FATAL:  28P01: text` apart. Only a refusal that waiting does not cure is the server's verdict.
private func startFailure(_ text: String) -> DatabaseError {
    let lines = text.split(separator: "\n").map(String.init)
    for line in lines {
        let parts = line.split(separator: ":", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
        guard let place = parts.firstIndex(where: looksLikeState) else { continue }
        let state = String(parts[place])
        let message = parts[(place + 1)...].joined(separator: ": ")
        let passes = ["08", "53", "57", "58", "25"].contains(String(state.prefix(2)))
        return DatabaseError(kind: passes ? .connectionLost : .server, sqlState: state, message: message)
    }
    return DatabaseError(kind: .connectionLost, message: lines.first ?? "the server cannot be reached")
}

/// Five upper-case letters and digits. "FATAL" has five letters as well, so a digit is asked for: every state of a refused start has one.
private func looksLikeState(_ part: Substring) -> Bool {
    part.utf8.count == 5 && part.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) } && part.contains { $0.isNumber }
}
