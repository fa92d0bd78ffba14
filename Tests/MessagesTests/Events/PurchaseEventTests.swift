import Domain
import Testing

@testable import Messages

@Suite struct PurchaseEventTests {
    private func text(_ payload: some EventPayload) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        payload.write(to: &writer)
        writer.endObject()
        return writer.text
    }

    @Test func factsComeFirstAndMetadataAsReceived() {
        let event = text(PurchaseInitialized(facts: PurchaseSamples.facts, actor: "ann"))
        #expect(
            event == #"{"purchase_reference_id":"REF-0123456789ABCDEFGHIJKLMNOP","purchase_type":"one_time","status":"completed","#
                + #""tokens":500,"net_amount":"200.00","tax_amount":"32.00","total_amount":"232.00","currency":"USD","gateway":"stripe","#
                + #""package_id":"org-small","metadata":{"order" : "o-1", "b":1e3,"a":"\u0041"},"actor":"ann"}"#)
    }

    @Test func aRefundHasItsOwnTokens() throws {
        let data = try JSONReader.read(
            Array(text(PurchaseRefunded(facts: PurchaseSamples.facts, refundID: 9, refundedTokens: 100, refundedAmount: "46.40")).utf8))
        #expect(data["tokens"]?.whole == 500)
        #expect(data["refunded_tokens"]?.whole == 100)
        #expect(data["refunded_amount"]?.text == "46.40")
        #expect(data["automatic_reason"] == nil)
    }

    @Test func packagesAreToldWhole() {
        #expect(
            text(PackageChanged(package: PurchaseSamples.package))
                == #"{"id":"org-small","name":"500 tokens","description":"d","features":["a","b"],"catalog":"organization","tokens":500,"#
                + #""price":"200.00","currency":"USD","is_best_value":true,"is_active":true,"expiration_days":365}"#)
        #expect(text(PackageChanged(package: PurchaseSamples.leastPackage)).contains(#""features":[],"#))
    }

    /// The words of the schemas are those of the rules, which the database holds too.
    @Test func wordsAreTheDomains() throws {
        for type in EventType.allCases where type.rawValue.hasPrefix("purchase.") {
            let schema = try ContractFiles.schema(type.rawValue)
            let words = { (field: String) in schema["properties"]?[field]?["enum"]?.elements?.map { $0.text ?? "" } }
            #expect(words("status") == PurchaseStatus.allCases.map(\.rawValue), "\(type)")
            #expect(words("gateway") == Gateway.allCases.map(\.rawValue), "\(type)")
        }
        let result = try #require(try ContractFiles.schema("answer")["$defs"]?["answer"]?["properties"]?["result"]?["properties"])
        #expect(result["phase"]?["enum"]?.elements?.map(\.text) == PurchasePhase.allCases.map(\.rawValue))
        let currencies = try ContractFiles.schema("billing.package_set")["properties"]?["currency"]?["enum"]?.elements?.map(\.text)
        #expect(currencies == Currency.all.map(\.code))
    }
}
