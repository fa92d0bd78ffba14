import HTTP

/// Why a topology command could not do its work. Never holds a password.
public struct TopologyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure.
    public enum Kind: Sendable {
        /// A file or an address that is given is wrong. Trying again does not help.
        case configuration
        /// The broker's management interface does not answer. Trying again may help.
        case unavailable
        /// The broker refuses the user. Trying again does not help.
        case forbidden
        /// The broker refuses a change, or answers what cannot be read.
        case refused
    }

    /// What kind of failure.
    public let kind: Kind
    /// One sentence for a person.
    public let detail: String

    /// Whether the same command may succeed later.
    public var isRetriable: Bool { kind == .unavailable }

    /// The sysexits code of a program that ends with this (operations.md, Command line).
    public var exitCode: Int32 {
        switch kind {
        case .configuration: 78
        case .unavailable: 69
        case .forbidden: 77
        case .refused: 70
        }
    }

    /// The sentence.
    public var description: String { detail }

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    init(_ error: HTTPError) {
        let kind: Kind = error.kind == .invalidRequest ? .configuration : .unavailable
        self.init(kind, "the broker's management interface (AMQP_ADMIN_URL) does not answer: \(error.kind.rawValue)")
    }
}
