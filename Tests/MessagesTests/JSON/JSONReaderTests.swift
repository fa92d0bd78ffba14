import Testing

@testable import Messages

@Suite struct JSONReaderTests {
    private func problem(_ text: String) -> JSONSyntaxError.Problem? { problem(Array(text.utf8)) }

    private func problem(_ bytes: [UInt8]) -> JSONSyntaxError.Problem? {
        do throws(JSONSyntaxError) {
            _ = try JSONReader.read(bytes)
            return nil
        } catch { return error.problem }
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{\"a\"", "{\"a\":", "{\"a\":1", "[1", "[1,", "t", "nul", "\"\\", "\"\\u12",
    ])
    func endsTooEarly(text: String) {
        #expect([.unexpectedEnd, .invalidEscape].contains(problem(text)), "\(text)")
    }

    @Test(arguments: [
        "01", "-", "+1", "1.", "1.e3", ".5", "1e", "1e+", "--1", "00", "-01", "1e1.5", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "１",
    ])
    func badNumbers(text: String) {
        #expect(problem(text) != nil, "\(text)")
        #expect(problem("{\"a\":\(text)}") != nil, "\(text)")
    }

    @Test(arguments: [
        "{a:1}", "{'a':1}", "{\"a\":1,}", "[1,]", "[,1]", "[1 2]", "{\"a\" 1}", "{,}", "tru", "True", "undefined", "/* */1", "[1}",
    ])
    func badStructure(text: String) {
        #expect(problem(text) != nil, "\(text)")
    }

    @Test(arguments: ["\"\u{1}\"", "\"a\nb\"", "\"\0\"", "\"\\x41\"", "\"\\u00g0\"", "\"\\U0041\""])
    func badStrings(text: String) {
        #expect(problem(text) != nil, "\(text.debugDescription)")
    }

    @Test(arguments: [
        [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
    ])
    func notUTF8(bytes: [UInt8]) {
        #expect(problem([0x22] + bytes + [0x22]) == .invalidUTF8)
        // Also where nobody asks for the value.
        #expect(problem(Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)) == .invalidUTF8)
    }

    @Test func nothingFollows() {
        #expect(problem("1 1") == .trailingBytes)
        #expect(problem("{}x") == .trailingBytes)
        #expect(problem(" {} \r\n\t") == nil)
    }

    @Test func depthIsBounded() {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(problem(nested(64)) == nil)
        #expect(problem(nested(65)) == .tooDeep)
        #expect(problem(String(repeating: "[", count: 1_000_000)) == .tooDeep)
        #expect(problem(String(repeating: "{\"a\":", count: 100_000)) == .tooDeep)
    }

    @Test func byteOrderMarkIsSkipped() throws {
        #expect(try JSONReader.read([0xEF, 0xBB, 0xBF] + Array("7".utf8)).whole == 7)
    }

    @Test func kindsAndOrder() throws {
        let text = #" {"b": [true, false, null], "a": "x\u00e9\ud83d\ude00\n\/", "b2": {"n": -1.5}} "#
        let bytes = Array(text.utf8)
        let value = try JSONReader.read(bytes)
        #expect(value.members?.map(\.name) == ["b", "a", "b2"])
        #expect(value["a"]?.text == "xé😀\n/")
        #expect(value["b"]?.elements?.map(\.bool) == [true, false, nil])
        #expect(value["b"]?.elements?.last?.isNull == true)
        #expect(value["b2"].map { String(decoding: $0.received(in: bytes), as: UTF8.self) } == #"{"n": -1.5}"#)
        guard case .decimal("-1.5")? = value["b2"]?["n"]?.kind else { Issue.record("-1.5 is kept as written"); return }
    }

    @Test(arguments: [#""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\ud800""#, #""\ude00\ud83d""#])
    func loneSurrogatesAreNoText(text: String) throws {
        let value = try JSONReader.read(Array(text.utf8))
        #expect(value.text == nil)
        guard case .unpairedText = value.kind else { Issue.record("\(text) is not marked"); return }
    }

    @Test func aNameThatStandsTwiceShowsTwice() throws {
        let value = try JSONReader.read(Array(#"{"a":1,"\u0061":2}"#.utf8))
        #expect(value.members(named: "a").map(\.whole) == [1, 2])
    }
}
