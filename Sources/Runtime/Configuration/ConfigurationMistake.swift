/// Something wrong with one variable, in words that name it. Never quotes the value.
public struct ConfigurationMistake: Error, Sendable, Equatable, CustomStringConvertible {
    /// The variable, as it was written.
    public let name: String
    /// What is wrong.
    public let reason: String

    /// `NAME: reason`.
    public var description: String { "\(name): \(reason)" }
}

/// All mistakes of a configuration together, so that one start shows them all. The program exits 78.
public struct ConfigurationMistakes: Error, Sendable, Equatable {
    /// Sorted by name; not empty.
    public let all: [ConfigurationMistake]

    init(_ all: [ConfigurationMistake]) {
        self.all = all.sorted { ($0.name, $0.reason) < ($1.name, $1.reason) }
    }
}
