import Testing

@testable import Runtime

@Suite struct ListenAddressTests {
    @Test(arguments: [("127.0.0.1:80", "127.0.0.1", 80), ("0.0.0.0:0", "0.0.0.0", 0), ("[::1]:65535", "::1", 65_535)])
    func addressesAreRead(_ text: String, _ host: String, _ port: UInt16) {
        let address = ListenAddress(text)
        #expect(address?.host == host && address?.port == port)
    }

    @Test(arguments: ["", "127.0.0.1", "localhost:80", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80", "1.2.3:80"])
    func othersAreRefused(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func theSettingSaysWhatItWants() throws {
        #expect(try Configuration.defaults().paysimAddress == ListenAddress("127.0.0.1:12111"))
        do {
            _ = try Configuration.defaults([.paysimAddress: "here"])
            Issue.record("taken")
        } catch {
            #expect(error.all.map(\.name) == ["PURSER_PAYSIM_ADDRESS"])
        }
    }
}
