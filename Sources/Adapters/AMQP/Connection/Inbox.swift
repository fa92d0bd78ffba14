/// Deliveries that were read and not yet handed out, oldest first.
struct Inbox {
    private var items: [Delivery] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }

    mutating func append(_ delivery: consuming Delivery) { items.append(delivery) }

    /// Moves at most `limit` deliveries behind those of `batch`.
    mutating func move(to batch: inout [Delivery], limit: Int) {
        guard !isEmpty, limit > 0 else { return }
        if head == 0, items.count <= limit, batch.isEmpty {
            // The usual case: the arrays change places, nothing is copied and both keep their memory.
            swap(&items, &batch)
            return
        }
        let end = head + min(limit, count)
        batch.append(contentsOf: items[head..<end])
        head = end
        if isEmpty {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4_096 {
            items.removeSubrange(..<head)
            head = 0
        }
    }
}
