import Messages
import Runtime

/// What came of a message, with its answer taken apart.
struct Reply {
    let outcome: Outcome
    let text: String?
    let json: JSONValue?

    init(_ outcome: Outcome) throws {
        self.outcome = outcome
        let bytes: [UInt8]? =
            switch outcome {
            case .done(let answer), .dead(_, _, let answer): answer
            case .retryLater: nil
            }
        text = bytes.map { String(decoding: $0, as: UTF8.self) }
        json = try bytes.map { try JSONReader.read($0) }
    }

    var isOK: Bool { json?["ok"]?.bool ?? false }
    var result: JSONValue? { json?["result"] }
    var error: JSONValue? { json?["error"] }
    /// Code and field of a refusal.
    var refusal: String { "\(error?["code"]?.text ?? "none") \(error?["field"]?.text ?? "-")" }
    /// Why it went to the dead letters.
    var deadReason: String? { if case .dead(let reason, _, _) = outcome { reason } else { nil } }
}

extension JSONValue {
    /// The member of a name, where the value is an object that has it.
    subscript(_ name: String) -> JSONValue? { members == nil ? nil : members(named: name).first }

    /// The whole number of a member.
    func number(_ name: String) -> Int64? { self[name]?.whole }
}
