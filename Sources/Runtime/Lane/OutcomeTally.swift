import Telemetry

/// Counts the messages of one batch by type and outcome, so that the shared counters are touched once per batch. A batch mostly holds
/// one type, so runs are counted.
struct OutcomeTally {
    enum Kind: String {
        case done
        case retried
        case dead
    }

    private var type: String?
    private var kind = Kind.done
    private var run = 0
    private var counts: [(type: String?, kind: Kind, count: Int)] = []

    mutating func count(type: String?, _ kind: Kind) {
        if run > 0, kind == self.kind, type == self.type {
            run += 1
            return
        }
        close()
        self.type = type
        self.kind = kind
        run = 1
    }

    private mutating func close() {
        if run > 0 { counts.append((type, kind, run)) }
        run = 0
    }

    /// Adds the counts to the process's counters. The type is the publisher's word, so it is cut; the registry bounds how many there are.
    mutating func report(to metrics: Metrics) {
        close()
        for entry in counts {
            metrics.counter(.messages, String((entry.type ?? "none").prefix(64)), entry.kind.rawValue).add(entry.count)
        }
        counts = []
    }
}
