import Messages
import Postgres
import Runtime

/// `purser config show|set|example`.
enum SettingCommands {
    static let all: [Command] = [
        Command(
            path: ["config", "show"], summary: "Show the effective configuration, secrets masked, and the settings in the database.",
            examples: ["config show", "config show --json"], run: { (_, session) throws(CommandFailure) in try show(session) }),
        Command(
            path: ["config", "set"], summary: "Change a setting that all programs share; written into the audit log.",
            details: "system.enabled false: usage is recorded but not charged, from the next batch on.",
            arguments: [
                CommandArgument(name: "NAME", summary: "the setting", choices: ["system.enabled"]),
                CommandArgument(name: "VALUE", summary: "true or false", choices: ["true", "false"]),
            ],
            options: [.value("actor", "NAME", "who is written down (operator:<login name>)")],
            examples: ["config set system.enabled false"],
            run: { (invocation, session) throws(CommandFailure) in try set(invocation, session) }),
        Command(
            path: ["config", "example"], summary: "Print every variable with its meaning and default, as a file for PURSER_CONFIG.",
            examples: ["config example > purser.env"],
            run: { (_, session) throws(CommandFailure) in
                session.console.write(ConfigurationPrinter.example())
                return .done
            }),
    ]

    private static func show(_ session: Session) throws(CommandFailure) -> ExitCode {
        let configuration = try session.configuration()
        var enabled: Bool?
        if configuration.text(.databaseURL) != nil {
            let connection = try session.openDatabase()
            defer { connection.close() }
            enabled = try database("read the settings") { () throws(DatabaseError) in
                let rows = try connection.query(StatusStatements.settings)
                return rows.isEmpty ? nil : rows.bool(0, 0)
            }
        }
        let text = ConfigurationPrinter.effective(configuration)
        guard session.wantsJSON else {
            session.console.write(text)
            session.console.line("system.enabled=\(enabled.map { $0 ? "true" : "false" } ?? "not set yet")  # in the database")
            return .done
        }
        session.print { writer in
            writer.beginObject()
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                // Behind two spaces stands where the value came from.
                writer.member(
                    String(parts[0]), String(parts[1].split(separator: "  # ", maxSplits: 1, omittingEmptySubsequences: false)[0]))
            }
            writer.member("system.enabled", ifPresent: enabled)
            writer.endObject()
        }
        return .done
    }

    private static func set(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> ExitCode {
        let value = try invocation.argument("VALUE") == "true"
        let actor = invocation.text("actor") ?? session.actor
        guard (1...255).contains(actor.utf8.count) else { throw .usage("--actor must be 1 to 255 bytes long") }
        let connection = try session.openDatabase()
        defer { connection.close() }
        let before = try database("change the setting") { () throws(DatabaseError) in
            try connection.run("BEGIN")
            do throws(DatabaseError) {
                let before = try change(to: value, actor: actor, on: connection)
                try connection.run("COMMIT")
                return before
            } catch {
                try? connection.rollbackIfNeeded()
                throw error
            }
        }
        if session.wantsJSON {
            session.print { writer in
                writer.beginObject()
                writer.member("name", "system.enabled")
                writer.member("value", value)
                writer.member("before", ifPresent: before)
                writer.endObject()
            }
        } else if before == value {
            session.console.line("system.enabled is \(value) already")
        } else {
            session.console.line("system.enabled is now \(value)")
        }
        return .done
    }

    /// - Returns: the value before; nil where there was none.
    private static func change(to value: Bool, actor: String, on connection: DatabaseConnection) throws(DatabaseError) -> Bool? {
        let rows = try connection.query(SettingStatements.lock)
        let before = rows.isEmpty ? nil : rows.bool(0, 0)
        guard before != value else { return before }
        var parameters = Parameters()
        parameters.add(bool: value)
        _ = try connection.query(SettingStatements.set, parameters)
        func json(_ value: Bool) -> String { "{\"system.enabled\":\(value)}" }
        var audit = Parameters()
        audit.add(textOrNil: nil)
        audit.add(text: actor)
        audit.add(text: "settings.changed")
        audit.add(jsonOrNil: before.map(json))
        audit.add(jsonOrNil: json(value))
        _ = try connection.query(AuditStatements.insert, audit)
        return before
    }
}

enum SettingStatements {
    /// The row is locked so that what the audit log calls the value before is that.
    static let lock = Statement("operator_settings_lock", "SELECT enabled FROM system_settings FOR UPDATE")

    static let set = Statement(
        "operator_settings_set",
        """
        INSERT INTO system_settings (enabled) VALUES ($1)
        ON CONFLICT (singleton) DO UPDATE SET enabled = EXCLUDED.enabled, updated_at = now()
        """)
}
