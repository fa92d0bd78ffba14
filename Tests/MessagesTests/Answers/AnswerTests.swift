import Testing

@testable import Messages

@Suite struct AnswerTests {
    private let figures = UsageFigures(tokens: 5, balance: 95, available: 95, held: 0, trialUsesLeft: 2)

    /// The answer as text, after its schema has accepted it.
    private func text(_ answer: [UInt8]) throws -> String {
        let errors = SchemaValidator(root: try ContractFiles.schema("answer")).errors(try JSONReader.read(answer))
        #expect(errors == [])
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func usage() throws {
        #expect(
            try text(UsageAnswer(outcome: "debited", figures: figures).success())
                == #"{"ok":true,"result":{"outcome":"debited","tokens":5,"balance":95,"available":95,"held":0,"trial_uses_left":2}}"#)
        let again = try text(UsageAnswer(outcome: "debited", figures: figures, duplicate: true).success())
        #expect(again.contains(#""duplicate":true"#))
    }

    @Test func rejection() throws {
        let empty = UsageFigures(tokens: 0, balance: 3, available: 3, held: 0, trialUsesLeft: 0)
        #expect(
            try text(
                UsageAnswer(outcome: "rejected", figures: empty).rejection(
                    .insufficientTokens, detail: "2 tokens are missing", required: 5, missing: 2))
                == #"{"ok":false,"error":{"code":"insufficient_tokens","detail":"2 tokens are missing","outcome":"rejected","tokens":0,"#
                + #""balance":3,"available":3,"held":0,"trial_uses_left":0,"required":5,"missing":2}}"#)
    }

    @Test func holds() throws {
        let answer = UsageAnswer(outcome: "held", figures: figures, holdID: "h", endsAt: 0)
        #expect(try text(answer.success()).hasSuffix(#""hold_id":"h","ends_at":"1970-01-01T00:00:00.000000Z"}}"#))
    }

    @Test func unlimitedOverdraftIsShown() throws {
        var figures = figures
        figures.unlimitedOverdraft = true
        #expect(try text(UsageAnswer(outcome: "overdrawn", figures: figures).success()).contains(#""overdraft_limit":"unlimited""#))
    }

    @Test func checks() throws {
        let yes = CheckAnswer(enough: true, required: 5, by: .tokens, outcome: "debited", figures: figures)
        #expect(
            try text(yes.success())
                == #"{"ok":true,"result":{"enough":true,"required":5,"by":"tokens","outcome":"debited","tokens":5,"balance":95,"#
                + #""available":95,"held":0,"trial_uses_left":2}}"#)
        let no = CheckAnswer(enough: false, required: 500, by: nil, outcome: "rejected", reason: .insufficientTokens, figures: figures)
        #expect(try text(no.success()).contains(#""by":null,"reason":"insufficient_tokens""#))
    }

    @Test func wallets() throws {
        var answer = WalletAnswer(
            organization: "org-1", status: "active", balance: 10, available: 8, held: 2, overdraftLimit: .tokens(0), trialUsesLeft: 0)
        #expect(
            try text(answer.success())
                == #"{"ok":true,"result":{"organization":"org-1","status":"active","balance":10,"available":8,"held":2,"overdraft_limit":0,"#
                + #""trial_uses_left":0}}"#)
        answer.overdraftLimit = .unlimited
        #expect(try text(answer.refusal(.limitBelowDebt, detail: "x")).contains(#""overdraft_limit":"unlimited""#))
    }

    @Test func rates() throws {
        let rate = RateAnswer(service: "s", price: .passThrough, trialEligible: true, unlimitedEligible: false, effectiveFrom: 0)
        #expect(try text(rate.success()).contains(#""pass_through":true"#))
    }

    @Test func errorsNameTheField() throws {
        #expect(
            try text(Answer.failure(InvalidRequest(field: "tokens", detail: "tokens is missing")))
                == #"{"ok":false,"error":{"code":"invalid_field","detail":"tokens is missing","field":"tokens"}}"#)
        #expect(
            try text(Answer.failure(UnreadableMessage(.notJSON, detail: "JSON ends too early at byte 3")))
                == #"{"ok":false,"error":{"code":"unreadable","detail":"JSON ends too early at byte 3","reason":"not_json"}}"#)
    }

    @Test func batches() throws {
        let one = Answer.success { _ in }
        #expect(try text(Answer.batch([one, Answer.failure(.tooOld, detail: "d")])).hasPrefix(#"[{"ok":true,"result":{}},{"ok":false"#))
    }
}
