import AMQP
import Glibc
import Messages
import Postgres
import Runtime
import Telemetry

/// What every command has at hand: where to print, who asks, and the servers, each reached only when a command needs it.
/// Belongs to the one thread of its command.
final class Session {
    let environment: [String: String]
    let console: Console
    let time: TimeSource
    /// Whether results are JSON.
    let wantsJSON: Bool

    init(environment: [String: String], console: Console, time: TimeSource = .system, wantsJSON: Bool) {
        self.environment = environment
        self.console = console
        self.time = time
        self.wantsJSON = wantsJSON
    }

    /// Microseconds since 1970.
    var now: Int64 { time.wallMicroseconds }

    /// Who is written down for a change: the login name of the person, and where the environment is silent that of the account.
    var actor: String {
        let name = [environment["SUDO_USER"], environment["USER"], environment["LOGNAME"]].compactMap { $0 }.first { !$0.isEmpty }
        return "operator:" + (name ?? Session.accountName()).prefix(60)
    }

    private static func accountName() -> String {
        let user = geteuid()
        guard let account = getpwuid(user), let name = account.pointee.pw_name else { return "uid-\(user)" }
        return String(cString: name)
    }

    /// The configuration, with these variables set.
    /// - Throws: `configuration`, naming every variable that is wrong.
    func configuration(requiring required: Set<Setting> = []) throws(CommandFailure) -> Configuration {
        do {
            return try ConfigurationReader(environment: environment, required: required, readFile: InputFile.configuration).read()
        } catch {
            let lines = error.all.map(\.description)
            let isMissing = error.all.contains { $0.reason.hasPrefix("must be set") }
            throw CommandFailure(
                .configuration, lines.joined(separator: "\n"),
                hint: isMissing ? "ops/up writes them to .run/env, a file to source" : "purser config example tells what each may be")
        }
    }

    /// Opens a session with the database.
    /// - Parameter setting: whose login: the operator's, or the owner's.
    func openDatabase(_ setting: Setting = .databaseURL) throws(CommandFailure) -> DatabaseConnection {
        let configuration = try configuration(requiring: [setting])
        let parts = DatabaseConfiguration(
            url: configuration.text(setting) ?? "", applicationName: "purser", connectTimeout: configuration.connectTime,
            statementTimeout: .seconds(300))
        return try database("reach the database of \(setting.rawValue)") { () throws(DatabaseError) in try DatabaseConnection(parts) }
    }

    /// Opens a connection with the broker.
    /// - Parameter deadline: how long a publish may be held up.
    func openBroker(deadline: Duration = .seconds(10), purpose: String) throws(CommandFailure) -> BrokerConnection {
        let configuration = try configuration(requiring: [.amqpURL])
        return try broker("reach the broker of AMQP_URL") { () throws(BrokerError) in
            var parts = try BrokerConfiguration(url: configuration.text(.amqpURL) ?? "")
            parts.connectTimeout = configuration.connectTime
            parts.publishTimeout = deadline
            return try BrokerConnection(parts, name: "purser \(purpose)")
        }
    }

    /// The broker's management interface and the virtual host of AMQP_URL.
    func adminAddress() throws(CommandFailure) -> AdminAddress {
        let configuration = try configuration(requiring: [.amqpAdminURL])
        return try topology { () throws(TopologyError) in
            try AdminAddress(adminURL: configuration.text(.amqpAdminURL) ?? "", amqpURL: configuration.text(.amqpURL))
        }
    }

    /// Prints one JSON value and a line feed.
    func print(json write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(capacity: 1024)
        write(&writer)
        console.write(bytes: writer.bytes + [0x0A])
    }
}
