import Testing

@testable import Simulator

@Suite("Form decoding")
struct FormDecoderTests {
    private static let spelt: [(String, Node)] = [
        ("amount=100&currency=usd", ["amount": "100", "currency": "usd"]),
        ("metadata[order]=7&metadata[a+b]=x%26y", ["metadata": ["order": "7", "a b": "x&y"]]),
        ("expand[]=a&expand[]=b", ["expand": ["a", "b"]]), ("expand[0]=a&expand[1]=b", ["expand": ["a", "b"]]),
        ("expand%5B0%5D=a&expand%5B1%5D=b", ["expand": ["a", "b"]]), ("expand[1]=b&expand[0]=a", ["expand": ["a", "b"]]),
        ("line_items[0][price_data][product_data][name]=T", ["line_items": [["price_data": ["product_data": ["name": "T"]]]]]),
        ("i[][p]=1&i[][q]=2&i[][p]=3", ["i": [["p": "1", "q": "2"], ["p": "3"]]]),
        ("created[gte]=5", ["created": ["gte": "5"]]), ("metadata=", ["metadata": ""]), ("", [:]), ("flag", ["flag": ""]),
        ("name=%E6%97%A5%E6%9C%AC", ["name": "日本"]),
    ]

    @Test("brackets in every spelling", arguments: spelt)
    func spellings(text: String, wanted: Node) throws {
        #expect(try FormDecoder.decode(text) == wanted)
    }

    private static let unreadable: [(String, FormDecoder.Refusal)] = [
        ("a=%zz", .encoding), ("a=%F", .encoding), ("a=%FF", .encoding), ("a[b=1", .name), ("[a]=1", .name),
        ("a[b]c=1", .name), ("a[b][c][d][e][f][g][h][i][j][k]=1", .tooMuch),
        (String(repeating: "a=1&", count: 4001), .tooMuch),
    ]

    @Test("what cannot be read is refused", arguments: unreadable)
    func refusals(text: String, wanted: FormDecoder.Refusal) {
        #expect(throws: wanted) { try FormDecoder.decode(text) }
    }

    @Test("one request has one digest, however it is written")
    func digests() {
        let digest = IdempotencyKeys.digest("amount=1&metadata[a]=b")
        #expect(IdempotencyKeys.digest("metadata%5Ba%5D=b&amount=1") == digest)
        #expect(IdempotencyKeys.digest("amount=2&metadata[a]=b") != digest)
        #expect(IdempotencyKeys.digest("amount=1&metadata[a]=b&x=") != digest)
    }
}
