public import Domain

/// Makes ids of events: time-ordered, 26 characters, unique by 80 random bits (the ULID form), which keeps every index that holds them fast.
public struct EventIDs: Sendable {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private var random = SystemRandomNumberGenerator()

    public init() {}

    /// A new id whose first ten characters tell its millisecond.
    public mutating func next(at moment: Moment) -> String {
        var id: [UInt8] = []
        id.reserveCapacity(26)
        let milliseconds = UInt64(clamping: moment.microseconds / 1000)
        for shift in stride(from: 45, through: 0, by: -5) { id.append(Self.digits[Int(milliseconds >> UInt64(shift) & 31)]) }
        var bits: UInt64 = 0
        for place in 0..<16 {
            if place % 8 == 0 { bits = random.next() }
            id.append(Self.digits[Int(bits & 31)])
            bits >>= 5
        }
        return String(decoding: id, as: UTF8.self)
    }
}
