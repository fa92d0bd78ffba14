import Messages

/// The events that a `publish usage` is to send, in order, each made from one record of the input.
final class UsageInput {
    enum Content {
        case csv(CSVColumns, ColumnMapping)
        case lines(LineDefaults)
        case single(UsageItem)
    }

    /// What became of the next record.
    enum Next {
        case item(UsageItem)
        case problem(position: Int64, row: Int64, RowProblem)
    }

    private let file: RecordFile?
    private let content: Content
    /// How often every record is sent.
    private let repetitions: Int64
    /// The order of publication, where it is not the file's own: places of the survey.
    private let order: [Int]
    private let places: [(offset: Int64, number: Int64)]
    /// Records to be sent in all; nil where nobody knows.
    let total: Int64?
    private var position: Int64 = 0

    init(
        _ content: Content, file: RecordFile? = nil, survey: RecordFile.Survey? = nil, repetitions: Int64 = 1, seed: UInt64? = nil
    ) {
        self.content = content
        self.file = file
        self.repetitions = repetitions
        places = survey?.places ?? []
        total = file == nil ? 1 : survey.map { $0.count * repetitions }
        order = UsageInput.order(places.count, repetitions, seed)
    }

    /// Every place `repetitions` times, in the order that the seed gives.
    private static func order(_ count: Int, _ repetitions: Int64, _ seed: UInt64?) -> [Int] {
        guard count > 0 else { return [] }
        var order = (0..<Int(repetitions)).flatMap { _ in 0..<count }
        if let seed {
            var generator = SplitMix(seed: seed)
            order.shuffle(using: &generator)
        }
        return order
    }

    /// Leaves out what an earlier run has settled.
    func skip(to position: Int64) throws(CommandFailure) {
        if places.isEmpty {
            while self.position < position, try record() != nil {}
        } else {
            self.position = min(position, Int64(order.count))
        }
    }

    func next() throws(CommandFailure) -> Next? {
        if case .single(var item) = content {
            guard position == 0 else { return nil }
            position = 1
            item.position = 1
            return .item(item)
        }
        guard let record = try record() else { return nil }
        do throws(RowProblem) {
            guard !record.isTooLong else { throw RowProblem("row", "is longer than 1 MiB; is a quote never closed?") }
            var item = try item(record)
            item.position = position
            return .item(item)
        } catch {
            return .problem(position: position, row: record.number, error)
        }
    }

    private func record() throws(CommandFailure) -> Record? {
        var record: Record?
        if places.isEmpty {
            record = try file?.next()
        } else if position < order.count {
            record = try file?.record(at: places[order[Int(position)]])
        }
        if record != nil { position += 1 }
        return record
    }

    private func item(_ record: Record) throws(RowProblem) -> UsageItem {
        switch content {
        case .csv(let columns, let mapping):
            let row = try columns.row(record, file: file?.name ?? "")
            return UsageItem(try mapping.event(row), row: record.number)
        case .lines(let defaults): return try defaults.item(record, file: file?.name ?? "")
        case .single(let item): return item
        }
    }
}

/// A small generator whose sequence is fixed by its seed, on every platform.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
