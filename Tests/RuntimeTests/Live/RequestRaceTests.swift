import Postgres
import PurserTesting
import Testing

@testable import Runtime

extension LiveTests {
    @Suite struct RequestRaceTests {
        private static let lost = DatabaseError(
            kind: .server, sqlState: "23505", message: "a key is there", constraint: "processed_requests_pkey")

        private static func settle(losing times: Int) throws -> Int {
            let database = try ScratchDatabase("race")
            defer { database.close() }
            let connection = try database.connect()
            defer { connection.close() }
            var tries = 0
            return try RequestRace.settle(on: connection) {
                tries += 1
                if tries <= times { throw lost }
                return tries
            }
        }

        @Test func aLostRaceIsRunAgain() throws {
            #expect(try Self.settle(losing: RequestRace.mostRepeats) == RequestRace.mostRepeats + 1)
        }

        @Test func aMessageThatLosesAgainAndAgainIsNotAtFault() throws {
            let error = try #require(throws: DatabaseError.self) { try Self.settle(losing: .max) }
            #expect(FailurePolicy.action(for: error, repeats: 0, messages: 1) == .again)
            #expect(FailurePolicy.action(for: error, repeats: 1000, messages: 1) == .wait(reconnect: false))
        }
    }
}
