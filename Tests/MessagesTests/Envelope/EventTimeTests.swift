import FoundationEssentials
import Testing

@testable import Messages

@Suite struct EventTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-20T10:00:00.000123Z", 1_795_168_800_000_123),
        ("2026-11-20t10:00:00.000123z", 1_795_168_800_000_123),
        ("2026-11-20 10:00:00Z", 1_795_168_800_000_000), ("2026-11-20T12:30:00+02:30", 1_795_168_800_000_000),
        ("2026-11-19T23:00:00-11:00", 1_795_168_800_000_000), ("2026-11-20T10:00:00-00:00", 1_795_168_800_000_000),
        ("2026-11-20T10:00:00.1Z", 1_795_168_800_100_000), ("2026-11-20T10:00:00.1234567899Z", 1_795_168_800_123_456),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000), ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
        ("2017-01-01T01:59:60+02:00", 1_483_228_800_000_000), ("1969-12-31T23:59:59.999999Z", -1),
        ("0000-03-01T00:00:00Z", -62_162_035_200_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
        ("2000-02-29T00:00:00+00:00", 951_782_400_000_000),
    ])
    func reads(text: String, microseconds: Int64) {
        #expect(EventTime.microseconds(text) == microseconds)
    }

    @Test(arguments: [
        "", "now", "2026-11-20", "2026-11-20T10:00:00", "2026-11-20T10:00Z", "2026-11-20T10:00:00.Z", "2026-11-20T24:00:00Z",
        "2026-11-20T10:60:00Z",
        "2026-11-20T10:00:61Z", "2026-11-20T10:00:60Z", "2016-12-31T23:59:60+01:00", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-20T10:00:00+2:00",
        "2026-11-20T10:00:00+0200", "2026-11-20T10:00:00+24:00", "2026-11-20T10:00:00+02:60", "2026-11-20T10:00:00ZZ",
        " 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00Z ", "20261120T100000Z", "+2026-11-20T10:00:00Z", "-001-11-20T10:00:00Z", "2026-11-20X10:00:00Z",
        "2026/11/20T10:00:00Z",
        "２０２６-11-20T10:00:00Z", "1795168800", "2026-11-20T10:00:00,5Z", "NaN", "10000-01-01T00:00:00Z", "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ])
    func refuses(text: String) {
        #expect(EventTime.microseconds(text) == nil)
    }

    @Test func writesWhatItReads() {
        for time: Int64 in [0, -1, 1_795_168_800_000_123, -62_162_035_200_000_000, 253_402_300_799_999_999] {
            #expect(EventTime.microseconds(EventTime.text(microseconds: time)) == time)
        }
        #expect(EventTime.text(microseconds: .min) == "0000-01-01T00:00:00.000000Z")
        #expect(EventTime.text(microseconds: .max) == "9999-12-31T23:59:59.999999Z")
        #expect(EventTime.text(microseconds: 1_795_168_800_000_123) == "2026-11-20T10:00:00.000123Z")
        #expect(EventTime.secondsText(microseconds: 1_795_168_800_999_999) == "2026-11-20T10:00:00Z")
    }

    /// The ends of all months from year 1 to 9999, against a calendar counted day by day, and some of them against Foundation.
    @Test func everyMonth() throws {
        var (year, month, day) = (1, 1, 1)
        let pad = { (value: Int, width: Int) in String(repeating: "0", count: width - String(value).count) + String(value) }
        var expected = try #require(EventTime.microseconds("0001-01-01T00:00:00Z"))
        while year <= 9999 {
            if day == 1 || (month == 2 && day > 27) || day > 30 {
                let text = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T00:00:00Z"
                guard EventTime.microseconds(text) == expected else { Issue.record("\(text)"); return }
                guard EventTime.secondsText(microseconds: expected) == text else { Issue.record("\(text) written"); return }
            }
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = month == 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            day += 1
            if day > length { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
            expected += 86_400_000_000
        }
        for text in [
            "1583-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-20T10:11:12Z", "2400-02-29T23:59:59Z", "9999-12-31T23:59:59Z",
        ] {
            let date = try Date.ISO8601FormatStyle().parse(text)
            #expect(EventTime.microseconds(text) == Int64(date.timeIntervalSince1970) * 1_000_000)
        }
    }
}
