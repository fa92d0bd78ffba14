public import Messages
public import Runtime

/// What came of a message, with its answer taken apart.
public struct Reply {
    public let outcome: Outcome
    public let text: String?
    public let json: JSONValue?

    /// Takes the outcome of a step apart.
    /// - Throws: where the answer is no JSON.
    public init(_ outcome: Outcome) throws {
        self.outcome = outcome
        let bytes: [UInt8]? =
            switch outcome {
            case .done(let answer), .dead(_, _, let answer): answer
            case .retryLater: nil
            }
        text = bytes.map { String(decoding: $0, as: UTF8.self) }
        json = try bytes.map { try JSONReader.read($0) }
    }

    public var isOK: Bool { json?["ok"]?.bool ?? false }
    public var result: JSONValue? { json?["result"] }
    public var error: JSONValue? { json?["error"] }
    /// Why it went to the dead letters.
    public var deadReason: String? { if case .dead(let reason, _, _) = outcome { reason } else { nil } }
}

extension JSONValue {
    /// The whole number of a member.
    public func number(_ name: String) -> Int64? { self[name]?.whole }
}
