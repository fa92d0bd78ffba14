import Glibc
import Testing

@testable import Operator

@Suite("Records of an input")
struct RecordReaderTests {
    private func records(_ text: String, _ format: RecordReader.Format) throws -> [Record] {
        try records(Array(text.utf8), format)
    }

    private func records(_ bytes: [UInt8], _ format: RecordReader.Format) throws -> [Record] {
        let folder = try ScratchFolder()
        let descriptor = open(try folder.file("input", bytes), O_RDONLY)
        defer { close(descriptor) }
        let reader = RecordReader(descriptor, format)
        var records: [Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    private func texts(_ records: [Record]) -> [String] { records.map { String(decoding: $0.bytes, as: UTF8.self) } }

    @Test("line ends of all kinds, and none at the end")
    func lineEnds() throws {
        let rows = try records("a,b\r\n1,2\n\n3,4\r\n   \n5,6", .csv)
        #expect(texts(rows) == ["a,b", "1,2", "3,4", "5,6"])
        #expect(rows.map(\.number) == [0, 1, 2, 3])
        let lines = try records("{}\n\n{\"a\":1}", .lines)
        #expect(texts(lines) == ["{}", "{\"a\":1}"] && lines.map(\.number) == [1, 3])
        #expect(try records("", .csv).isEmpty)
    }

    @Test("quoted fields may hold line feeds, commas and doubled quotes")
    func quotes() throws {
        let rows = try records("a,b\n\"x\ny\",\"say \"\"hi\"\", now\"\n1,5\"\n2,3", .csv)
        #expect(texts(rows) == ["a,b", "\"x\ny\",\"say \"\"hi\"\", now\"", "1,5\"", "2,3"])
        #expect(try CSVFields.split(rows[1].bytes) == ["x\ny", "say \"hi\", now"])
        #expect(try CSVFields.split(rows[2].bytes) == ["1", "5\""])
        #expect(try CSVFields.split([]) == [""])
        #expect(try CSVFields.split(Array(",".utf8)) == ["", ""])
    }

    @Test("a record of more than 1 MiB is marked and the next one still found")
    func huge() throws {
        let long = [UInt8](repeating: 0x61, count: RecordReader.limit + 300_000)
        let lines = try records(long + [0x0A] + Array("next".utf8), .lines)
        #expect(lines.map(\.isTooLong) == [true, false] && lines[1].bytes == Array("next".utf8))
        let unclosed = try records(Array("a\n\"".utf8) + long, .csv)
        #expect(unclosed.count == 2 && unclosed[1].isTooLong)
    }

    @Test(
        "damaged fields name their column",
        arguments: [("a,\"b", "column 2"), ("\"a\"b,c", "column 1"), ("x,y,\"z\" ", "column 3")])
    func damaged(_ row: String, _ column: String) {
        #expect { try CSVFields.split(Array(row.utf8)) } throws: { ($0 as? RowProblem)?.field == column }
    }

    @Test("bytes that are no UTF-8 name their column")
    func notUTF8() {
        #expect { try CSVFields.split([0x61, 0x2C, 0xFF]) } throws: { ($0 as? RowProblem) == RowProblem("column 2", "is not UTF-8") }
    }

    @Test("a file has its own name; what comes by once has another one each time")
    func names() throws {
        let folder = try ScratchFolder()
        let file = try RecordFile(try folder.file("input.csv", "h\n1"), .csv, twice: false)
        #expect(file.name == "input.csv" && !file.isStream)
        let pipe = folder.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        // Open for both, or the readers would wait for a writer.
        let writer = open(pipe, O_RDWR)
        defer { close(writer) }
        let streams = try (0..<2).map { _ in try RecordFile(pipe, .lines, twice: false) }
        let tails = streams.map { $0.name.dropFirst("stdin-".count) }
        #expect(streams.allSatisfy { $0.isStream && $0.name.hasPrefix("stdin-") } && tails[0] != tails[1])
        #expect(tails.allSatisfy { $0.utf8.count == 10 && $0.allSatisfy { $0.isLowercase || $0.isNumber } })
    }

    @Test("records are found again at their places, in any order")
    func places() throws {
        let folder = try ScratchFolder()
        let path = try folder.file("input.csv", "h\n" + (1...1000).map { "\"row\n\($0)\"\r\n" }.joined())
        let file = try RecordFile(path, .csv, twice: true)
        let survey = try file.survey(places: true)
        #expect(survey.count == 1000 && survey.last?.number == 1000)
        #expect(try file.next()?.bytes == Array("\"row\n1\"".utf8))
        #expect(try file.record(at: survey.places[516])?.bytes == Array("\"row\n517\"".utf8))
    }
}
