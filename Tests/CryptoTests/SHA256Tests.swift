import Crypto
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "Known answers of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func knownAnswers(_ text: String, _ hex: String) {
        #expect(SHA256.hash(text).hex == hex)
        #expect(SHA256.hash([UInt8](text.utf8)).hex == hex)
    }

    @Test("A million times the letter a, piece by piece")
    func million() {
        var hash = SHA256()
        for _ in 0..<1000 { hash.update([UInt8](repeating: 97, count: 1000)) }
        #expect(hash.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("Pieces of every kind give the digest of the whole, and finalize() may be called in between")
    func pieces() {
        let inner = SHA256.hash("inner")
        var hash = SHA256()
        hash.update("text ü")
        hash.update([1, 2, 3])
        let early = hash.finalize()
        #expect(early == SHA256.hash([UInt8]("text ü".utf8) + [1, 2, 3]))
        hash.update(inner)
        #expect(hash.finalize() == SHA256.hash([UInt8]("text ü".utf8) + [1, 2, 3] + inner.bytes))
    }

    @Test("A digest survives the way through bytes and text; other lengths and foreign characters are refused")
    func digestForms() throws {
        let digest = SHA256.hash("x")
        #expect(Digest(digest.bytes) == digest && Digest(hex: digest.hex) == digest && Digest(hex: digest.hex.uppercased()) == digest)
        #expect(Set([digest, digest, .zero]).count == 2)
        #expect(Digest([UInt8](repeating: 0, count: 32)) == .zero)
        #expect(Digest([UInt8](repeating: 0, count: 31)) == nil && Digest([]) == nil)
        #expect(Digest(hex: "") == nil && Digest(hex: String(repeating: "0", count: 63)) == nil)
        #expect(Digest(hex: String(repeating: "g", count: 64)) == nil)
    }
}
