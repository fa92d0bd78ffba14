/// A SHA-256 value: 32 bytes kept inline, in the order in which they are written out.
public struct Digest: Hashable, Sendable, BitwiseCopyable {
    /// The number of bytes.
    public static let byteCount = 32

    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// All zeros: the value before the first link of a chain.
    public static let zero = Digest()

    @inlinable
    init() {}

    /// The value whose bytes these are; nil unless there are exactly 32.
    @inlinable
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Digest.byteCount else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
    }

    /// The value whose bytes these are; nil unless there are exactly 32.
    @inlinable
    public init?(_ bytes: [UInt8]) {
        guard let digest = bytes.withUnsafeBytes({ Digest($0) }) else { return nil }
        self = digest
    }

    /// Reads 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex), let digest = Digest(bytes) else { return nil }
        self = digest
    }

    /// The bytes, for storage and for hashing them again.
    @inlinable
    public var bytes: [UInt8] { withBytes { [UInt8]($0) } }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { withBytes { Hex.encode($0) } }

    /// Calls `body` with the bytes, which are valid only while it runs.
    @inlinable
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        withUnsafeBytes(of: words) { body($0) }
    }

    /// Equal in all bytes. Not in constant time: for secrets use `isEqualInConstantTime`.
    @inlinable
    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    /// Feeds one word: the bytes are evenly spread already.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
