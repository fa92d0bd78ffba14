import Testing

@testable import Messages

@Suite struct JSONNumberTests {
    private func whole(_ text: String) throws -> Int64? { try JSONReader.read(Array(text.utf8)).whole }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0.0", 0), ("0e99", 0), ("-0.0e-5", 0), ("1", 1), ("1.0", 1), ("1e3", 1000), ("1E+3", 1000), ("1.5e1", 15),
        ("10e-1", 1), ("0.001e3", 1), ("123.4500e2", 12345), ("-7", -7), ("9223372036854775807", Int64.max),
        ("-9223372036854775808", Int64.min), ("9223372036854775807.0", Int64.max), ("9.223372036854775807e18", Int64.max),
        ("9007199254740993.0", 9_007_199_254_740_993), ("1e18", 1_000_000_000_000_000_000), ("999999999999999999", 999_999_999_999_999_999),
        ("100000000000000000000e-2", 1_000_000_000_000_000_000),
    ])
    func whole(text: String, value: Int64) throws {
        #expect(try whole(text) == value)
    }

    @Test(arguments: [
        "0.5", "1e-1", "1.00000000000000000001", "9223372036854775808", "-9223372036854775809", "1e19", "9.3e18", "1e400", "-1e400",
        "1e-400",
        "1e999999999999999999999", "1e-999999999999999999999", "12345678901234567890", "0.1e0",
    ])
    func notWhole(text: String) throws {
        #expect(try whole(text) == nil)
        guard case .decimal(text) = try JSONReader.read(Array(text.utf8)).kind else { Issue.record("\(text) is not kept"); return }
    }

    @Test func lengthIsNoTrap() throws {
        let zeros = String(repeating: "0", count: 500_000)
        #expect(try whole("1\(zeros)e-500000") == 1)
        #expect(try whole("0.\(zeros)1e500001") == 1)
        #expect(try whole("1\(zeros)") == nil)
    }
}
