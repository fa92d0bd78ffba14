public import Postgres

/// Requests on the outbox of one program, and what their rows mean.
public enum Outbox {
    /// Stores messages, in the transaction of which this request is a part. Put it before the request that commits.
    /// - Parameters:
    ///   - messages: not empty.
    ///   - program: `meter`, `billing`: whose relay publishes what is left over.
    public static func insert(_ messages: [OutboxMessage], program: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: program)
        parameters.add(texts: messages.lazy.map(\.exchange))
        parameters.add(texts: messages.lazy.map(\.routingKey))
        parameters.add(texts: messages.lazy.map(\.messageID))
        parameters.add(texts: messages.lazy.map(\.type))
        parameters.add(texts: messages.lazy.map(\.contentType))
        parameters.add(textsOrNil: messages.lazy.map(\.correlationID))
        parameters.add(textsOrNil: messages.lazy.map(\.traceparent))
        parameters.add(textsOrNil: messages.lazy.map(\.tracestate))
        parameters.add(byteStrings: messages.lazy.map(\.body))
        parameters.add(textsOrNil: messages.lazy.map(\.originalKey))
        return Request(OutboxStatements.insert, parameters)
    }

    /// The messages with the numbers of their rows, from the rows that `insert` gave.
    public static func stored(_ messages: [OutboxMessage], _ rows: Rows) -> [StoredMessage] {
        precondition(rows.count == messages.count, "one row per message")
        return messages.indices.map { StoredMessage(id: rows.int64($0, 0), message: messages[$0]) }
    }

    /// Removes messages that are published.
    public static func delete(_ ids: [Int64], program: String) -> Request {
        Request(OutboxStatements.delete, idParameters(ids, program))
    }

    /// Counts a failed try.
    public static func missed(_ ids: [Int64], program: String) -> Request {
        Request(OutboxStatements.missed, idParameters(ids, program))
    }

    /// Locks and reads messages that were left over; for use within a transaction.
    /// - Parameters:
    ///   - after: the number of the last row that the pass before saw; 0 to begin.
    ///   - limit: most rows.
    public static func leftovers(program: String, after: Int64, limit: Int) -> Request {
        var parameters = Parameters()
        parameters.add(text: program)
        parameters.add(int64: after)
        parameters.add(int64: Int64(limit))
        return Request(OutboxStatements.leftovers, parameters)
    }

    /// What `leftovers` found.
    public static func messages(_ rows: Rows) -> [StoredMessage] {
        (0..<rows.count).map { row in
            StoredMessage(
                id: rows.int64(row, 0),
                message: OutboxMessage(
                    exchange: rows.text(row, 1), routingKey: rows.text(row, 2), messageID: rows.textOrNil(row, 3) ?? "",
                    type: rows.textOrNil(row, 4) ?? "", contentType: rows.textOrNil(row, 5) ?? "application/cloudevents+json",
                    correlationID: rows.textOrNil(row, 6), traceparent: rows.textOrNil(row, 7), tracestate: rows.textOrNil(row, 8),
                    originalKey: rows.textOrNil(row, 10), body: rows.bytes(row, 9)))
        }
    }

    private static func idParameters(_ ids: [Int64], _ program: String) -> Parameters {
        var parameters = Parameters()
        parameters.add(text: program)
        parameters.add(int64s: ids)
        return parameters
    }
}
