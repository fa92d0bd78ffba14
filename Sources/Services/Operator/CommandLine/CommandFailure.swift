import AMQP
import HTTP
import Messages
import Postgres
import Runtime

/// Why a command could not do its work: one sentence, and the exit code. Never holds a password or a payload.
struct CommandFailure: Error, Equatable {
    let exitCode: ExitCode
    let message: String
    /// What the person can do about it, where that is not plain.
    var hint: String?

    init(_ exitCode: ExitCode, _ message: String, hint: String? = nil) {
        self.exitCode = exitCode
        self.message = message
        self.hint = hint
    }

    /// An argument that makes no sense; the message names it.
    static func usage(_ message: String, hint: String? = nil) -> CommandFailure { CommandFailure(.usage, message, hint: hint) }
}

extension CommandFailure {
    /// - Parameter doing: what was tried, as in "cannot <doing>".
    init(_ error: DatabaseError, doing: String = "ask the database") {
        let state = error.sqlState ?? ""
        let text = "cannot \(doing): \(error.message)"
        if state == "42P01" || state == "42703" || state == "3F000" {
            self.init(.configuration, text, hint: "the tables are missing or old: purser migrate")
        } else if state == "42501" || state.hasPrefix("28") {
            self.init(.permission, text, hint: "DATABASE_URL should name the operator's role, DATABASE_ADMIN_URL the owner's")
        } else if state == "3D000" || error.kind == .unusable {
            self.init(.configuration, text, hint: "look at DATABASE_URL: purser config show")
        } else if error.isConnectionLost || error.kind == .timeout {
            self.init(.unavailable, text, hint: "is the database there? purser doctor tells more")
        } else if error.isRetriable {
            self.init(.temporary, text)
        } else {
            self.init(.software, text)
        }
    }

    init(_ error: BrokerError, doing: String = "ask the broker") {
        let text = "cannot \(doing): \(error.message)"
        switch error.kind {
        case .misconfigured: self.init(.configuration, text)
        case .refused: self.init(.permission, text, hint: "look at the user, the password and the virtual host of AMQP_URL")
        case .closedByBroker(403, _), .channelClosed(403, _):
            self.init(.permission, text, hint: "the user of AMQP_URL lacks a right: purser topology check")
        case .closedByBroker(404, _), .channelClosed(404, _):
            self.init(.configuration, text, hint: "exchanges and queues are missing: purser topology apply")
        case .blocked:
            self.init(
                .temporary, "blocked: the broker takes no messages (\(error.message))",
                hint: "it is short of memory or disk; nothing is lost, try again when the alarm is over: purser status")
        case .unreachable, .timeout, .heartbeatMissed, .closedByBroker:
            self.init(.unavailable, text, hint: "is the broker there? purser doctor tells more")
        case .tls: self.init(.unavailable, text, hint: "look at the certificates: cacertfile and verify in AMQP_URL")
        case .invalidArgument: self.init(.usage, text)
        case .channelClosed, .protocolViolation, .closed: self.init(.software, text)
        }
    }

    init(_ error: TopologyError) {
        self.init(ExitCode(rawValue: error.exitCode) ?? .software, error.detail)
    }
}

/// Runs a piece of work on the database and turns its error into the command's.
func database<R>(_ doing: String, _ work: () throws(DatabaseError) -> R) throws(CommandFailure) -> R {
    do {
        return try work()
    } catch {
        throw CommandFailure(error, doing: doing)
    }
}

/// Runs a piece of work on the broker and turns its error into the command's.
func broker<R>(_ doing: String, _ work: () throws(BrokerError) -> R) throws(CommandFailure) -> R {
    do {
        return try work()
    } catch {
        throw CommandFailure(error, doing: doing)
    }
}

/// Runs a topology command and turns its error into ours.
func topology<R>(_ work: () throws(TopologyError) -> R) throws(CommandFailure) -> R {
    do {
        return try work()
    } catch {
        throw CommandFailure(error)
    }
}
