import Messages

/// Dead letters counted by queue, reason and type, and the first of them one by one.
struct DeadLetterListing {
    private struct Group: Hashable {
        let queue: String
        let reason: String
        let type: String
    }

    /// Messages that are told one by one; their bodies are not kept.
    private static let shown = 200

    private var order: [Group] = []
    private var counts: [Group: Int64] = [:]
    private var queues: [(queue: DeadLetterQueue, holds: Int)] = []
    private var letters: [DeadLetter] = []

    mutating func begin(_ queue: DeadLetterQueue, holds: Int) {
        if holds > 0 { queues.append((queue, holds)) }
    }

    mutating func add(_ letter: DeadLetter) {
        let group = Group(queue: letter.queue.consumer, reason: letter.reason, type: letter.type)
        if counts[group] == nil { order.append(group) }
        counts[group, default: 0] += 1
        if letters.count < DeadLetterListing.shown { letters.append(letter) }
    }

    var lines: [String] {
        guard !order.isEmpty else { return ["no dead letters"] }
        var groups = TextTable(["queue", "reason", "type", "messages"], right: [3])
        for group in order { groups.add([group.queue, group.reason, group.type, Figures.grouped(counts[group] ?? 0)]) }
        var table = TextTable(["id", "queue", "reason", "first seen", "error"])
        for letter in letters {
            let error = letter.error.map { $0.count > 80 ? $0.prefix(77) + "..." : $0 } ?? ""
            table.add([letter.id, letter.queue.consumer, letter.reason, letter.firstSeen ?? "", error])
        }
        var lines = groups.lines + [""] + table.lines
        let all = queues.reduce(0) { $0 + $1.holds }
        if all > letters.count {
            lines.append("\(Figures.count(Int64(all), "message")) in all; --queue, --reason and --limit choose others")
        }
        return lines
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("queues")
        writer.beginObject()
        for (queue, holds) in queues { writer.member(queue.consumer, Int64(holds)) }
        writer.endObject()
        writer.name("groups")
        writer.beginArray()
        for group in order {
            writer.beginObject()
            writer.member("queue", group.queue)
            writer.member("reason", group.reason)
            writer.member("type", group.type)
            writer.member("messages", counts[group] ?? 0)
            writer.endObject()
        }
        writer.endArray()
        writer.name("messages")
        writer.beginArray()
        for letter in letters { letter.write(to: &writer, withBody: false) }
        writer.endArray()
        writer.endObject()
    }
}
