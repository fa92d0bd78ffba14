import Postgres
import PurserTesting
import Testing

/// Array parameters and results.
@Suite("Arrays")
struct ArrayTests {
    private static let all = Statement(
        "all_arrays",
        """
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::bytea[], $8::bytea[],
            $9::timestamptz[], $10::timestamptz[], $11::smallint[], $12::integer[]) WITH ORDINALITY ORDER BY ordinality
        """)

    @Test("Every element arrives in its place", arguments: [0, 1, 2, 7, 3000])
    func everyType(_ count: Int) throws {
        let connection = try TestServer.connect()
        let numbers = (0..<count).map { Int64($0) * 1_000_003 - 500 }
        let optionals = numbers.map { $0.isMultiple(of: 3) ? nil : $0 }
        let texts = numbers.map { "Text \($0) – ü" }
        let optionalTexts = optionals.map { number in number.map { $0.isMultiple(of: 2) ? "" : String($0) } }
        let bytes = texts.map { [UInt8]($0.utf8) }
        var parameters = Parameters()
        parameters.add(int64s: numbers)
        parameters.add(int64sOrNil: optionals)
        parameters.add(texts: texts)
        parameters.add(textsOrNil: optionalTexts)
        parameters.add(bools: numbers.lazy.map { $0.isMultiple(of: 2) })
        parameters.add(boolsOrNil: optionals.lazy.map { number in number.map { $0.isMultiple(of: 2) } })
        parameters.add(byteStrings: bytes)
        parameters.add(byteStringsOrNil: optionals.indices.map { optionals[$0] == nil ? nil : bytes[$0] })
        parameters.add(timestamps: numbers)
        parameters.add(timestampsOrNil: optionals)
        parameters.add(int16s: numbers.map { Int16(truncatingIfNeeded: $0) })
        parameters.add(int32s: numbers.map { Int32(truncatingIfNeeded: $0) })
        let rows = try connection.query(ArrayTests.all, parameters)
        #expect(rows.count == count)
        for row in 0..<rows.count {
            let same =
                rows.int64(row, 0) == numbers[row] && rows.int64OrNil(row, 1) == optionals[row] && rows.text(row, 2) == texts[row]
                && rows.textOrNil(row, 3) == optionalTexts[row] && rows.bool(row, 4) == numbers[row].isMultiple(of: 2)
                && rows.isNull(row, 5) == (optionals[row] == nil) && rows.bytes(row, 6) == bytes[row]
                && rows.bytesOrNil(row, 7) == (optionals[row] == nil ? nil : bytes[row]) && rows.timestamp(row, 8) == numbers[row]
                && rows.timestampOrNil(row, 9) == optionals[row] && rows.int64(row, 10) == Int64(Int16(truncatingIfNeeded: numbers[row]))
                && rows.int64(row, 11) == Int64(Int32(truncatingIfNeeded: numbers[row]))
            #expect(same, "row \(row)")
        }
    }

    private static let echo = Statement("echo_arrays", "SELECT $1, $2, $3, cardinality($1), cardinality($2), NULL::text[], NULL::bigint[]")

    @Test("Arrays come back whole, the empty one too", arguments: [[], [1], [Int64.min, 0, .max]])
    func results(_ numbers: [Int64]) throws {
        let connection = try TestServer.connect()
        let texts = numbers.map { "é\($0)" }
        var parameters = Parameters()
        parameters.add(int64s: numbers)
        parameters.add(texts: texts)
        parameters.add(int32s: numbers.map { Int32(truncatingIfNeeded: $0) })
        let rows = try connection.query(ArrayTests.echo, parameters)
        #expect(rows.int64Array(0, 0) == numbers && rows.textArray(0, 1) == texts)
        #expect(rows.int64Array(0, 2) == numbers.map { Int64(Int32(truncatingIfNeeded: $0)) })
        #expect(rows.int64(0, 3) == Int64(numbers.count) && rows.int64(0, 4) == Int64(numbers.count))
        #expect(rows.textArrayOrNil(0, 5) == nil && rows.int64ArrayOrNil(0, 6) == nil)
        #expect(rows.int64ArrayOrNil(0, 0) == numbers && rows.textArrayOrNil(0, 1) == texts)
    }

    private static let nulls = Statement("null_arrays", "SELECT cardinality($1), array_position($1, NULL), cardinality($2)")

    @Test("Arrays of nothing but NULLs, and NULLs at either end")
    func nulls() throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(int64sOrNil: [nil, nil, nil])
        parameters.add(textsOrNil: ["a", nil])
        let rows = try connection.query(ArrayTests.nulls, parameters)
        #expect(rows.int64(0, 0) == 3 && rows.int64(0, 1) == 1 && rows.int64(0, 2) == 2)
    }

    private static let inline = Statement("inline_bytes", "SELECT encode($1[1], 'hex'), encode($1[2], 'hex')")

    @Test("Values kept inline are sent as the bytes they have in memory")
    func inlineBytes() throws {
        let connection = try TestServer.connect()
        var parameters = Parameters()
        parameters.add(inlineBytes: [UInt64(0x0102_0304_0506_0708).bigEndian, UInt64(255).bigEndian])
        let rows = try connection.query(ArrayTests.inline, parameters)
        #expect(rows.text(0, 0) == "0102030405060708" && rows.text(0, 1) == "00000000000000ff")
    }
}
