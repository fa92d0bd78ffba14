import Messages
import PurserTesting

extension Reply {
    /// The word for what came of it, and its tokens.
    var summary: String { "\(result?["outcome"]?.text ?? refusal) \(result?.number("tokens") ?? 0)" }
    /// The code of a refusal.
    var refusal: String { error?["code"]?.text ?? "none" }
    /// What the wallet has: balance, available, held.
    var figures: [Int64?] { ["balance", "available", "held"].map { (result ?? error)?.number($0) } }
}
