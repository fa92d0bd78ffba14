import CLibcrypto

/// SHA-256 (FIPS 180-4), in one go or piece by piece.
///
/// Uses OpenSSL's low-level functions, because looking an algorithm up through EVP costs several times the hash of a short text.
public struct SHA256 {
    private var context = SHA256_CTX()

    /// The empty text.
    public init() {
        SHA256_Init(&context)
    }

    /// Appends bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// Appends bytes.
    public mutating func update(_ bytes: [UInt8]) {
        SHA256_Update(&context, bytes, bytes.count)
    }

    /// Appends the bytes of another digest, as chains do.
    public mutating func update(_ digest: Digest) {
        digest.withBytes { update($0) }
    }

    /// Appends the UTF-8 bytes of a text.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of everything so far; more may follow.
    public func finalize() -> Digest {
        var copy = context
        var digest = Digest()
        withUnsafeMutableBytes(of: &digest.words) { output in
            _ = SHA256_Final(output.baseAddress!.assumingMemoryBound(to: UInt8.self), &copy)
        }
        return digest
    }

    /// The digest of these bytes.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }

    /// The digest of these bytes.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of a text's UTF-8 bytes.
    public static func hash(_ text: String) -> Digest {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
