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
    /// The word for what came of it, and its tokens.
    var summary: String { "\(result?["outcome"]?.text ?? refusal) \(result?.number("tokens") ?? 0)" }
    /// The code of a refusal.
    var refusal: String { error?["code"]?.text ?? "none" }
    /// What the wallet has: balance, available, held.
    var figures: [Int64?] { ["balance", "available", "held"].map { (result ?? error)?.number($0) } }
    /// Why it went to the dead letters.
    var deadReason: String? { if case .dead(let reason, _, _) = outcome { reason } else { nil } }
}

extension JSONValue {
    /// The member of a name, where the value is an object that has it.
    subscript(_ name: String) -> JSONValue? { members == nil ? nil : members(named: name).first }

    /// The whole number of a member.
    func number(_ name: String) -> Int64? { self[name]?.whole }
}
