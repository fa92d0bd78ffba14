/// How a program ends (mq-facts.md 5, "Exit codes"; sysexits). A supervisor restarts on all but `done`, `usage` and `configuration`.
public enum ExitCode: Int32, Sendable, CaseIterable {
    /// Drained, or the command did what it was asked.
    case done = 0
    /// The command found differences, or a rule refused it.
    case differences = 1
    /// The command repaired what it found.
    case repaired = 2
    /// The arguments make no sense.
    case usage = 64
    /// Input is wrong.
    case data = 65
    /// An input file is missing.
    case noInput = 66
    /// A server that the program depends on could not be reached at the start.
    case unavailable = 69
    /// A defect of the program itself.
    case software = 70
    /// An output could not be written.
    case output = 74
    /// Not finished in time; trying again may help.
    case temporary = 75
    /// A server refused our rights.
    case permission = 77
    /// The configuration, the topology or the schema is wrong: a restart mends nothing.
    case configuration = 78

    /// In a few words, for the help.
    public var summary: String {
        switch self {
        case .done: "done"
        case .differences: "refused or different"
        case .repaired: "repaired"
        case .usage: "usage"
        case .data: "wrong input"
        case .noInput: "no input file"
        case .unavailable: "a server is away"
        case .software: "a defect"
        case .output: "cannot write"
        case .temporary: "try again"
        case .permission: "no right"
        case .configuration: "configuration"
        }
    }
}
