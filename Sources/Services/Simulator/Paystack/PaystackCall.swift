/// One request to the Paystack side, understood but not yet acted on.
struct PaystackCall: Sendable {
    let path: String
    /// Members of the body, or the query of a `GET`.
    let parameters: Node
    var ids: [String] = []
    let publicURL: String
    var forcedDecline: Decline?

    var id: String { ids.first ?? "" }

    func text(_ name: String) -> String? {
        let value = parameters[name]
        return (value.text ?? value.number.map { String($0) }).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number, as a number or as text: Paystack's own samples have both.
    func number(_ name: String) -> Int64? {
        let value = parameters[name]
        return value.number ?? value.text.flatMap { Int64($0) }
    }

    func email() throws(PaystackProblem) -> String {
        guard let email = text("email") else { throw .missing("email") }
        guard email.contains("@"), !email.hasPrefix("@"), !email.hasSuffix("@") else { throw .wrong("Invalid Email Address Passed") }
        return email
    }

    func amount() throws(PaystackProblem) -> Int64 {
        guard !parameters["amount"].isNull else { throw .missing("amount") }
        guard let amount = number("amount"), amount > 0 else { throw .wrong("Invalid Amount Sent") }
        return amount
    }

    func currency() throws(PaystackProblem) -> String {
        let currency = (text("currency") ?? "NGN").uppercased()
        guard ["NGN", "GHS", "ZAR", "KES", "USD", "XOF", "EGP", "RWF"].contains(currency) else { throw .currency }
        return currency
    }

    /// The caller's, unused so far, or a new one.
    func reference(_ state: BookState) throws(PaystackProblem) -> String {
        guard let reference = text("reference") else { return Identifiers.random(10).lowercased() }
        let isPlain = reference.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "-.=".utf8.contains($0)
        }
        guard isPlain else { throw .wrong("Invalid reference: only -, ., = and alphanumeric characters are allowed") }
        guard state.find(.paystackTransaction, reference) == nil else { throw .duplicate }
        return reference
    }
}

/// What Paystack wraps every answer in.
enum Envelope {
    static func make(_ message: String, _ data: Node, meta: Node = .null) -> Node {
        var body: Node = ["status": true, "message": .text(message), "data": data]
        if !meta.isNull { body["meta"] = meta }
        return body
    }
}
