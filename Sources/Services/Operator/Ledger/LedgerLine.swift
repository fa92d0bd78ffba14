import Messages
import Postgres

/// A ledger row as the command line shows it.
struct LedgerLine {
    let sequence: Int64
    let type: String
    let amount: Int64
    let balanceAfter: Int64
    let outcome: String?
    let reason: String?
    let service: String?
    let source: String
    let eventID: String
    let occurredAt: Int64
    let createdAt: Int64

    /// From a row of `WalletStatements.ledger`.
    init(_ rows: Rows, _ row: Int) {
        sequence = rows.int64(row, 0)
        type = rows.text(row, 1)
        amount = rows.int64(row, 2)
        balanceAfter = rows.int64(row, 3)
        outcome = rows.textOrNil(row, 4)
        reason = rows.textOrNil(row, 5)
        service = rows.textOrNil(row, 6)
        source = rows.text(row, 7)
        eventID = rows.text(row, 8)
        occurredAt = rows.timestamp(row, 9)
        createdAt = rows.timestamp(row, 10)
    }

    static func table(_ lines: [LedgerLine]) -> TextTable {
        var table = TextTable(["row", "type", "outcome", "amount", "balance", "service", "event", "occurred"], right: [0, 3, 4])
        for line in lines {
            let outcome = [line.outcome, line.reason].compactMap { $0 }.joined(separator: " ")
            table.add([
                Figures.grouped(line.sequence), line.type, outcome, Figures.grouped(line.amount), Figures.grouped(line.balanceAfter),
                line.service ?? "", "\(line.source) \(line.eventID)", EventTime.secondsText(microseconds: line.occurredAt),
            ])
        }
        return table
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("sequence", sequence)
        writer.member("type", type)
        writer.member("amount", amount)
        writer.member("balance_after", balanceAfter)
        writer.member("outcome", ifPresent: outcome)
        writer.member("reason", ifPresent: reason)
        writer.member("service", ifPresent: service)
        writer.member("source", source)
        writer.member("event_id", eventID)
        writer.member("occurred_at", timeIfPresent: occurredAt)
        writer.member("created_at", timeIfPresent: createdAt)
        writer.endObject()
    }
}
