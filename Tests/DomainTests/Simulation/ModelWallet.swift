/// The rules of `domain.md` once more, as plainly as they can be said: a lot is a row of single tokens, a debit a list of who pays for
/// each of its tokens. Slow and obvious; nothing of it comes from the product.
struct ModelWallet {
    enum Token {
        case free
        case pinned
        case used
        /// Expired, or taken by an adjustment.
        case gone
    }

    struct Lot {
        var tokens: [Token]
        var priority: Int
        var isPaid: Bool
        var starts: Int
        var ends: Int?
        var created: Int
        /// A tick has posted its expiry.
        var isPosted = false
    }

    /// A token by its lot's place and its own.
    struct Place: Hashable {
        var lot: Int
        var token: Int
    }

    /// Who pays for one token of a debit.
    enum Payer {
        case token(Place)
        case nobodyYet
        /// A token that came later.
        case later(Place)
    }

    /// A usage row, and its payers in the order drawn; refunds take them away from the end.
    struct Debit {
        var identity: String
        var outcome: String
        var service: String
        var cost: Int
        var isOverdrawn: Bool
        var payers: [Payer] = []
        var isTrialReturned = false
    }

    struct Hold {
        var service: String
        var cost: Int
        var outcome: String
        var reason: String?
        var status: String
        var pins: [Place] = []
        var ends: Int
        var captured: Int?
        var content: String
    }

    struct Cover {
        var services: [String]
        var starts: Int
        var ends: Int?
    }

    let opened: Int
    var isSuspended = false
    /// nil: unlimited.
    var overdraft: Int? = 0
    var trialUses: Int
    var allowance: Int
    var nextAllowance: Int?
    var allowanceMonth: Int?
    var cover: [Cover] = []
    var lots: [Lot] = []
    var debits: [Debit] = []
    var holds: [String: Hold] = [:]
    var rows: [PlainRow] = []

    /// The message that is being handled, and when.
    var cause = ""
    var now = 0

    init(opened: Int, trialUses: Int, allowance: Int) {
        self.opened = opened
        self.trialUses = trialUses
        self.allowance = allowance
    }

    var debt: Int {
        debits.reduce(0) { $0 + ($1.isOverdrawn ? Self.owed($1) : 0) }
    }

    static func owed(_ debit: Debit) -> Int {
        debit.payers.count { if case .nobodyYet = $0 { true } else { false } }
    }

    /// 3.4: the sum of what lots have left, minus debt.
    var posted: Int {
        lots.reduce(0) { $0 + Self.left($1) } - debt
    }

    static func left(_ lot: Lot) -> Int {
        lot.tokens.count { $0 == .free || $0 == .pinned }
    }

    /// 3.2.
    func isSpendable(_ lot: Lot, at time: Int) -> Bool {
        !lot.isPosted && lot.starts <= now && time < lot.ends ?? .max
    }

    /// Free tokens that may pay for an event of `time`, in burn order (3.3).
    func free(at time: Int) -> [Place] {
        let order = lots.indices.sorted { key($0) < key($1) }
        return order.filter { isSpendable(lots[$0], at: time) }.flatMap { lot in
            lots[lot].tokens.indices.filter { lots[lot].tokens[$0] == .free }.map { Place(lot: lot, token: $0) }
        }
    }

    func key(_ place: Int) -> (Int, Int, Int, Int, Int, Int) {
        let lot = lots[place]
        return (lot.priority, lot.ends ?? .max, lot.isPaid ? 1 : 0, lot.starts, lot.created, place)
    }

    /// 3.5.
    func own(at time: Int) -> Int {
        lots.filter { isSpendable($0, at: time) }.reduce(0) { $0 + Self.left($1) } - debt
    }

    func available(at time: Int) -> Int {
        free(at: time).count + (overdraft.map { max(0, $0 - debt) } ?? 0)
    }

    mutating func mark(_ places: some Sequence<Place>, _ state: Token) {
        for place in places { lots[place.lot].tokens[place.token] = state }
    }

    /// Appends a row; its balance is the one before plus its amount (4.3).
    mutating func record(
        _ type: String, _ amount: Int, occurred: Int, outcome: String? = nil, reason: String? = nil, service: String? = nil,
        lots places: [Int?] = []
    ) {
        var row = PlainRow(
            type: type, amount: amount, balanceAfter: (rows.last?.balanceAfter ?? 0) + amount, cause: cause, occurred: occurred,
            created: max(now, rows.last?.created ?? opened), outcome: outcome, reason: reason, service: service)
        for lot in places { row.draw(lot.map { $0 + 1 }) }
        rows.append(row)
    }

    /// 3.6: the oldest debit is repaid first, token by token.
    mutating func repay() {
        for debit in debits.indices where debits[debit].isOverdrawn {
            for payer in debits[debit].payers.indices {
                guard case .nobodyYet = debits[debit].payers[payer] else { continue }
                guard let token = free(at: now).first else { return }
                mark([token], .used)
                debits[debit].payers[payer] = .later(token)
            }
        }
    }

    /// Every step begins by repaying from what has become free meanwhile.
    mutating func begin(_ cause: String, at now: Int, makingAllowance: Bool = false) {
        self.cause = cause
        self.now = now
        if makingAllowance { makeAllowance() }
        repay()
    }

    /// 12.3.
    private mutating func makeAllowance() {
        let month = ModelCalendar.month(of: now)
        guard month > allowanceMonth ?? -1 else { return }
        allowanceMonth = month
        if let next = nextAllowance {
            allowance = next
            nextAllowance = nil
        }
        guard allowance > 0 else { return }
        let starts = ModelCalendar.monthStarts[month]
        lots.append(
            Lot(
                tokens: Array(repeating: .free, count: allowance), priority: 50, isPaid: false, starts: starts,
                ends: ModelCalendar.monthStarts[month + 1], created: now))
        record("allowance", allowance, occurred: rows.isEmpty ? max(starts, opened) : starts)
    }

    /// What is expired of a lot in one go is one row, dated its end (12.1).
    mutating func expire(_ places: [Place]) {
        var rest = places[...]
        while let first = rest.first {
            let same = rest.prefix { $0.lot == first.lot }
            rest = rest.dropFirst(same.count)
            mark(same, .gone)
            record("expiry", -same.count, occurred: lots[first.lot].ends!, lots: same.map(\.lot))
        }
    }
}
