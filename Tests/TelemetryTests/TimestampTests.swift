import Testing

@testable import Telemetry

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
        (1_795_168_800_000_123, "2026-11-20T10:00:00.000123Z"),
    ])
    func isRFC3339(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp.text(microseconds) == text)
    }
}
