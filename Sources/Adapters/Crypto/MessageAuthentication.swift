import CLibcrypto

/// HMAC (RFC 2104) over OpenSSL's low-level hashes.
public enum MessageAuthentication {
    /// HMAC-SHA-256: 32 bytes.
    public static func sha256(key: [UInt8], _ message: UnsafeRawBufferPointer) -> Digest {
        let pads = Pads(key: key, blockSize: 64) { SHA256.hash($0).bytes }
        var inner = SHA256()
        inner.update(pads.inner)
        inner.update(message)
        var outer = SHA256()
        outer.update(pads.outer)
        outer.update(inner.finalize())
        return outer.finalize()
    }

    /// HMAC-SHA-256: 32 bytes.
    public static func sha256(key: [UInt8], _ message: [UInt8]) -> Digest {
        message.withUnsafeBytes { sha256(key: key, $0) }
    }

    /// HMAC-SHA-512: 64 bytes.
    public static func sha512(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let pads = Pads(key: key, blockSize: 128) { sha512Hash([$0]) }
        return sha512Hash([pads.outer, sha512Hash([pads.inner, message])])
    }

    /// True when both have the same bytes. Takes as long for a near miss as for a far one; only the lengths show.
    public static func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// True when both are the same. Takes as long for a near miss as for a far one.
    public static func isEqualInConstantTime(_ left: Digest, _ right: Digest) -> Bool {
        left.withBytes { left in right.withBytes { CRYPTO_memcmp(left.baseAddress, $0.baseAddress, left.count) == 0 } }
    }

    private static func sha512Hash(_ pieces: [[UInt8]]) -> [UInt8] {
        var context = SHA512_CTX()
        SHA512_Init(&context)
        for piece in pieces { SHA512_Update(&context, piece, piece.count) }
        return [UInt8](unsafeUninitializedCapacity: 64) { output, count in
            SHA512_Final(output.baseAddress, &context)
            count = 64
        }
    }

    /// The key, filled up to one block of the hash and masked; a longer key is hashed first.
    private struct Pads {
        let inner: [UInt8]
        let outer: [UInt8]

        init(key: [UInt8], blockSize: Int, hash: ([UInt8]) -> [UInt8]) {
            var block = key.count > blockSize ? hash(key) : key
            block += [UInt8](repeating: 0, count: blockSize - block.count)
            inner = block.map { $0 ^ 0x36 }
            outer = block.map { $0 ^ 0x5C }
        }
    }
}
