import Messages
import PurserTesting

extension Reply {
    /// Code and field of a refusal.
    var refusal: String { "\(error?["code"]?.text ?? "none") \(error?["field"]?.text ?? "-")" }
}
