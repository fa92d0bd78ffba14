/// An answer of Paystack's that is no success (payment-facts.md 2.1).
struct PaystackProblem: Error, Sendable, Equatable {
    let status: Int
    let body: Node

    init(_ status: Int, _ message: String, type: String? = nil, code: String? = nil, next: String? = nil) {
        self.status = status
        var body: Node = ["status": false, "message": .text(message)]
        if let next { body["meta"] = ["nextStep": .text(next)] }
        if let type { body["type"] = .text(type) }
        if let code { body["code"] = .text(code) }
        self.body = body
    }

    private static func invalid(_ message: String, _ code: String, _ next: String) -> PaystackProblem {
        PaystackProblem(400, message, type: "validation_error", code: code, next: next)
    }

    static let invalidKey = PaystackProblem(401, "Invalid key")
    static let noKey = PaystackProblem(401, "No Authorization Header was found")
    static let duplicate = invalid(
        "Duplicate Transaction Reference", "duplicate_reference", "Try and create the Transaction or Charge with a new reference")
    static let unknownAuthorization = PaystackProblem(400, "Authorization code is invalid")
    static let otherEmail = PaystackProblem(
        400, "Email does not match Authorization code. Authorization may be inactive or belong to a different email. Please confirm.")
    static let currency = invalid("Currency not supported by merchant", "unsupported_currency", "Use a currency that your account supports")
    static let unknownReference = PaystackProblem(
        400, "Transaction reference not found.", type: "validation_error", code: "transaction_not_found",
        next: "Ensure that you're passing the reference of a transaction that exists on this integration")
    static let notFound = PaystackProblem(404, "Entity not found")
    static let serverError = PaystackProblem(500, "An error occurred. Please try again later", type: "api_error", code: "unknown")
    static let tooMany = PaystackProblem(429, "You have been rate limited. Please try again later")
    static let conflict = PaystackProblem(409, "A request with this reference is being processed")

    static func missing(_ name: String) -> PaystackProblem {
        invalid("\(name) is required", "missing_params", "Provide \(name) and try again")
    }

    static func wrong(_ message: String) -> PaystackProblem {
        invalid(message, "invalid_params", "Correct the parameter and try again")
    }
}
