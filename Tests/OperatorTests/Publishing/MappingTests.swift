import Messages
import Runtime
import Testing

@testable import Operator

@Suite("Columns to events")
struct MappingTests {
    private func columns(_ header: String) throws -> CSVColumns { try CSVColumns(Array(header.utf8)) }

    private func row(_ header: String, _ text: String, number: Int64 = 1) throws -> CSVRow {
        try columns(header).row(Record(number: number, bytes: Array(text.utf8), offset: 0, isTooLong: false), file: "f.csv")
    }

    @Test(
        "sums, differences and products of columns",
        arguments: [("A+B", 7), ("A-B", -1), ("A*B", 12), ("A+B*2", 11), ("2*A-1", 5), ("\"odd, name\"+A", 103), ("-5+A", -2), ("7", 7)])
    func expressions(_ text: String, _ value: Int64) throws {
        if text.hasPrefix("-") {
            #expect(throws: RowProblem.self) { try ColumnExpression(text[...]) }
            return
        }
        let row = try row("A,B,\"odd, name\"", " 3,4 ,100")
        #expect(try ColumnExpression(text[...]).value(row) == value)
    }

    @Test("expressions that are none", arguments: ["", "A+", "+A", "A B\"", "A**B", "\"A"])
    func noExpressions(_ text: String) {
        #expect(throws: RowProblem.self) { try ColumnExpression(text[...]) }
    }

    @Test("a number beyond 64 bits, or none, names its column", arguments: ["9223372036854775807,1", "x,1", ",1", "1.5,1", "+1,1"])
    func badNumbers(_ text: String) throws {
        let row = try row("A,B", text)
        #expect { try ColumnExpression("A+B").value(row) } throws: { ($0 as? RowProblem)?.field.contains("A") == true }
    }

    @Test("templates with row, remainder, file and columns")
    func templates() throws {
        let row = try row("Customer", "acme", number: 83)
        #expect(try RowTemplate("org-{row%40}").text(row) == "org-3")
        #expect(try RowTemplate("{file}:{row}/{Customer}").text(row) == "f.csv:83/acme")
        for bad in ["{row%0}", "{row%x}", "{", "}", "{}", "a{b"] {
            #expect(throws: RowProblem.self) { try RowTemplate(bad) }
        }
    }

    @Test("times of the trace, RFC 3339, and nothing else")
    func times() {
        #expect(ColumnMapping.moment("2023-11-16 18:15:46.6805900") == 1_700_158_546_680_590)
        #expect(ColumnMapping.moment("2023-11-16T18:15:46Z") == 1_700_158_546_000_000)
        #expect(ColumnMapping.moment("2023-11-16T20:15:46+02:00") == 1_700_158_546_000_000)
        for bad in ["", "yesterday", "2023-02-30 00:00:00", "2023-11-16", "1700158546"] { #expect(ColumnMapping.moment(bad) == nil) }
    }

    private func mapping(_ options: [String: String], _ header: String) throws -> ColumnMapping {
        let command = try #require(CommandTable.all.first { $0.name == "publish usage" })
        return try ColumnMapping(Invocation(command: command, values: options), columns: columns(header))
    }

    @Test("a row becomes an event, its time shifted")
    func event() throws {
        var mapping = try mapping(
            ["map": "tokens=C+G,time=T", "organizations": "org-{row%40}", "service": "llm.chat"], "T,C,G")
        mapping.shift = 1_000_000
        let event = try mapping.event(row("T,C,G", "2023-11-16 18:15:46.6805900,374,44", number: 41))
        #expect(event.id == "f.csv:41" && event.organization == "org-1" && event.tokens == .whole(418))
        #expect(event.time == 1_700_158_547_680_590 && event.source == "/purser/cli" && event.quantity == .absent)
    }

    @Test(
        "mappings that make no sense are named",
        arguments: [
            (["map": "tokens=C"], "--organizations is missing"), (["organizations": "o"], "--service is missing"),
            (["map": "price=C", "organizations": "o", "service": "s"], "is not FIELD=COLUMN"),
            (["map": "tokens=X", "organizations": "o", "service": "s"], "there is no column X"),
            (["map": "tokens", "organizations": "o", "service": "s"], "is not FIELD=COLUMN"),
            (["map": "tokens=C,tokens=G", "organizations": "o", "service": "s"], "stands twice"),
            (["map": "time=T+C", "organizations": "o", "service": "s"], "single column"),
            (["organizations": "{X}", "service": "s"], "there is no column X"),
            (["organizations": "{row", "service": "s"], "brace"),
            (["organizations": "o", "service": "s", "id": "{file}"], "--id must hold {row} or a column"),
        ])
    func badMappings(_ options: [String: String], _ words: String) {
        #expect { try mapping(options, "T,C,G") } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.exitCode == .usage && failure.message.contains(words)
        }
    }

    @Test(
        "rows that make no sense name their field",
        arguments: [
            ("x,1,2", "T"), ("2023-11-16 18:15:46,a,2", "C"), ("2023-11-16 18:15:46,0,0", "tokens"), ("2023-11-16 18:15:46,1", "row"),
            ("2023-11-16 18:15:46,-5,2", "tokens"), ("9999-12-31 23:59:59,1,2", "time"),
        ])
    func badRows(_ text: String, _ field: String) throws {
        var mapping = try mapping(["map": "tokens=C+G,time=T", "organizations": "o", "service": "s"], "T,C,G")
        mapping.shift = 3_600_000_000
        #expect { try mapping.event(row("T,C,G", text)) } throws: { ($0 as? RowProblem)?.field == field }
    }

    @Test("headers: a byte order mark is no name, a name stands once")
    func headers() throws {
        #expect(try CSVColumns([0xEF, 0xBB, 0xBF] + Array("A,B".utf8)).names == ["A", "B"])
        #expect(throws: CommandFailure.self) { try CSVColumns(Array("A,A".utf8)) }
        #expect(throws: CommandFailure.self) { try CSVColumns(Array("A,\"B".utf8)) }
    }

    @Test(
        "lines that are no events name their field",
        arguments: [
            ("nonsense", "line"), ("[]", "line"), ("{\"service\":1}", "service"), ("{\"quantity\":1.5}", "quantity"),
            ("{\"tokens\":0}", "tokens"),
            ("{\"time\":\"soon\"}", "time"), ("{\"specversion\":\"1.0\"}", "id"), ("{\"metadata\":1}", "metadata"),
            ("{\"id\":\"a\\u0000b\"}", "id"), ("{\"organization\":\"ü\"}", "organization"),
            ("{\"organization\":\"\"}", "organization"), ("{\"service\":\"\"}", "service"),
            (
                "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"/s\",\"type\":\"usage.recorded\",\"data\":{\"service\":\"s\"}}",
                "subject"
            ),
        ])
    func badLines(_ text: String, _ field: String) throws {
        let defaults = try lineDefaults(["organization": "org", "service": "s"])
        let record = Record(number: 1, bytes: Array(text.utf8), offset: 0, isTooLong: false)
        #expect { try defaults.item(record, file: "f") } throws: { ($0 as? RowProblem)?.field == field }
    }

    private func lineDefaults(_ options: [String: String], isStream: Bool = false) throws -> LineDefaults {
        let command = try #require(CommandTable.all.first { $0.name == "publish usage" })
        return try LineDefaults(Invocation(command: command, values: options), time: 0, isStream: isStream)
    }

    private func line(_ number: Int64, _ text: String) -> Record {
        Record(number: number, bytes: Array(text.utf8), offset: 0, isTooLong: false)
    }

    @Test("what is missing is called so, and a number beyond 64 bits is told the bounds")
    func words() throws {
        func words(_ options: [String: String], _ text: String) throws -> String {
            do {
                _ = try lineDefaults(options).item(line(1, text), file: "f")
                return "fine"
            } catch let problem as RowProblem {
                return "\(problem.field) \(problem.reason)"
            }
        }
        #expect(try words(["service": "s"], "{}") == "organization is missing")
        #expect(try words(["organization": "o"], "{}") == "service is missing")
        let long = String(repeating: "o", count: 129)
        let bound = "organization must be 1 to 128 printable ASCII characters"
        #expect(try words(["service": "s"], "{\"subject\":\"\(long)\"}") == bound)
        let options = ["organization": "o", "service": "s"]
        let most = "must be a whole number from 1 to 9223372036854775807"
        #expect(try words(options, "{\"tokens\":9223372036854775808}") == "tokens \(most)")
        #expect(try words(options, "{\"quantity\":9223372036854775807}") == "fine")
    }

    @Test("whole events go as they stand, flat ones take what they lack")
    func lines() throws {
        let defaults = try lineDefaults(["organization": "org", "service": "s", "source": "/x"])
        let flat = try defaults.item(line(7, "{\"tokens\":5}"), file: "f")
        #expect(flat.id.hasPrefix("f:7:") && flat.organization == "org" && flat.tokens == 5)
        let whole = UsageRecorded(id: "i", source: "/y", organization: "o", time: 0, service: "t").structured()
        let spaced = [0x20] + whole
        #expect(try defaults.item(Record(number: 1, bytes: spaced, offset: 0, isTooLong: false), file: "f").body == spaced)
    }

    @Test("the id of a line that has none: of a file with the line's digest, of a stream without")
    func madeUpIDs() throws {
        let file = try lineDefaults(["organization": "org", "service": "s"])
        let first = try file.item(line(7, "{\"tokens\":5}"), file: "f").id
        // The first 12 digits of `printf '{"tokens":5}' | sha256sum`.
        #expect(first == "f:7:b4cf4e9d508c")
        #expect(try file.item(line(7, "{\"tokens\":5}"), file: "f").id == first)
        #expect(try file.item(line(7, "{\"tokens\":6}"), file: "f").id != first)
        let stream = try lineDefaults(["organization": "org", "service": "s"], isStream: true)
        #expect(try stream.item(line(7, "{\"tokens\":5}"), file: "stdin-abc").id == "stdin-abc:7")
        #expect(try file.item(line(7, "{\"id\":\"own\"}"), file: "f").id == "own")
    }

    @Test("templates stand in for what a line lacks, and for nothing else")
    func lineTemplates() throws {
        let options = ["id": "{file}/{row}", "source": "/{file}", "organizations": "org-{row%40}", "service": "s{row%2}"]
        let defaults = try lineDefaults(options)
        let event = try UsageEventReader.structured(defaults.item(line(41, "{\"tokens\":5}"), file: "f").body)
        #expect(event.id == "f/41" && event.source == "/f" && event.organization == "org-1" && event.service == "s1")
        let full = #"{"id":"i","source":"/y","subject":"o","service":"t"}"#
        let own = try UsageEventReader.structured(defaults.item(line(41, full), file: "f").body)
        #expect(own.id == "i" && own.source == "/y" && own.organization == "o" && own.service == "t")
    }

    @Test(
        "templates that make no sense for lines are named",
        arguments: [
            (["id": "{Column}"], "--id: {Column} is a column of --csv"), (["id": "one"], "--id must hold {row}"),
            (["source": "{row"], "--source: {row has a brace"), (["service": "{row%0}"], "--service: {row%0} needs"),
            (["organizations": "{Customer}"], "--organizations: {Customer} is a column"),
            (["organization": "a", "organizations": "b"], "exclude one another"), (["organization": "org-{row}"], "names a single one"),
        ])
    func badLineTemplates(_ options: [String: String], _ words: String) {
        #expect { try lineDefaults(options) } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.exitCode == .usage && failure.message.contains(words)
        }
    }
}
