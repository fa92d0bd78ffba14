import Testing

@testable import Telemetry

@Suite struct LogTests {
    @Test func aJSONLineHasTimeLevelMessageAndFieldsInOrder() {
        let test = TestLines()
        test.log().adding([.lane: 2]).info("connected", [.broker: "127.0.0.1:5672", .attempt: 3, .seconds: 0.5, .reason: .bool(true)])
        let expected =
            #"{"time":"2026-11-20T10:00:00.000123Z","level":"info","message":"connected","lane.number":2,"#
            + #""broker.address":"127.0.0.1:5672","message.attempt":3,"seconds":0.5,"error.reason":true}"# + "\n"
        #expect(test.lines == [expected])
    }

    @Test func aTerminalLineIsForPeople() {
        let test = TestLines()
        test.log(.debug, .terminal(colours: false)).warning("broker lost", [.error: "closed"])
        #expect(test.lines == ["10:00:00.000 WARNING broker lost error.message=\"closed\"\n"])
    }

    @Test func linesBelowTheLevelCostNothing() {
        let test = TestLines()
        var built = 0
        func count() -> LogValue {
            built += 1
            return .number(built)
        }
        test.log(.warning).info("unseen", [.count: count()])
        #expect(test.lines.isEmpty)
        #expect(built == 0)
    }

    @Test func aValueCannotForgeALine() {
        let test = TestLines()
        test.log().error("refused", [.error: "a\"b\\c\nd\u{0}e\u{1B}[31m\u{2028}"])
        #expect(test.lines.count == 1)
        #expect(test.lines[0].hasSuffix(#""error.message":"a\"b\\c\nd\u0000e\u001b[31m\u2028"}"# + "\n"))
    }

    @Test func longTextIsCut() {
        let test = TestLines()
        test.log().error("refused", [.error: .string(String(repeating: "x", count: 100_000))])
        #expect(test.lines[0].utf8.count < 1300)
        #expect(test.lines[0].contains("x…\""))
    }

    @Test func notANumberStaysJSON() {
        let test = TestLines()
        test.log().info("odd", [.seconds: .double(.nan)])
        #expect(test.lines[0].contains(#""seconds":"nan""#))
    }

    @Test func repeatsAreCountedInsteadOfWritten() {
        let test = TestLines()
        let log = test.log()
        func complain() { log.info("again and again") }
        for _ in 0..<100 { complain() }
        log.info("another")
        #expect(test.lines.count == 21)
        test.advance(seconds: 11)
        complain()
        #expect(test.lines.last?.contains(#""log.suppressed":80"#) == true)
    }

    @Test func levelsHaveNames() {
        #expect(LogLevel(name: "warn") == .warning)
        #expect(LogLevel.allCases.allSatisfy { LogLevel(name: $0.name) == $0 })
        #expect(LogLevel(name: "INFO") == nil)
    }

    @Test func keysAreDottedAndUnique() {
        let names = LogKey.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2E || $0 == 0x5F } })
    }
}
