/// A fault that was armed and waits for requests to hit.
struct FaultRule: Sendable, Equatable {
    /// What goes wrong. The raw values are those of the control side.
    enum Kind: String, Sendable, CaseIterable {
        /// Nothing is done, and no answer comes.
        case timeoutBefore = "timeout_before"
        /// All is done, and no answer comes.
        case timeoutAfter = "timeout_after"
        /// Nothing is done; 500.
        case serverError = "error_500"
        /// All is done; 500 all the same.
        case serverErrorAfter = "error_500_after"
        /// 429, nothing done.
        case tooMany = "rate_limit"
        /// 409, nothing done: another request is said to be in the middle of it.
        case conflict
        /// Nothing is done, and the connection ends.
        case dropBefore = "drop_before"
        /// All is done, and the connection ends in the middle of the answer.
        case drop
        /// All goes well, later.
        case delay
        /// The next charge is declined.
        case decline
    }

    /// Why a rule cannot be armed.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    let kind: Kind
    /// `stripe` or `paystack`; nil: both.
    var gateway: String?
    /// `GET`, `POST`, ...; nil: any.
    var method: String?
    /// A path in which `*` stands for anything.
    var path = "*"
    /// How many requests are still to be hit; nil: all.
    var left: Int?
    /// How many are let through first.
    var skip = 0
    /// How long the delay or the silence lasts.
    var milliseconds: Int64 = 60_000
    /// Decline code, and advice after two underscores.
    var code = "generic_decline"

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// From the body of `POST /_sim/faults`.
    init(_ body: Node) throws(Refusal) {
        let words = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        guard let kind = body["kind"].text.flatMap({ Kind(rawValue: $0) }) else { throw Refusal(reason: "kind must be one of \(words)") }
        self.kind = kind
        gateway = body["gateway"].text
        guard gateway == nil || gateway == "stripe" || gateway == "paystack" else {
            throw Refusal(reason: "gateway must be stripe or paystack")
        }
        method = body["method"].text?.uppercased()
        path = body["path"].text ?? "*"
        // One request, unless told otherwise; 0 means all.
        let count = body["count"].number ?? (kind == .delay ? 0 : 1)
        left = count == 0 ? nil : Int(clamping: count)
        skip = Int(clamping: body["skip"].number ?? 0)
        milliseconds = body["ms"].number ?? (kind == .delay ? 1000 : 60_000)
        guard count >= 0, skip >= 0, (0...110_000).contains(milliseconds) else {
            throw Refusal(reason: "count and skip must not be negative, ms must be from 0 to 110000")
        }
        code = body["code"].text ?? code
    }

    var shown: Node {
        [
            "kind": .text(kind.rawValue), "gateway": .maybe(gateway), "method": .maybe(method), "path": .text(path),
            "left": .maybe(left.map { Int64($0) }), "skip": .number(Int64(skip)), "ms": .number(milliseconds), "code": .text(code),
        ]
    }

    func fits(gateway: String, method: String, path: String) -> Bool {
        (self.gateway == nil || self.gateway == gateway) && (self.method == nil || self.method == method)
            && FaultRule.matches(Array(path.utf8)[...], Array(self.path.utf8)[...])
    }

    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            return (text.startIndex...text.endIndex).contains { matches(text[$0...], pattern.dropFirst()) }
        }
        return text.first == first && matches(text.dropFirst(), pattern.dropFirst())
    }
}
