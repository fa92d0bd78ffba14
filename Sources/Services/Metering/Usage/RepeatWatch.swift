import AMQP
import Runtime

/// Whether the events of a batch are looked up in the ledger before they are decided.
///
/// Nearly every event is new, and one that is not breaks the unique index of its identity when it is stored. So a large batch is decided
/// as if all of it were new, which spares the database a tenth of its work; one that turns out otherwise is done again with the look-up, and
/// so are the batches after it: repeats come in company.
struct RepeatWatch {
    /// Events. The look-up of fewer costs no round trip of its own and hardly any time.
    static let smallestBatch = 64
    /// Batches that are looked up after a repeat was met.
    static let span = 64

    private var wary = 0

    /// Whether a batch may be decided as new. Counts the batches that may not.
    mutating func trusts(_ reader: UsageReader) -> Bool {
        guard reader.items.count >= Self.smallestBatch, !reader.mayRepeat else { return false }
        guard wary == 0 else {
            wary -= 1
            return false
        }
        return true
    }

    /// An event of a batch that was trusted had been decided before, or may have been.
    mutating func met() {
        wary = Self.span
    }
}

/// A batch that was decided as new holds an event that is refused. Had it been decided before, its first outcome would hold
/// (`domain.md` 5.1).
struct RefusalInDoubt: Error {}
