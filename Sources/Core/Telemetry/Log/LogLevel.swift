/// How much a line matters. `LOG_LEVEL` names the least level that is written.
public enum LogLevel: Int, Sendable, CaseIterable, Comparable {
    /// For a developer who follows one program closely.
    case debug
    /// What an operator wants to see of a healthy program: started, connected, stopped.
    case info
    /// Something went wrong and the program deals with it: a lost connection, a refused message.
    case warning
    /// Something went wrong that a person must look at.
    case error

    /// The level with this name in lower case (`warn` too), or nil.
    public init?(name: String) {
        switch name {
        case "debug": self = .debug
        case "info": self = .info
        case "warning", "warn": self = .warning
        case "error": self = .error
        default: return nil
        }
    }

    /// The name in log lines and in `LOG_LEVEL`.
    public var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    /// Lower matters less.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
