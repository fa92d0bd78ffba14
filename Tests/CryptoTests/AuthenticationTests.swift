import Crypto
import Testing

@Suite("HMAC, comparison and random bytes")
struct AuthenticationTests {
    struct Case: Sendable {
        let key: [UInt8]
        let message: String
        let sha256: String
        let sha512: String
    }

    // RFC 4231, cases 1, 2 and 6.
    static let cases = [
        Case(
            key: [UInt8](repeating: 0x0B, count: 20), message: "Hi There",
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"),
        Case(
            key: [UInt8]("Jefe".utf8), message: "what do ya want for nothing?",
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
        Case(
            key: [UInt8](repeating: 0xAA, count: 131), message: "Test Using Larger Than Block-Size Key - Hash Key First",
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha512: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"),
    ]

    @Test("Known answers of RFC 4231", arguments: cases)
    func knownAnswers(_ value: Case) {
        let message = [UInt8](value.message.utf8)
        #expect(MessageAuthentication.sha256(key: value.key, message).hex == value.sha256)
        #expect(Hex.encode(MessageAuthentication.sha512(key: value.key, message)) == value.sha512)
    }

    @Test("Comparison in constant time")
    func comparison() {
        #expect(MessageAuthentication.isEqualInConstantTime([1, 2], [1, 2]))
        #expect(!MessageAuthentication.isEqualInConstantTime([1, 2], [1, 3]))
        #expect(!MessageAuthentication.isEqualInConstantTime([1, 2], [1, 2, 3]))
        #expect(MessageAuthentication.isEqualInConstantTime([], []))
        #expect(MessageAuthentication.isEqualInConstantTime(SHA256.hash("a"), SHA256.hash("a")))
        #expect(!MessageAuthentication.isEqualInConstantTime(SHA256.hash("a"), SHA256.hash("b")))
    }

    @Test("Random bytes have the wanted number and differ from call to call")
    func random() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(7).count == 7)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }
}
