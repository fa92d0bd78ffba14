public import Telemetry

/// What a program is that answers requests and has no lanes, for `Program.run`.
public struct ServerDescription: Sendable {
    /// Ends the program's work within a time. - Returns: whether everything that had begun was finished.
    public typealias Stop = @Sendable (Duration) -> Bool

    /// Its name as users know it: `purser-paysim`.
    public let name: String
    /// One line for `--help`.
    public let summary: String
    /// The variables that matter most to it, named by `--help`.
    public let settings: [Setting]
    /// Variables without which it cannot work.
    public let required: Set<Setting>
    /// A command line for `--help`.
    public let example: String
    /// Starts its work and returns at once.
    public let start: @Sendable (Configuration, Log) throws(StartFailure) -> Stop

    /// A description with these parts.
    public init(
        name: String, summary: String, settings: [Setting], required: Set<Setting> = [], example: String,
        start: @escaping @Sendable (Configuration, Log) throws(StartFailure) -> Stop
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.required = required
        self.example = example
        self.start = start
    }
}

/// Why a program could not begin its work.
public struct StartFailure: Error, Sendable, Equatable {
    /// How the program ends; a supervisor starts it again unless it is `configuration`.
    public let exitCode: ExitCode
    /// One line of plain text, without a secret.
    public let reason: String

    /// A failure to end with.
    public init(_ exitCode: ExitCode, _ reason: String) {
        self.exitCode = exitCode
        self.reason = reason
    }
}
