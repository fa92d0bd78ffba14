import Domain
import Messages
import Runtime
import Store

/// The answers of the meter (`messages.md`, Answers).
enum MeterAnswers {
    /// The first outcome of a usage event.
    static func usage(_ decision: UsageDecision, _ figures: WalletFigures) -> [UInt8] {
        let answer = answer(decision.outcome, decision.tokens, figures)
        guard let reason = decision.reason else { return answer.success() }
        return rejected(answer, reason, required: decision.required, missing: decision.missing)
    }

    /// A repeated usage event: its first outcome and tokens, the balance as now.
    static func duplicate(_ known: DecidedUsage, _ shortage: Shortage?, _ figures: WalletFigures) -> [UInt8] {
        var answer = answer(known.outcome, known.tokens, figures)
        answer.duplicate = true
        guard known.outcome == .rejected else { return answer.success() }
        return rejected(
            answer, known.reason.flatMap(UsageReason.init) ?? .insufficientTokens, required: shortage?.required,
            missing: shortage?.missing)
    }

    /// A refusal of `domain.md` 5.2, which is not final, or a conflict; without figures where there is no wallet.
    static func refused(_ refusal: UsageRefusal, _ figures: WalletFigures?) -> [UInt8] {
        let code = ErrorCode(refusal.reason)
        let field = refusal.concernsTokens ? "tokens" : field(refusal.reason)
        guard let figures else { return Answer.failure(code, detail: detail(refusal.reason), field: field) }
        return answer(.rejected, 0, figures).rejection(code, detail: detail(refusal.reason), field: field)
    }

    /// The same for what has no more to say than its reason.
    static func refused(_ reason: UsageReason, _ figures: WalletFigures?) -> [UInt8] {
        refused(UsageRefusal(reason), figures)
    }

    static func check(_ check: UsageCheck, _ figures: WalletFigures) -> [UInt8] {
        let (payer, outcome): (CheckAnswer.Payer?, UsageOutcome) =
            switch check.by {
            case .subscription: (.subscription, .covered)
            case .trial: (.trial, .trial)
            case .tokens: (.tokens, .debited)
            case .overdraft: (.overdraft, .overdrawn)
            case .shadow: (.shadow, .shadow)
            case nil: (nil, .rejected)
            }
        let tokens = outcome == .debited || outcome == .overdrawn ? check.required : 0
        var shown = UsageFigures(tokens, figures)
        // Of the event's own time, which is not always now.
        shown.available = check.available
        return CheckAnswer(
            enough: check.enough, required: check.required, by: payer, outcome: outcome.rawValue, reason: check.reason.map(ErrorCode.init),
            figures: shown
        ).success()
    }

    /// A hold that was placed, or refused when it was.
    static func hold(_ hold: Hold, _ figures: WalletFigures, duplicate: Bool) -> [UInt8] {
        var answer = answer(hold.outcome, hold.outcome == .held ? hold.required : 0, figures)
        answer.duplicate = duplicate
        answer.holdID = hold.id
        guard let reason = hold.reason else {
            answer.endsAt = hold.endsAt.microseconds
            return answer.success()
        }
        return rejected(answer, reason, required: hold.required, missing: max(0, hold.required - figures.unheld))
    }

    /// A hold that was resolved, now or before.
    static func resolved(_ resolution: HoldResolution, _ hold: Hold, _ figures: WalletFigures) -> [UInt8] {
        switch resolution {
        case .captured(let outcome, let tokens, let repeated):
            UsageAnswer(outcome: outcome.rawValue, figures: UsageFigures(tokens, figures), duplicate: repeated, holdID: hold.id).success()
        case .released(let tokens, let repeated):
            UsageAnswer(
                outcome: HoldStatus.released.rawValue, figures: UsageFigures(tokens, figures), duplicate: repeated, holdID: hold.id
            ).success()
        case .rejected(let decision): usage(decision, figures)
        }
    }

    /// A request about a hold that changed nothing.
    static func refused(_ refusal: HoldRefusal, _ hold: String, _ figures: WalletFigures) -> [UInt8] {
        let (code, detail): (ErrorCode, String) =
            switch refusal {
            case .unknown: (.holdNotFound, "this organization has no hold of this id")
            case .conflict: (.eventConflict, "a hold of this id exists with other content")
            case .alreadyCaptured: (.alreadyCaptured, "the hold was captured before")
            case .alreadyReleased: (.alreadyReleased, "the hold was released before")
            case .alreadyExpired: (.alreadyExpired, "the hold's end has passed")
            case .rejected: (.holdRejected, "the hold was refused when it was placed")
            case .exceedsHold: (.captureExceedsHold, "more than the hold has set aside")
            case .overflow: (.overflow, "the amount does not fit")
            }
        var answer = answer(.rejected, 0, figures)
        answer.holdID = hold
        return answer.rejection(code, detail: detail, field: refusal == .exceedsHold ? "tokens" : "hold_id")
    }

    static func refunded(_ tokens: Int64, _ figures: WalletFigures) -> [UInt8] {
        UsageAnswer(outcome: "refunded", figures: UsageFigures(tokens, figures)).success()
    }

    /// A refund that changed nothing.
    static func refused(_ refusal: UsageRefundRefusal, _ figures: WalletFigures) -> [UInt8] {
        let (code, detail): (ErrorCode, String) =
            switch refusal {
            case .exceedsDebit: (.refundExceedsDebit, "more than is left of the debit")
            case .nothingDebited: (.nothingDebited, "the event was rejected: there is nothing to return")
            case .alreadyRefunded: (.alreadyRefunded, "all of it was refunded before")
            case .overflow: (.overflow, "the amount does not fit")
            }
        return answer(.rejected, 0, figures).rejection(code, detail: detail, field: refusal == .exceedsDebit ? "tokens" : nil)
    }

    /// The debit of a refund did not come within its delays.
    static func usageNotFound(_ figures: WalletFigures) -> [UInt8] {
        answer(.rejected, 0, figures).rejection(.usageNotFound, detail: "no usage of this source and id was decided", field: "id")
    }

    private static func answer(_ outcome: UsageOutcome, _ tokens: Int64, _ figures: WalletFigures) -> UsageAnswer {
        UsageAnswer(outcome: outcome.rawValue, figures: UsageFigures(tokens, figures))
    }

    private static func rejected(
        _ answer: UsageAnswer, _ reason: UsageReason, required: Int64? = nil, missing: Int64? = nil
    ) -> [UInt8] {
        let isShort = reason == .insufficientTokens
        return answer.rejection(
            ErrorCode(reason), detail: detail(reason), field: field(reason), required: isShort ? required : nil,
            missing: isShort ? missing : nil)
    }

    /// Which field is at fault, where one is.
    private static func field(_ reason: UsageReason) -> String? {
        switch reason {
        case .unknownService: "service"
        case .unknownOrganization: "subject"
        case .invalidQuantity: "quantity"
        case .tooFarAhead, .tooOld: "time"
        case .conflict, .walletSuspended, .insufficientTokens: nil
        }
    }

    private static func detail(_ reason: UsageReason) -> String {
        switch reason {
        case .unknownService: "no rate is set for this service"
        case .unknownOrganization: "this organization has no wallet"
        case .invalidQuantity: "the quantity, or the tokens of a pass-through service, must be a whole number of at least 1"
        case .tooFarAhead: "the event lies more than 5 minutes in the future"
        case .tooOld: "the event is more than 35 days old"
        case .conflict: "an event of this source and id was decided before, with other content"
        case .walletSuspended: "the wallet is suspended"
        case .insufficientTokens: "the wallet has too few tokens"
        }
    }
}

extension UsageFigures {
    fileprivate init(_ tokens: Int64, _ figures: WalletFigures) {
        self.init(
            tokens: tokens, balance: figures.balance, available: figures.available, held: figures.held,
            trialUsesLeft: figures.trialUsesLeft, unlimitedOverdraft: figures.overdraft == .unlimited)
    }
}
