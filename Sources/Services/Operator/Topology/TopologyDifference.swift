/// One thing that is not as it should be, in words, with the calls that mend it.
public struct TopologyDifference: Sendable, Hashable, CustomStringConvertible {
    /// What can be done about it.
    public enum Kind: String, Sendable {
        /// It is not there; apply makes it.
        case missing
        /// It is there and not as described; apply changes it.
        case drift
        /// It is there and not as described, and the broker cannot change it in place; the words say what a person does.
        case blocked
        /// Nobody described it, but it carries one of our names or touches one of our objects; apply leaves it alone.
        case extra
    }

    /// What can be done about it.
    public let kind: Kind
    /// Such as `queue purser.usage.3`.
    public let object: String
    /// Such as `policy dead-letter-strategy is at-most-once, should be at-least-once`.
    public let words: String
    /// What apply sends, in any order: `TopologyPlan.calls` puts them right.
    let calls: [ManagementCall]

    /// `queue purser.usage.3: policy dead-letter-strategy is at-most-once, should be at-least-once`.
    public var description: String { "\(object): \(words)" }

    /// The words for each setting that differs between two sets, in the order of names.
    static func words(found: TopologyArguments, wanted: TopologyArguments) -> [String] {
        Set(found.keys).union(wanted.keys).sorted().compactMap { name in
            switch (found[name], wanted[name]) {
            case (let is_?, let should?): is_ == should ? nil : "\(name) is \(is_), should be \(should)"
            case (nil, let should?): "\(name) is not set, should be \(should)"
            case (let is_?, nil): "\(name) is \(is_), should not be set"
            case (nil, nil): nil
            }
        }
    }
}
