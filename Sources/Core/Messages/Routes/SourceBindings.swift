import Domain

/// Which broker users may publish with which `source` (operations.md, Security): `topology/sources.json`, read once.
///
/// A bound source is taken only with a user among its own, as the broker has validated it; a source bound to nobody is taken from anyone.
public struct SourceBindings: Sendable, Equatable {
    /// Why the file cannot be read, in words.
    public struct Problem: Error, Equatable {
        /// A sentence that names the place.
        public let reason: String
    }

    /// By the bytes of the source, as events are told apart: a source that only looks like a bound one is another.
    private let users: [ExactText: Set<String>]

    /// Nobody is bound to anything.
    public static let none = SourceBindings([:])

    /// The users of each bound source.
    public init(_ users: [String: Set<String>]) {
        self.users = Dictionary(uniqueKeysWithValues: users.map { (ExactText($0.key), $0.value) })
    }

    /// Reads `{"sources":[{"source","users":[…]}]}`. A source that stands twice has the users of both lines.
    public init(json: [UInt8]) throws(Problem) {
        let file: JSONValue
        do throws(JSONSyntaxError) {
            file = try JSONReader.read(json)
        } catch { throw Problem(reason: "is not JSON: \(error.detail)") }
        guard let lines = file["sources"]?.elements else { throw Problem(reason: "sources: an array is wanted") }
        var users: [ExactText: Set<String>] = [:]
        for (index, line) in lines.enumerated() {
            guard let source = line["source"]?.text, !source.isEmpty else {
                throw Problem(reason: "sources[\(index)].source: a text is wanted")
            }
            let names = line["users"]?.elements?.map(\.text) ?? []
            guard !names.isEmpty, !names.contains(nil) else {
                throw Problem(reason: "sources[\(index)].users: an array of names is wanted")
            }
            users[ExactText(source), default: []].formUnion(names.compactMap { $0 })
        }
        self.users = users
    }

    /// Whether a user may publish with a source; nil is a message that names no user, which anyone may have sent.
    public func allows(_ source: String, user: String?) -> Bool {
        guard let allowed = users[ExactText(source)] else { return true }
        return user.map(allowed.contains) ?? false
    }
}

/// Asks the bindings for message after message. Producers send many in a row, so that the last question is most often the next one too,
/// and comparing two short texts costs less than looking one up.
public struct SourceGuard {
    private let bindings: SourceBindings
    private var source = ""
    private var user: String?
    private var isAllowed: Bool

    /// What the dead letter and the answer say.
    public static let detail = "the source is bound to other broker users; the message must carry one of them as its user_id"

    /// A guard that has been asked nothing yet.
    public init(_ bindings: SourceBindings) {
        self.bindings = bindings
        isAllowed = bindings.allows("", user: nil)
    }

    /// Whether a user may publish with a source.
    public mutating func allows(_ source: String, user: String?) -> Bool {
        if ExactText(source) == ExactText(self.source), user == self.user { return isAllowed }
        isAllowed = bindings.allows(source, user: user)
        self.source = source
        self.user = user
        return isAllowed
    }
}
