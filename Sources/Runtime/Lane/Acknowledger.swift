/// Decides which delivery tags of one channel are acknowledged, with as few frames as possible. Pure.
///
/// Everything settled below the lowest tag that is still held goes into one acknowledgement of many; what is settled above it is
/// acknowledged one by one, because a message that is held (its copy for a delay queue is not confirmed yet) must not be swept along.
struct Acknowledger {
    /// One acknowledgement.
    struct Acknowledgement: Equatable {
        let tag: UInt64
        /// Also everything below.
        let multiple: Bool
    }

    /// Delivered and not acknowledged, ascending.
    private var tags: [UInt64] = []
    /// Beside each tag whether it is settled.
    private var isSettled: [Bool] = []

    /// Delivered and not settled.
    private(set) var held = 0

    /// A message was handed out. Tags of a channel ascend.
    mutating func delivered(_ tag: UInt64) {
        tags.append(tag)
        isSettled.append(false)
        held += 1
    }

    /// A message is finished with. Twice, or for an unknown tag: ignored.
    mutating func settle(_ tag: UInt64) {
        guard let index = index(of: tag), !isSettled[index] else { return }
        isSettled[index] = true
        held -= 1
    }

    /// What can be acknowledged now; forgets it. Call with an empty array or one whose content is still to be sent.
    mutating func take(into acknowledgements: inout [Acknowledgement]) {
        guard held < tags.count else { return }
        let prefix = isSettled.firstIndex(of: false) ?? tags.count
        if prefix > 0 { acknowledgements.append(Acknowledgement(tag: tags[prefix - 1], multiple: prefix > 1)) }
        var kept = 0
        for index in prefix..<tags.count {
            if isSettled[index] {
                acknowledgements.append(Acknowledgement(tag: tags[index], multiple: false))
            } else {
                tags[kept] = tags[index]
                kept += 1
            }
        }
        tags.removeSubrange(kept...)
        isSettled.removeAll(keepingCapacity: true)
        for _ in 0..<kept { isSettled.append(false) }
    }

    private func index(of tag: UInt64) -> Int? {
        guard let first = tags.first, tag >= first else { return nil }
        // Without a gap, which is nearly always, the tag tells its place.
        let guess = Int(clamping: tag - first)
        if guess < tags.count, tags[guess] == tag { return guess }
        var low = 0
        var high = min(guess, tags.count)
        while low < high {
            let middle = (low + high) / 2
            if tags[middle] < tag { low = middle + 1 } else { high = middle }
        }
        return low < tags.count && tags[low] == tag ? low : nil
    }
}
