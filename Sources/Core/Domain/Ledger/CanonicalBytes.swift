/// The bytes of a ledger row that its digest covers (`domain.md` 4.5): the contract's columns in their order without `digest`, then the
/// draws, each as a 4-byte big-endian length and UTF-8 text as PostgreSQL prints the value; null has length -1 and no text; times are
/// microseconds since 1970; a row without draws has an empty text there.
public struct CanonicalBytes {
    /// The bytes written so far.
    public private(set) var bytes: [UInt8] = []

    public init() {
        bytes.reserveCapacity(512)
    }

    /// Starts over and keeps the memory.
    public mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Appends raw bytes, such as the digest of the row before.
    public mutating func append(raw: some Sequence<UInt8>) {
        bytes.append(contentsOf: raw)
    }

    /// Appends all fields of a row; `draws` is `Draws.text` of its draws, passed in because the caller needs it too.
    public mutating func append(_ row: LedgerRow, draws: String) {
        append(row.walletID)
        append(row.sequence)
        append(row.type.rawValue)
        append(row.amount)
        append(row.balanceAfter)
        append(row.outcome?.rawValue)
        append(row.reason)
        append(row.identity?.source)
        append(row.identity?.id)
        append(row.service)
        append(row.quantity)
        append(row.purchaseReference)
        append(row.occurredAt.microseconds)
        append(row.createdAt.microseconds)
        append(row.description)
        append(row.metadata)
        append(draws)
    }

    private mutating func append(_ text: String?) {
        guard var text else { return append(length: -1) }
        text.withUTF8 { utf8 in
            append(length: Int32(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    private mutating func append(_ number: Int64?) {
        guard let number else { return append(length: -1) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var place = 20
            var rest = number.magnitude
            repeat {
                place -= 1
                digits[place] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                place -= 1
                digits[place] = 45
            }
            append(length: Int32(20 - place))
            bytes.append(contentsOf: digits[place..<20])
        }
    }

    private mutating func append(length: Int32) {
        withUnsafeBytes(of: length.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
