import Messages

/// What became of the events of a `publish usage`.
struct PublishReport {
    /// An event that was not taken.
    struct Refusal {
        let row: Int64
        let field: String
        let reason: String
    }

    /// The most that are told one by one.
    static let told = 1000

    private(set) var confirmed: Int64 = 0
    /// The sum of the tokens that confirmed events carry.
    private(set) var tokens: Int64 = 0
    private(set) var refused: Int64 = 0
    private(set) var refusals: [Refusal] = []
    /// The last position before which everything is settled.
    private(set) var position: Int64
    /// Positions of messages by their number, oldest first.
    private var positions: [(number: Int, position: Int64)] = []

    /// - Parameter position: where an earlier run stopped.
    init(startingAt position: Int64 = 0) {
        self.position = position
    }

    mutating func confirm(_ item: UsageItem) {
        confirmed += 1
        tokens = tokens.addingReportingOverflow(item.tokens).partialValue
    }

    mutating func refuse(row: Int64, field: String, reason: String) {
        refused += 1
        if refusals.count < PublishReport.told { refusals.append(Refusal(row: row, field: field, reason: reason)) }
    }

    /// Message `number` is the last of everything up to `position`.
    mutating func note(position: Int64, at number: Int) {
        positions.append((number, position))
    }

    /// All messages below `number` are settled.
    mutating func pass(_ number: Int) {
        var passed = 0
        while passed < positions.count, positions[passed].number < number { passed += 1 }
        guard passed > 0 else { return }
        position = positions[passed - 1].position
        positions.removeFirst(passed)
    }

    /// Whether any event was refused.
    var isClean: Bool { refused == 0 }

    /// - Parameter event: the one event, where there is only one.
    func write(of event: UsageRecorded?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", ifPresent: event?.id)
        writer.member("source", ifPresent: event?.source)
        writer.member("published", confirmed)
        writer.member("tokens", tokens)
        writer.member("refused", refused)
        writer.name("refusals")
        writer.beginArray()
        for refusal in refusals {
            writer.beginObject()
            writer.member("row", refusal.row)
            writer.member("field", refusal.field)
            writer.member("reason", refusal.reason)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
