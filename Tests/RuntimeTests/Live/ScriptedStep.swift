import AMQP
import Messages
import Postgres
import Store

@testable import Runtime

/// A step whose messages say what is to happen to them: the body is `word:id`, or `word:id:fragments`. Effects go into a table, once per id, and outbox messages
/// with them, all in one transaction as a real step does it.
final class ScriptedStep: Step {
    /// What a test may want that no real step does.
    struct Defect: Error {}

    static let table = """
        CREATE TABLE effects (place bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY, lane integer NOT NULL,
            times integer NOT NULL DEFAULT 1)
        """
    private static let begin = Statement("test_begin", "BEGIN")
    private static let commit = Statement("test_commit", "COMMIT")
    private static let effect = Statement(
        "test_effect",
        """
        INSERT INTO effects (id, lane) SELECT m.id, $2 FROM unnest($1::text[]) WITH ORDINALITY AS m(id, place)
        WHERE CASE WHEN m.id LIKE 'bad-%' THEN 1 / (length(m.id) - length(m.id)) = 0 ELSE true END
        ORDER BY m.place ON CONFLICT (id) DO UPDATE SET times = effects.times + 1
        """)

    private let board: Board

    init(_ board: Board) { self.board = board }

    func slow(among batch: [Delivery]) -> [Int] {
        batch.indices.filter { batch[$0].body.starts(with: Array("slow:".utf8)) }
    }

    func handle(_ batch: [Delivery], _ lane: LaneContext) throws -> StepResult {
        let words = batch.map { String(decoding: $0.body, as: UTF8.self).split(separator: ":").map(String.init) }
        if words.contains(where: { $0[0] == "defect" }) { throw Defect() }
        if let word = words.first(where: { $0[0] == "meet" }) { meet(word[1]) }
        if words[0] == ["slow", "waits"] { try board.wait("leave to go on") { $0.contains("go") } }
        let done = words.indices.filter { words[$0][0] != "later" || batch[$0].attempts > 0 }.filter { words[$0][0] != "dead" }
        let messages = words.indices.filter { words[$0][0] == "event" }.map { message(words[$0][1]) }
        var parameters = Parameters()
        parameters.add(texts: done.map { words[$0][1] })
        parameters.add(int32: Int32(lane.lane))
        var requests = [Request(Self.begin), Request(Self.effect, parameters)]
        if !messages.isEmpty { requests.append(Outbox.insert(messages, program: lane.program)) }
        lane.pass(.decided)
        let rows = try lane.database.pipeline(requests)
        lane.pass(.beforeCommit)
        _ = try lane.database.query(Self.commit)
        board.note(done.map { words[$0][1] })
        var result = StepResult(outcomes: words.indices.map { outcome(words[$0], batch[$0]) })
        if !messages.isEmpty { result.outbox = Outbox.stored(messages, rows[2]) }
        for index in words.indices where words[index].contains("fragments") {
            result.fragments.append(DeadFragment(message: index, index: 4, body: [1], reason: "unreadable", detail: "no id"))
        }
        return result
    }

    /// Gives the step of another lane a chance to be at work at the same time, and notes whether it was.
    private func meet(_ id: String) {
        board.note(["begin \(id)"])
        let hasMet: Bool
        do {
            try board.wait("another lane", seconds: 1) { notes in
                guard let own = notes.firstIndex(of: "begin \(id)") else { return false }
                let isBegun = notes[..<own].filter { $0.hasPrefix("begin") }.count > notes[..<own].filter { $0.hasPrefix("end") }.count
                return isBegun || notes[(own + 1)...].contains { $0.hasPrefix("begin") }
            }
            hasMet = true
        } catch {
            hasMet = false
        }
        board.note(["end \(id) \(hasMet ? "in company" : "alone")"])
    }

    private func outcome(_ words: [String], _ delivery: Delivery) -> Outcome {
        switch words[0] {
        case "later" where delivery.attempts == 0: .retryLater(reason: "not_yet", atLeast: .tenSeconds)
        case "dead": .dead(reason: "unreadable", detail: "as asked", answer: nil)
        case "answer", "slow": .done(answer: Array("{\"ok\":\"\(words[1])\"}".utf8))
        default: .done
        }
    }

    private func message(_ id: String) -> OutboxMessage {
        OutboxMessage(
            exchange: "purser.events", routingKey: "test.happened", messageID: id, type: "test.happened", traceparent: "00-\(id)",
            body: Array("happened:\(id)".utf8))
    }
}
