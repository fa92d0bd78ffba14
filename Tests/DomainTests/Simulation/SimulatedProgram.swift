/// A program of the simulation: what the outside world sends, in which batches, and where it crashes.
///
/// A command is a kind and four free numbers, and means something at any place of any program: `Outside` picks services, times and
/// earlier messages by them. So a program can be shortened by leaving commands out.
struct SimulatedProgram {
    var seed: UInt64
    /// Seconds since 1970.
    var start: Int
    var batches: [Batch]

    /// Messages that are decided in one transaction.
    struct Batch {
        var commands: [Command]
        var crash: Crash
    }

    /// When the consumer of a batch dies. Its messages are delivered again either way.
    enum Crash {
        case none
        case beforeCommit
        case afterCommit
    }

    struct Command {
        var kind: Kind
        var numbers: [Int]
    }

    /// What a command is about, and how often it comes up.
    enum Kind: Int, CaseIterable {
        case use, repeatUse, conflictingUse, check
        case hold, repeatHold, conflictingHold, capture, release, repeatRequest, sweep
        case refund
        case open, grant, adjust, suspend, reactivate, overdraft, trialUses, allowance, cover
        case expire, month, systemSwitch, rate
        case clock, edge

        var weight: Int {
            switch self {
            case .use: 24
            case .hold, .capture: 12
            case .refund, .edge, .grant: 9
            case .overdraft, .sweep, .clock: 6
            case .repeatUse, .release: 5
            case .adjust, .expire: 4
            case .repeatRequest, .open, .reactivate, .trialUses, .month, .cover: 3
            case .conflictingUse, .check, .repeatHold, .allowance, .suspend, .systemSwitch: 2
            case .conflictingHold, .rate: 1
            }
        }
    }

    /// The program of a seed.
    init(seed: UInt64) {
        var random = SplitMix(seed: seed)
        self.seed = seed
        let month = ModelCalendar.monthStarts[Int.random(in: 10...20, using: &random)]
        start = month - [86_400, 7_200, 60, 0, -86_400].randomElement(using: &random)!
        let length = [6, 12, 24, 40, 60].randomElement(using: &random)!
        // Each program leaves some kinds out and does others often: that leads into more corners than an even mixture does.
        let kinds = Kind.allCases.flatMap { kind in
            Array(repeating: kind, count: kind.weight * [0, 1, 1, 1, 4].randomElement(using: &random)!)
        }
        // A wallet to begin with: the rest is chance.
        batches = [Batch(commands: [Command(kind: .open, numbers: [0, 0, 1, 2])], crash: .none)]
        for _ in 0..<length {
            let size = [1, 1, 1, 2, 4].randomElement(using: &random)!
            let commands = (0..<size).compactMap { _ in
                kinds.randomElement(using: &random).map { kind in
                    Command(kind: kind, numbers: (0..<4).map { _ in Int.random(in: 0..<1_000, using: &random) })
                }
            }
            let crash: Crash =
                switch Int.random(in: 0..<20, using: &random) {
                case 0, 1: .beforeCommit
                case 2, 3: .afterCommit
                default: .none
                }
            batches.append(Batch(commands: commands, crash: crash))
        }
    }
}
