/// Which published messages the broker has yet to answer for. Confirms come single, multiple and out of order, so every message is counted
/// by itself (mq-facts 0.18).
struct ConfirmLedger {
    private struct Entry {
        var identity: Int
        var isMandatory: Bool
        var isOpen = true
        var isReturned = false
    }

    /// Entries from `head` on are those of the sequences from `first` on; the front is always open.
    private var entries: [Entry] = []
    private var head = 0
    private var first: UInt64 = 1
    /// Returned messages whose confirm is still to come.
    private var returns: [UInt64: PublishOutcome.Result] = [:]
    /// Where the search for the next returned message starts: returns come in the order of publication.
    private var returnCursor: UInt64 = 1
    private var outcomes: [PublishOutcome] = []

    /// Messages without an outcome.
    private(set) var unconfirmed = 0

    /// The newest sequence given out.
    var last: UInt64 { first + UInt64(entries.count - head) - 1 }

    /// A message was published. `identity` is what a return of it can be recognised by.
    mutating func add(identity: Int, isMandatory: Bool) -> UInt64 {
        entries.append(Entry(identity: identity, isMandatory: isMandatory))
        unconfirmed += 1
        return last
    }

    /// The broker confirmed or refused a message, or all up to it.
    mutating func settle(_ tag: UInt64, multiple: Bool, confirmed: Bool) throws(BrokerError) {
        let newest = last
        guard tag <= newest, tag > 0 || multiple else { throw .violation("a confirm for a message that was never published") }
        let end = tag == 0 ? newest : tag
        var sequence = multiple ? first : tag
        while sequence <= end {
            settle(sequence, confirmed)
            sequence += 1
        }
        dropSettled()
    }

    private mutating func settle(_ sequence: UInt64, _ confirmed: Bool) {
        guard sequence >= first else { return }
        let index = head + Int(sequence - first)
        guard entries[index].isOpen else { return }
        entries[index].isOpen = false
        unconfirmed -= 1
        let plain: PublishOutcome.Result = confirmed ? .confirmed : .refused
        let result = entries[index].isReturned ? returns.removeValue(forKey: sequence) ?? plain : plain
        outcomes.append(PublishOutcome(sequence: sequence, result: result))
    }

    private mutating func dropSettled() {
        while head < entries.count, !entries[head].isOpen {
            head += 1
            first += 1
        }
        if head == entries.count {
            entries.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4_096, head > entries.count / 2 {
            entries.removeSubrange(..<head)
            head = 0
        }
    }

    /// The broker returned a message. A return carries no tag, only the message itself; its confirm follows. Two open messages that are alike
    /// in exchange, key, id and body cannot be told apart, and need not be: the older one is marked first.
    mutating func markReturned(identity: Int, code: UInt16, text: String) throws(BrokerError) {
        let newest = last
        for start in [max(returnCursor, first), first] {
            var sequence = start
            while sequence <= newest {
                let index = head + Int(sequence - first)
                let entry = entries[index]
                if entry.isOpen, entry.isMandatory, !entry.isReturned, entry.identity == identity {
                    entries[index].isReturned = true
                    returns[sequence] = .returned(code: code, text: text)
                    returnCursor = sequence + 1
                    return
                }
                sequence += 1
            }
        }
        throw .violation("a returned message that was not published here")
    }

    /// A return while confirms are off: there is no sequence to tie it to.
    mutating func noteReturnWithoutConfirms(code: UInt16, text: String) {
        outcomes.append(PublishOutcome(sequence: 0, result: .returned(code: code, text: text)))
    }

    mutating func takeOutcomes() -> [PublishOutcome] {
        defer { outcomes = [] }
        return outcomes
    }
}
