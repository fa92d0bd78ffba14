import CPostgreSQL

/// One session with PostgreSQL, used by one thread at a time.
///
/// Every call blocks until it is done, at most `statementTimeout` plus `deadlineMargin`; when the server stays silent for longer the
/// session is closed and every further call throws. Sessions run in UTC. After an error for which `isConnectionLost` holds, open a new
/// connection; after any other error inside of a transaction, call `rollbackIfNeeded()`.
public final class DatabaseConnection {
    /// What the server says about the session's transaction.
    public enum TransactionStatus: Sendable {
        /// No transaction is open.
        case idle
        /// A transaction is open and works.
        case open
        /// A transaction is open and only a rollback can end it.
        case failed
        /// The session is gone.
        case lost
    }

    /// What the client waits beyond the server's own statement time-out before it gives the session up.
    public static let deadlineMargin: Duration = .seconds(2)

    private var session: Session
    private var statements = PreparedStatements()
    private let timeout: Duration

    /// Opens a session with the first host of the URL that accepts it; blocks at most `connectTimeout` for each.
    /// - Throws: `connectionLost` or `timeout` when no host can be reached (worth another attempt), `server` when one refused for good
    ///   (password, no such database), `unusable` for a URL that cannot be read.
    public init(_ configuration: DatabaseConfiguration) throws(DatabaseError) {
        timeout = configuration.statementTimeout + DatabaseConnection.deadlineMargin
        session = try DatabaseConnection.open(configuration)
    }

    private static func open(_ configuration: DatabaseConfiguration) throws(DatabaseError) -> Session {
        var failure: DatabaseError?
        for host in try SessionOptions.hosts(configuration) {
            do {
                return try Session.open(host, timeout: configuration.connectTimeout)
            } catch {
                // The first host's answer is the one to report, unless only a later one gave a reason.
                if failure?.sqlState == nil { failure = error }
            }
        }
        throw failure ?? DatabaseError(kind: .unusable, message: "the database URL names no host")
    }

    /// False once the session is closed or broken.
    public var isOpen: Bool { session.isOpen }

    /// The server's process for this session, as `pg_stat_activity.pid` shows it.
    public var backendProcess: Int32 { session.backendProcess }

    /// The state after the last call.
    public var transactionStatus: TransactionStatus {
        switch session.transactionStatus {
        case PQTRANS_IDLE: .idle
        case PQTRANS_INTRANS: .open
        case PQTRANS_INERROR: .failed
        default: .lost
        }
    }

    /// Ends the session; an open transaction is rolled back by the server. May be called again.
    public func close() {
        session.close()
    }

    /// Runs one statement, in a transaction of its own unless one is open. One round trip.
    /// - Throws: a `DatabaseError` whose `isRetriable` and `isConnectionLost` say what may be done.
    public func query(_ statement: Statement, _ parameters: consuming Parameters = Parameters()) throws(DatabaseError) -> Rows {
        try pipeline([Request(statement, parameters)])[0]
    }

    /// Runs statements one after the other in one round trip.
    ///
    /// Without an open transaction they are one transaction: all of them happen or none. The first failure skips the rest; inside of an
    /// explicit transaction that transaction has then failed. With BEGIN and COMMIT among the requests, what follows the COMMIT is
    /// separate. All requests share one deadline.
    /// - Returns: the results in the order of the requests.
    /// - Throws: the first failure, with the statement's name and the request's position.
    public func pipeline(_ requests: consuming [Request]) throws(DatabaseError) -> [Rows] {
        if requests.isEmpty { return [] }
        try checkOpen()
        for (index, request) in requests.enumerated() {
            guard let fault = request.parameters.fault else { continue }
            // The server's own code for it: callers look for bad values by the class of the code.
            throw DatabaseError(
                kind: .server, sqlState: "22021", message: fault, statement: request.statement.name, requestIndex: index)
        }
        let deadline = Deadline(after: timeout)
        var steps: [PipelineStep] = []
        steps.reserveCapacity(requests.count + 1)
        for (index, request) in requests.enumerated() { try send(request, index, &steps) }
        try sent(session.sync())
        return try receive(steps, deadline)
    }

    /// Runs a text of one or several statements by the simple protocol, for migrations and commands without parameters. Several statements
    /// are one transaction unless the text says otherwise. Results are dropped. The whole text shares one deadline.
    /// - Throws: the first failure.
    public func run(_ sql: String) throws(DatabaseError) {
        try checkOpen()
        let deadline = Deadline(after: timeout)
        try sent(session.enterSimpleProtocol(sql))
        var failure: DatabaseError?
        while let result = try nextResult(deadline) {
            let outcome = judge(result, sql: sql, statement: nil, requestIndex: nil)
            if failure == nil, case .failure(let error) = outcome { failure = error }
            if case .broken = outcome { throw abandon("the statement needs a protocol that is not offered, such as COPY") }
        }
        if let failure, failure.isConnectionLost { session.close() }
        if session.isOpen { try sent(session.leaveSimpleProtocol()) }
        if let failure { throw failure }
    }

    /// Asks the server for a sign of life; one round trip without a statement.
    public func ping() throws(DatabaseError) {
        try checkOpen()
        try sent(session.sync())
        _ = try receive([], Deadline(after: timeout))
    }
}

// The pipeline's two halves
extension DatabaseConnection {
    /// What libpq was asked for, in order.
    private enum PipelineStep {
        case prepare(Statement, Int)
        case execute(Statement, Int)
    }

    private func send(_ request: borrowing Request, _ index: Int, _ steps: inout [PipelineStep]) throws(DatabaseError) {
        let statement = request.statement
        let serverName: String
        if let known = statements.serverName(of: statement, with: request.parameters) {
            serverName = known
        } else {
            let types = request.parameters.types
            serverName = statements.add(statement, types: types)
            try sent(session.prepare(serverName, statement.sql, types))
            steps.append(.prepare(statement, index))
        }
        try sent(session.execute(serverName, request.parameters))
        steps.append(.execute(statement, index))
    }

    private func receive(_ steps: [PipelineStep], _ deadline: Deadline) throws(DatabaseError) -> [Rows] {
        var rows: [Rows] = []
        rows.reserveCapacity(steps.count)
        var failure: DatabaseError?
        for step in steps {
            let (statement, index, isPrepare) =
                switch step {
                case .prepare(let statement, let index): (statement, index, true)
                case .execute(let statement, let index): (statement, index, false)
                }
            guard let result = try nextResult(deadline) else { throw lost() }
            switch judge(result, sql: statement.sql, statement: statement.name, requestIndex: index) {
            case .rows(let result): if !isPrepare { rows.append(result) }
            case .skipped: if isPrepare { statements.forget(statement.name) }
            case .failure(let error):
                if failure == nil { failure = error }
                if isPrepare { statements.forget(statement.name) }
                if error.isStalePlan { statements.replace(statement.name) }
                if error.kind == .connectionLost {
                    session.close()
                    throw failure ?? error
                }
            case .broken: throw abandon("statement \(statement.name) needs a protocol that is not offered, such as COPY")
            }
            guard try nextResult(deadline) == nil else { throw abandon("libpq gave two results for one statement") }
        }
        guard let end = try nextResult(deadline), end.status == PGRES_PIPELINE_SYNC else { throw lost() }
        if let failure { throw failure }
        return rows
    }

    private enum Outcome {
        case rows(Rows)
        case failure(DatabaseError)
        case skipped
        case broken
    }

    private func judge(_ result: consuming ResultHandle, sql: String, statement: String?, requestIndex: Int?) -> Outcome {
        switch result.status {
        case PGRES_TUPLES_OK: return .rows(Rows(result))
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            // The server answers the COMMIT of a failed transaction with success and the tag ROLLBACK: nothing was stored.
            if result.commandTag == "ROLLBACK" && !sql.lowercased().contains("rollback") {
                let message = "the transaction had failed, so its commit rolled it back"
                return .failure(
                    DatabaseError(
                        kind: .server, sqlState: "25P02", message: message, statement: statement, requestIndex: requestIndex))
            }
            return .rows(Rows(result))
        case PGRES_FATAL_ERROR: return .failure(result.error(statement: statement, requestIndex: requestIndex))
        case PGRES_PIPELINE_ABORTED: return .skipped
        default: return .broken
        }
    }

    private func nextResult(_ deadline: Deadline) throws(DatabaseError) -> ResultHandle? {
        switch session.waitForResult(deadline) {
        case .ready: return session.nextResult()
        case .deadlinePassed:
            session.close()
            throw DatabaseError(kind: .timeout, message: "the server did not answer within its time limit; the session is closed")
        }
    }

    private func checkOpen() throws(DatabaseError) {
        guard session.isOpen else { throw DatabaseError(kind: .connectionLost, message: "the session is closed") }
    }

    /// A refused command leaves the pipeline half built, which only a new session mends.
    private func sent(_ accepted: Bool) throws(DatabaseError) {
        if !accepted { throw lost() }
    }

    private func lost() -> DatabaseError {
        let message = session.lossMessage
        session.close()
        return DatabaseError(kind: .connectionLost, message: message)
    }

    private func abandon(_ message: String) -> DatabaseError {
        session.close()
        return DatabaseError(kind: .unusable, message: message)
    }
}
