/// The bounds of a text that is stored or compared: its length in bytes of UTF-8, and no NUL, which PostgreSQL cannot keep.
enum TextRule {
    /// CloudEvents `id` (messages.md, Envelope).
    static let id = 1...128
    /// CloudEvents `source`.
    static let source = 1...255
    /// CloudEvents `type`: ours are all shorter.
    static let type = 1...128
    /// CloudEvents `subject`; where it names an organization, `organization` holds too.
    static let subject = 1...255
    /// An organization's id (README, words).
    static let organization = 1...128
    /// A service's name.
    static let service = 1...128
    /// `metadata`, as received.
    static let metadata = 0...8192

    /// Checks a text against its bounds.
    static func check(_ text: String, _ field: String, _ bytes: ClosedRange<Int>) throws(FieldProblem) {
        guard bytes.contains(text.utf8.count) else { throw .length(field, bytes) }
        if !allBytes(text, { $0 != 0 }) { throw .nul(field) }
    }

    /// 1 to 128 printable ASCII characters.
    static func isOrganization(_ text: String) -> Bool {
        organization.contains(text.utf8.count) && allBytes(text) { $0 >= 0x20 && $0 <= 0x7E }
    }

    /// Every string that we make is contiguous UTF-8, and going over the storage is many times faster than over the view.
    @inline(__always)
    private static func allBytes(_ text: String, _ holds: (UInt8) -> Bool) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { bytes in
            for byte in bytes where !holds(byte) { return false }
            return true
        } ?? text.utf8.allSatisfy(holds)
    }
}
