import Testing

@testable import Messages

@Suite struct TraceparentTests {
    private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(arguments: [valid, "cc" + valid.dropFirst(2) + "-what-the-future-brings", "00" + valid.dropFirst(2).dropLast() + "0"])
    func goesOn(text: String) {
        #expect(Traceparent.isValid(text))
    }

    @Test(arguments: [
        "", "00", String(valid.dropLast()), valid + "0", valid + "-x", valid.uppercased(), "ff" + valid.dropFirst(2),
        "cc" + valid.dropFirst(2) + "x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    ])
    func isDropped(text: String) {
        #expect(!Traceparent.isValid(text))
    }
}
