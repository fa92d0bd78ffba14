/// The world around the wallets: it has a clock, and turns the commands of a program into messages.
struct Outside {
    /// Seconds since 1970.
    var now: Int
    private var count = 0
    private var uses: [SimulatedMessage] = []
    private var holds: [SimulatedMessage] = []
    private var requests: [SimulatedMessage] = []
    private var isSystemOn = true

    init(now: Int) {
        self.now = now
    }

    /// The message of a command; nil when it moves the clock, or speaks of something that does not exist.
    ///
    /// `edges` are moments at which something begins or ends.
    mutating func message(_ command: SimulatedProgram.Command, edges: () -> [Int]) -> SimulatedMessage? {
        count += 1
        let numbers = command.numbers
        let (a, b) = (numbers[0], numbers[1])
        switch command.kind {
        case .clock: now += Self.moves[a % Self.moves.count]
        case .edge:
            let later = edges().filter { $0 > now }.sorted()
            if !later.isEmpty { now = later[min(a % 4, later.count - 1)] + [0, 0, -1, 1][b % 4] }
        case .use:
            let message = message(organization(b), .use(use(numbers)))
            uses.append(message)
            return message
        case .repeatUse: return uses.isEmpty ? nil : uses[a % uses.count]
        case .conflictingUse: return conflict(numbers)
        case .check: return message(organization(b), .check(use(numbers)))
        case .repeatRequest: return requests.isEmpty ? nil : requests[a % requests.count]
        case .hold, .repeatHold, .conflictingHold, .capture, .release, .sweep: return request(hold(command))
        case .refund:
            guard !uses.isEmpty else { return nil }
            let use = uses[uses.count - 1 - a % min(uses.count, [2, 4, 16][b % 3])]
            return request(message(use.organization, .refund(of: use.id, tokens: b % 7 == 0 ? nil : 1 + b % 5)))
        case .expire: return message(0, .expire)
        case .month: return message(0, .month)
        case .systemSwitch:
            isSystemOn.toggle()
            return message(0, .systemSwitch(isSystemOn))
        case .rate:
            let service = Self.services[a % 4]
            let price: Int? = b % 4 == 3 ? nil : b % 4
            return message(
                0, .rate(service, price: price, from: now + Self.moves[numbers[2] % 6], trial: b % 2 == 0, unlimited: a % 2 == 0))
        case .open, .grant, .adjust, .suspend, .reactivate, .overdraft, .trialUses, .allowance, .cover:
            return request(setting(command))
        }
        return nil
    }

    private static let moves = [
        1, 59, 60, 3_600, 3_599, 86_400, 86_400 * 6, 86_400 * 31, 86_400 * 36, -60, -3_600, -7_200, -86_400, -86_400 * 31,
    ]
    private static let ages = [0, 0, 0, 0, 0, 0, -1, -30, -60, -3_600, -7_200, 60, 300, 301, -86_400, -86_400 * 35, -86_400 * 35 - 1]
    private static let services = ["unit", "call", "free", "chat", "none"]
    private static let quantities = [1, 1, 2, 3, 4, 5, 6, 8, 12, 0, -1]
    private static let amounts = [1, 2, 3, 5, 7, 9, 12]
    private static let spans = [1, 60, 61, 3_600, 7_200, 86_400, 86_400 * 40]

    private func message(_ organization: Int, _ body: SimulatedMessage.Body) -> SimulatedMessage {
        SimulatedMessage(id: "m\(count)", organization: organization, body: body)
    }

    /// Most of it happens to the first of three organizations.
    private func organization(_ number: Int) -> Int {
        [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][number % 10]
    }

    private mutating func request(_ message: SimulatedMessage?) -> SimulatedMessage? {
        if let message, message.isRequest { requests.append(message) }
        return message
    }

    private func use(_ numbers: [Int]) -> SimulatedMessage.Use {
        let service = Self.services[[0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 0, 0, 1, 1, 1, 1, 0, 0, 0, 3][numbers[2] % 20]]
        let tokens: Int? = numbers[3] % 12 == 0 ? nil : 1 + numbers[3] % 6
        return SimulatedMessage.Use(
            service: service, quantity: Self.quantities[numbers[3] % Self.quantities.count], tokens: service == "chat" ? tokens : nil,
            time: now + Self.ages[numbers[0] % Self.ages.count])
    }

    private func conflict(_ numbers: [Int]) -> SimulatedMessage? {
        guard !uses.isEmpty else { return nil }
        var message = uses[numbers[0] % uses.count]
        guard case .use(var use) = message.body else { return nil }
        switch numbers[1] % 4 {
        case 0: message.organization = (message.organization + 1) % 3
        case 1: use.service = use.service == "unit" ? "free" : "unit"
        case 2: use.quantity += 1
        default: use.tokens = (use.tokens ?? 0) + 1
        }
        message.body = .use(use)
        return message
    }

    private mutating func hold(_ command: SimulatedProgram.Command) -> SimulatedMessage? {
        let (a, b, c) = (command.numbers[0], command.numbers[1], command.numbers[2])
        if command.kind == .sweep { return message(0, .sweep) }
        if command.kind == .hold {
            let placed = message(
                organization(b), .hold(id: "h\(count)", use(command.numbers), timeout: Self.spans[(a + b) % Self.spans.count]))
            holds.append(placed)
            return placed
        }
        guard !holds.isEmpty else { return nil }
        let placed = holds[holds.count - 1 - a % min(holds.count, 6)]
        guard case .hold(let id, let use, let timeout) = placed.body else { return nil }
        switch command.kind {
        case .capture:
            let time = [now, use.time, use.time, use.time + timeout - 1, use.time + timeout][b % 5]
            let capture = message(placed.organization, .capture(hold: id, tokens: c % 4 == 0 ? nil : c % 7, time: time))
            uses.append(capture)
            return capture
        case .release: return message(placed.organization, .release(hold: id))
        case .repeatHold: return message(placed.organization, .hold(id: id, use, timeout: timeout))
        default:
            var other = use
            other.quantity += 1
            return message(placed.organization, .hold(id: id, other, timeout: timeout))
        }
    }

    private func setting(_ command: SimulatedProgram.Command) -> SimulatedMessage {
        let (a, b, c, d) = (command.numbers[0], command.numbers[1], command.numbers[2], command.numbers[3])
        let amount = Self.amounts[c % Self.amounts.count]
        // Full hours, so that lots often agree in their moments and the burn order has to look further.
        let hour = now / 3_600 * 3_600
        let body: SimulatedMessage.Body =
            switch command.kind {
            case .open: .open(trialUses: c % 3, allowance: d % 3 * 5, welcome: a % 3 * 6)
            case .grant:
                .grant(
                    tokens: amount, paid: a % 3 == 0, priority: [50, 50, 50, 10, 90][d % 5],
                    starts: [nil, nil, nil, hour, now + 60, hour + 86_400][a % 6],
                    ends: d % 3 == 0 ? nil : (d % 3 == 1 ? now : hour) + Self.spans[(a + d) % Self.spans.count])
            case .adjust: .adjust(d % 2 == 0 ? amount : -amount)
            case .suspend: .suspend
            case .reactivate: .reactivate
            case .overdraft: .overdraft(d % 4 == 0 ? nil : [0, 3, 8, 20][c % 4])
            case .trialUses: .trialUses(c % 3)
            case .allowance: .allowance(c % 4 * 4)
            default:
                .cover(
                    [["unit"], ["*"], ["call", "chat"], []][c % 4], starts: now - 3_600 * (d % 2),
                    ends: a % 3 == 0 ? nil : now + Self.spans[2 + d % 5])
            }
        return message(organization(b), body)
    }
}
