import Testing

@Suite("Tokenizer")
struct TokenizerTests {
    private func words(_ text: String) -> [String] { Tokenizer.tokens(of: text).map(\.text) }

    @Test("comments vanish, nested ones too")
    func comments() {
        #expect(words("a // b\nc /* d /* e */ f */ g") == ["a", "c", "g"])
    }

    @Test("string literals vanish, what is interpolated stays")
    func strings() {
        #expect(words(#"let a = "b \" c \(d("e")) f" + g"#) == ["let", "a", "=", "d", "(", ")", "+", "g"])
        #expect(words("a \"\"\"\n b \" c\n\"\"\" d") == ["a", "d"])
        #expect(words("a #\"b \" \\(c) \\#(d)\"# e") == ["a", "d", "e"])
    }

    @Test("lines are counted through comments and strings")
    func lines() {
        let tokens = Tokenizer.tokens(of: "a\n/*\n*/ b\n\"\"\"\n x\n\"\"\"\nc")
        #expect(tokens == [Token(text: "a", line: 1), Token(text: "b", line: 3), Token(text: "c", line: 7)])
    }
}
