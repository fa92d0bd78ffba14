import Postgres
import PurserTesting
import Testing

/// Sends every type to the server and back, and lets the server say what it understood.
@Suite("Values on their way to the server and back")
struct ValueTests {
    private static let numbers = Statement("numbers", "SELECT $1, $2, $3, $4, $5, pg_typeof($1)::text, pg_typeof($3)::text")

    @Test("Whole numbers keep their value at the bounds of their type")
    func integers() throws {
        let connection = try TestServer.connect()
        for value in [0, 1, -1, Int64.max, Int64.min, 946_684_800_000_000] {
            var parameters = Parameters()
            parameters.add(int64: value)
            parameters.add(int64OrNil: value)
            parameters.add(int32: Int32(truncatingIfNeeded: value))
            parameters.add(int64OrNil: nil)
            parameters.add(int32OrNil: nil)
            let rows = try connection.query(ValueTests.numbers, parameters)
            #expect(rows.count == 1 && rows.affected == 1)
            #expect(rows.int64(0, 0) == value && rows.int64OrNil(0, 1) == value)
            #expect(rows.int64(0, 2) == Int64(Int32(truncatingIfNeeded: value)))
            #expect(rows.int64OrNil(0, 3) == nil && rows.isNull(0, 4))
            #expect(rows.text(0, 5) == "bigint" && rows.text(0, 6) == "integer")
        }
    }

    private static let texts = Statement("texts", "SELECT $1, $2, octet_length($1), upper($1)::varchar, $1::char(3), ''::name")

    @Test(
        "Texts keep every character",
        arguments: [
            "", "a", "fifteen bytes..", "é", "日本語のテキスト", "👩‍👩‍👧‍👦", "\u{FFFD}\u{10FFFF}", "line\nline\t\"'\\",
        ])
    func texts(_ value: String) throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(text: value)
        parameters.add(textOrNil: nil)
        let rows = try connection.query(ValueTests.texts, parameters)
        #expect(rows.text(0, 0) == value && rows.textOrNil(0, 0) == value)
        #expect(rows.textOrNil(0, 1) == nil)
        #expect(rows.int64(0, 2) == Int64(value.utf8.count))
    }

    @Test("A text with a NUL is refused as bad data before anything is sent")
    func nul() throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(text: "fine")
        parameters.add(textOrNil: "not\0fine")
        let error = try #require(throws: DatabaseError.self) { try connection.query(ValueTests.texts, parameters) }
        #expect(error.sqlState == "22021" && error.isDataFault && !error.isRetriable && error.statement == "texts")
        #expect(error.message.contains("$2"))

        var lists = Parameters()
        lists.add(texts: ["a", "b", "\0"])
        let listError = try #require(throws: DatabaseError.self) { try connection.query(Statement("list", "SELECT $1"), lists) }
        #expect(listError.message.contains("$1, element 2,"))
        try connection.ping()
    }

    private static let others = Statement("others", "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $5::text, $7::text")

    @Test("Booleans, bytes, moments and days")
    func others() throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(bool: true)
        parameters.add(boolOrNil: nil)
        parameters.add(bytes: [0, 1, 255])
        parameters.add(bytesOrNil: [])
        parameters.add(timestamp: 1_785_931_200_123_456)
        parameters.add(timestampOrNil: nil)
        parameters.add(date: 20_671)
        parameters.add(dateOrNil: nil)
        let rows = try connection.query(ValueTests.others, parameters)
        #expect(rows.bool(0, 0) && rows.boolOrNil(0, 1) == nil)
        #expect(rows.bytes(0, 2) == [0, 1, 255] && rows.bytesOrNil(0, 3) == [])
        #expect(rows.withBytes(0, 2) { $0.count } == 3)
        #expect(rows.timestamp(0, 4) == 1_785_931_200_123_456 && rows.timestampOrNil(0, 5) == nil)
        #expect(rows.date(0, 6) == 20_671 && rows.dateOrNil(0, 7) == nil)
        #expect(rows.text(0, 8) == "2026-08-05 12:00:00.123456+00")
        #expect(rows.text(0, 9) == "2026-08-06")
    }

    private static let moment = Statement("moment", "SELECT $1, $1::text")

    @Test(
        "Moments from the first to the last",
        arguments: [
            (0, "1970-01-01 00:00:00+00"), (-1, "1969-12-31 23:59:59.999999+00"), (946_684_800_000_000, "2000-01-01 00:00:00+00"),
            (Int64.max, "infinity"), (Int64.min, "-infinity"), (-210_866_803_200_000_000, "4714-11-24 00:00:00+00 BC"),
        ])
    func moments(_ value: Int64, _ text: String) throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(timestamp: value)
        let rows = try connection.query(ValueTests.moment, parameters)
        #expect(rows.timestamp(0, 0) == value && rows.text(0, 1) == text)
    }

    @Test("A moment before the server's first is refused as bad data")
    func momentOutOfRange() throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(timestamp: .min + 1)
        let error = try #require(throws: DatabaseError.self) { try connection.query(ValueTests.moment, parameters) }
        #expect(error.sqlState == "22008" && error.isDataFault)
    }

    private static let json = Statement("json", "SELECT $1, $1::jsonb, ($1::jsonb)->>'a', $2")

    @Test("JSON travels as its text")
    func json() throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(json: #"{"a":  "ü"}"#)
        parameters.add(jsonOrNil: nil)
        let rows = try connection.query(ValueTests.json, parameters)
        #expect(rows.text(0, 0) == #"{"a":  "ü"}"#)
        #expect(rows.text(0, 1) == #"{"a": "ü"}"#)
        #expect(rows.text(0, 2) == "ü" && rows.textOrNil(0, 3) == nil)
    }

    @Test("Small integers, enumerations and column names are read")
    func readOnlyTypes() throws {
        let connection = try TestServer.connect()
        try connection.run("CREATE TYPE pg_temp.mood AS ENUM ('good', 'bad')")
        let rows = try connection.query(
            Statement("kinds", "SELECT 7::smallint AS small, 4000000000::oid, 'bad'::pg_temp.mood AS mood, 'x'::\"char\" WHERE true"))
        #expect(rows.int64(0, 0) == 7 && rows.int64(0, 1) == 4_000_000_000 && rows.text(0, 2) == "bad" && rows.text(0, 3) == "x")
        #expect(rows.column(named: "mood") == 2 && rows.column(named: "none") == nil)
    }
}
