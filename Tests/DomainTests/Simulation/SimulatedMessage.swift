/// A message as it is delivered, with everything that it says written out; times in seconds since 1970.
struct SimulatedMessage: Hashable {
    var id: String
    /// Number of the organization.
    var organization: Int
    var body: Body

    enum Body: Hashable {
        case use(Use)
        case check(Use)
        case hold(id: String, Use, timeout: Int)
        case capture(hold: String, tokens: Int?, time: Int)
        case release(hold: String)
        case sweep
        case refund(of: String, tokens: Int?)
        case open(trialUses: Int, allowance: Int, welcome: Int)
        case grant(tokens: Int, paid: Bool, priority: Int, starts: Int?, ends: Int?)
        case adjust(Int)
        case suspend
        case reactivate
        /// nil: unlimited.
        case overdraft(Int?)
        case trialUses(Int)
        case allowance(Int)
        case cover([String], starts: Int, ends: Int?)
        case expire
        case month
        case systemSwitch(Bool)
        /// `price` nil: pass-through.
        case rate(String, price: Int?, from: Int, trial: Bool, unlimited: Bool)
    }

    /// What is used of which service, and when.
    struct Use: Hashable {
        var service: String
        var quantity: Int
        var tokens: Int?
        var time: Int
    }

    /// Ticks and the switch are not requests: doing them again is harmless by itself.
    var isRequest: Bool {
        switch body {
        case .use, .check, .sweep, .expire, .month, .systemSwitch, .rate: false
        default: true
        }
    }
}

/// What a message was answered, in plain words.
enum SimulatedAnswer: Equatable {
    case usage(String, tokens: Int, reason: String?, required: Int, available: Int)
    /// The outcome of an earlier delivery.
    case known(String, tokens: Int)
    case refused(String)
    case held(String, tokens: Int, reason: String?, repeated: Bool)
    case captured(String, tokens: Int, repeated: Bool)
    case released(Int, repeated: Bool)
    case tokens(Int)
    case check(by: String?, required: Int, available: Int)
    case changed(Bool)
    case done
}

/// A ledger row in plain words, for comparing. Adjacent draws on the same lot are one.
struct PlainRow: Equatable {
    var type: String
    var amount: Int
    var balanceAfter: Int
    var cause: String
    var occurred: Int
    var created: Int
    var outcome: String?
    var reason: String?
    var service: String?
    var draws: [PlainDraw] = []

    /// Adds a draw, to the one before where it is on the same lot.
    mutating func draw(_ lot: Int?, _ tokens: Int = 1) {
        if let last = draws.last, last.lot == lot {
            draws[draws.count - 1].tokens += tokens
        } else {
            draws.append(PlainDraw(lot: lot, tokens: tokens))
        }
    }
}

/// Tokens of a lot, or of the overdraft (`lot` nil).
struct PlainDraw: Equatable {
    var lot: Int?
    var tokens: Int
}

/// What a caller is shown of a wallet.
struct PlainFigures: Equatable {
    var balance: Int
    var available: Int
    var held: Int
    var trialUses: Int
    var isSuspended: Bool
    var sequence: Int
}

/// All of a wallet that is stored, in plain words.
struct PlainWallet: Equatable {
    var figures: PlainFigures
    var posted: Int
    var debt: Int
    var spent: Int
    var expired: Int
    /// Per lot in the order of their numbers: remaining, held.
    var lots: [[Int]]
    /// Per overdrawn debit in the order of their rows: what is still owed.
    var owed: [Int]
    /// Status by id.
    var holds: [String: String]
}
