import Messages
import Runtime

/// What a person typed, held against the command's table. Its readers name the argument when it makes no sense.
struct Invocation: Sendable {
    let command: Command
    /// By the argument's name, in order.
    var arguments: [String: [String]] = [:]
    /// By the option's name.
    var values: [String: String] = [:]
    /// Switches that are on.
    var flags: Set<String> = []

    /// The value of an argument that has to be there.
    func argument(_ name: String) throws(CommandFailure) -> String {
        guard let value = arguments[name]?.first else { throw .usage("\(name) is missing") }
        return value
    }

    func optionalArgument(_ name: String) -> String? { arguments[name]?.first }

    func flag(_ option: String) -> Bool { flags.contains(option) }

    func text(_ option: String) -> String? { values[option] }

    func required(_ option: String) throws(CommandFailure) -> String {
        guard let value = values[option] else { throw .usage("--\(option) is missing") }
        return value
    }

    /// A whole number within bounds.
    func whole(_ option: String, _ bounds: ClosedRange<Int64>) throws(CommandFailure) -> Int64? {
        guard let text = values[option] else { return nil }
        guard let number = Invocation.whole(text), bounds.contains(number) else {
            throw .usage("--\(option) must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    /// A length of time in seconds.
    func seconds(_ option: String, fallback: Int64, _ bounds: ClosedRange<Int64> = 1...86_400) throws(CommandFailure) -> Duration {
        .seconds(try whole(option, bounds) ?? fallback)
    }

    /// A moment in microseconds since 1970; `now` is one too.
    func moment(_ option: String, now: Int64) throws(CommandFailure) -> Int64? {
        guard let text = values[option] else { return nil }
        if text == "now" { return now }
        guard let moment = EventTime.microseconds(text) else {
            throw .usage("--\(option) must be now or an RFC 3339 time such as 2026-11-20T10:00:00Z")
        }
        return moment
    }

    /// The organization that an argument names.
    func organization(_ name: String = "ORG") throws(CommandFailure) -> String {
        try Invocation.organization(argument(name), name)
    }

    /// 1 to 128 printable ASCII characters (README, "organization").
    static func organization(_ text: String, _ name: String) throws(CommandFailure) -> String {
        guard isOrganization(text) else { throw .usage("\(name) must be 1 to 128 printable ASCII characters") }
        return text
    }

    static func isOrganization(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// What a number beyond 64 bits is told.
    static let bounds64 = "from \(Int64.min) to \(Int64.max)"

    /// Digits with an optional minus; nothing else that Swift would read as a number.
    static func whole(_ text: some StringProtocol) -> Int64? {
        text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
    }
}
