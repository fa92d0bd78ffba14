import Crypto

/// A digest of what makes two messages the same: its parts, each with its length, so that no two lists of parts look alike.
public enum ContentDigest {
    /// SHA-256 of a content that is one text already.
    public static func of(bytes: [UInt8]) -> [UInt8] {
        SHA256.hash(bytes).bytes
    }

    /// SHA-256 over the parts; nil is unlike the empty text.
    public static func of(_ parts: [String?]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            guard var text = part else {
                bytes.append(0)
                continue
            }
            bytes.append(1)
            text.withUTF8 { utf8 in
                withUnsafeBytes(of: UInt64(utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
                bytes.append(contentsOf: utf8)
            }
        }
        return bytes.withUnsafeBytes { SHA256.hash($0) }.bytes
    }
}
