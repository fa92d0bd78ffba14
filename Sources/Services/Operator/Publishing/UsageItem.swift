import Messages

/// One event on its way to the broker.
struct UsageItem: Sendable {
    /// Where it stands in the order of publication, from 1.
    var position: Int64
    /// The row or line it came from.
    let row: Int64
    let id: String
    let organization: String
    /// The event as structured JSON.
    let body: [UInt8]
    /// What it costs, where it says so itself.
    let tokens: Int64

    init(_ event: UsageRecorded, row: Int64, body: [UInt8]? = nil) {
        position = 0
        self.row = row
        id = event.id
        organization = event.organization
        self.body = body ?? event.structured()
        if case .whole(let tokens) = event.tokens { self.tokens = tokens } else { tokens = 0 }
    }
}
