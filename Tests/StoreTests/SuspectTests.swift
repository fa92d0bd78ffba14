import Postgres
import PurserTesting
import Store
import Testing

@Suite("Notes of messages that came back (messages.md, Poison)")
struct SuspectTests {
    private static let notes = Statement("test_notes", "SELECT message_key || ' ' || crashes FROM suspect_messages ORDER BY message_key")
    private static let locks = Statement(
        "test_locks",
        """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """)

    private let one = Suspect(queue: "q", messageID: "one", body: [])
    private let two = Suspect(queue: "q", messageID: "two", body: [])

    @Test("Company accuses a message once")
    func together() throws {
        try TestSchema.with("suspects_together") { database, owner in
            let session = try database.connect(as: "purser_meter")
            defer { session.close() }
            #expect(try Suspects.accused(among: [one, two], on: session).isEmpty)
            try Suspects.note(together: [two, one, two], on: session)
            try Suspects.note(together: [one], on: session)
            #expect(try owner.texts(Self.notes) == ["id:one 1", "id:two 1"])
            let other = Suspect(queue: "p", messageID: "one", body: [])
            #expect(try Suspects.accused(among: [other, two, one], on: session) == [1, 2])
            try Suspects.takeBack([two], alone: false, on: session)
            #expect(try owner.texts(Self.notes) == ["id:one 1"])
            try Suspects.forget([one], alone: false, on: session)
            #expect(try owner.texts(Self.notes).isEmpty)
        }
    }

    @Test("Alone, a message is counted when the session that had it is gone, and not while that lives")
    func alone() throws {
        try TestSchema.with("suspects_alone") { database, owner in
            let first = try database.connect(as: "purser_meter")
            let second = try database.connect(as: "purser_meter")
            defer { second.close() }
            try Suspects.note(together: [one], on: first)
            #expect(try Suspects.note(alone: one, most: 4, on: first) == 2)
            #expect(try Suspects.note(alone: one, most: 4, on: second) == 2)
            try Suspects.takeBack([one], alone: true, on: first)
            #expect(try owner.texts(Self.notes) == ["id:one 1"])
            #expect(try Suspects.note(alone: one, most: 4, on: first) == 2)
            first.close()
            while try owner.query(Self.locks).int64(0, 0) > 0 {}
            for count in [3, 4, 4] { #expect(try Suspects.note(alone: one, most: 4, on: second) == count) }
            try Suspects.forget([one], alone: true, on: second)
            #expect(try owner.texts(Self.notes).isEmpty)
            #expect(try Suspects.note(alone: one, most: 4, on: second) == 1)
        }
    }
}
