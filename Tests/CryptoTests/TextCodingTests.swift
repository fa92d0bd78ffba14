import Crypto
import Testing

@Suite("Bytes as text")
struct TextCodingTests {
    @Test(
        "Known answers of RFC 4648",
        arguments: [
            ("", "", ""), ("f", "Zg==", "MY======"), ("fo", "Zm8=", "MZXQ===="), ("foo", "Zm9v", "MZXW6==="),
            ("foob", "Zm9vYg==", "MZXW6YQ="), ("fooba", "Zm9vYmE=", "MZXW6YTB"), ("foobar", "Zm9vYmFy", "MZXW6YTBOI======"),
        ])
    func knownAnswers(_ text: String, _ base64: String, _ base32: String) {
        let bytes = [UInt8](text.utf8)
        #expect(TextCoding.base64.encode(bytes) == base64 && TextCoding.base64.decode(base64) == bytes)
        #expect(TextCoding.base32.encode(bytes) == base32 && TextCoding.base32.decode(base32) == bytes)
        let bare = base64.filter { $0 != "=" }
        #expect(TextCoding.base64URL.encode(bytes) == bare && TextCoding.base64URL.decode(bare) == bytes)
    }

    @Test(
        "Only the one text an encoder writes is read",
        arguments: ["Zg", "Zg=", "Zh==", "Zg===", "Z", "Zm9v=", "Zm 9v", "Zg==Zg==", "-_8="])
    func refused(_ text: String) {
        #expect(TextCoding.base64.decode(text) == nil)
    }

    @Test("All byte values survive, in every coding")
    func everyByte() {
        let bytes = (0...255).map { UInt8($0) }
        for coding in [TextCoding.base64, .base64URL, .base32] { #expect(coding.decode(coding.encode(bytes)) == bytes) }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode("0") == nil && Hex.decode("0x") == nil && Hex.decode("") == [])
    }
}
