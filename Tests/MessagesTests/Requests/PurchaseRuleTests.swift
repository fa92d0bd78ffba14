import Domain
import Testing

@testable import Messages

/// What fields of requests about purchases say together, or in words of their own: code and schema refuse and take the same.
@Suite struct PurchaseRuleTests {
    private static let reference = "REF-0123456789ABCDEFGHIJKLMNOP"

    private func read<R: Request>(_: R.Type, _ json: String) throws(InvalidRequest) -> R {
        let bytes = Array(json.utf8)
        return try R(data: try? JSONReader.read(bytes), document: bytes)
    }

    /// The request, which its schema takes too.
    private func taken<R: Request>(_ type: R.Type, _ json: String) throws -> R {
        #expect(try errors(type, json) == [], "\(json)")
        return try read(type, json)
    }

    /// The field at fault, where the schema finds one too.
    private func field<R: Request>(_ type: R.Type, _ json: String) throws -> String? {
        #expect(try errors(type, json) != [], "\(json)")
        do throws(InvalidRequest) {
            _ = try read(type, json)
            return nil
        } catch { return error.field }
    }

    private func errors<R: Request>(_: R.Type, _ json: String) throws -> [String] {
        SchemaValidator(root: try ContractFiles.schema(R.type.rawValue)).errors(try JSONReader.read(Array(json.utf8)))
    }

    @Test func onePurchaseIsOfOneThing() throws {
        #expect(try taken(BillingPurchase.self, #"{"package_id":"p"}"#) == BillingPurchase(item: .package("p")))
        #expect(try taken(BillingPurchase.self, #"{"tokens":1e3}"#).item == .tokens(1000))
        #expect(try field(BillingPurchase.self, #"{"package_id":"p","tokens":1}"#) == "package_id")
        #expect(try field(BillingPurchase.self, "{}") == "package_id")
        for tokens in ["0", "-1", "1000000000000001", "0.5", "\"5\""] {
            #expect(try field(BillingPurchase.self, "{\"tokens\":\(tokens)}") == "tokens")
        }
    }

    @Test func aPurchaseIsPaidInOneWay() throws {
        #expect(try taken(BillingPurchase.self, #"{"tokens":1}"#).payment == .method(nil))
        #expect(try taken(BillingPurchase.self, #"{"tokens":1,"payment_method_id":"m"}"#).payment == .method("m"))
        let page = #""checkout":{"success_url":"https://a.example/x?y=1","cancel_url":"http://b","x":1}"#
        #expect(
            try taken(BillingPurchase.self, "{\"tokens\":1,\(page)}").payment
                == .checkout(successURL: "https://a.example/x?y=1", cancelURL: "http://b", gateway: nil))
        #expect(try field(BillingPurchase.self, "{\"tokens\":1,\"payment_method_id\":\"m\",\(page)}") == "payment_method_id")
    }

    @Test func pagesNeedTheirFields() throws {
        let checkout = { (inner: String) in "{\"tokens\":1,\"checkout\":{\(inner)}}" }
        #expect(try field(BillingPurchase.self, checkout("")) == "checkout.success_url")
        #expect(try field(BillingPurchase.self, checkout(#""success_url":"https://a""#)) == "checkout.cancel_url")
        let addresses = #""success_url":"https://a","cancel_url":"https://b""#
        #expect(try field(BillingPurchase.self, checkout(addresses + #","gateway":"Stripe""#)) == "checkout.gateway")
        #expect(try taken(BillingPurchase.self, checkout(addresses + #","gateway":"paystack""#)).execute)
        let twice = #"{"tokens":1,"checkout":{"success_url":"https://a","success_url":"https://b","cancel_url":"https://c"}}"#
        #expect(
            throws: InvalidRequest(field: "checkout.success_url", detail: "checkout.success_url stands twice")
        ) { try read(BillingPurchase.self, twice) }
    }

    @Test(
        "addresses that no page leads back to",
        arguments: [
            "", "ftp://a", "javascript:alert(1)", "//a", "a", "https://", "HTTPS://a", " https://a", "https://a b", "https://a\t",
            "https://a\n",
            "https://a\r\nx", "https://a\u{1}", "https://a\u{7F}", "https://a\u{85}", "https://a\u{2028}", "https://a\u{A0}",
            "https://" + String(repeating: "a", count: 1993),
        ])
    func addressesThatAreNone(address: String) throws {
        var writer = JSONWriter()
        writer.value(address)
        #expect(try field(PaymentMethodAdd.self, "{\"gateway\":\"stripe\",\"return_url\":\(writer.text)}") == "return_url")
    }

    @Test func addressesAreTakenUpToTheirLength() throws {
        let longest = "https://" + String(repeating: "a", count: 1992)
        for address in [longest, "http://x", "https://a.example/\u{E9}?q=%20#f"] {
            let json = "{\"gateway\":\"stripe\",\"return_url\":\"\(address)\"}"
            #expect(try taken(PaymentMethodAdd.self, json).way == .page(returnURL: address))
        }
    }

    @Test func aWayToPayIsGivenOnce() throws {
        let added = try taken(PaymentMethodAdd.self, #"{"gateway":"stripe","reference":"pm_1"}"#)
        #expect(added == PaymentMethodAdd(gateway: .stripe, way: .reference("pm_1")))
        #expect(try field(PaymentMethodAdd.self, #"{"gateway":"stripe"}"#) == "reference")
        #expect(try field(PaymentMethodAdd.self, #"{"gateway":"stripe","reference":"r","return_url":"https://a"}"#) == "reference")
        #expect(try field(PaymentMethodAdd.self, #"{"gateway":"paypal","reference":"r"}"#) == "gateway")
        #expect(throws: InvalidRequest(field: "email", detail: "email must be an e-mail address")) {
            try read(PaymentMethodAdd.self, #"{"gateway":"stripe","reference":"r","email":"ann"}"#)
        }
    }

    @Test func metadataIsKeptAsReceived() throws {
        let json = #"{"tokens":1, "metadata" : { "b" :1e3,"a":"\u0041", "a":[ ] } }"#
        let purchase = try taken(BillingPurchase.self, json)
        #expect(purchase.metadata == #"{ "b" :1e3,"a":"\u0041", "a":[ ] }"#)
        let body = purchase.structured(id: "1", source: "/console", subject: "org-1", time: 0)
        guard case .single(let envelope) = try EnvelopeReader.read(IncomingMessage(body: body)) else {
            Issue.record("one event")
            return
        }
        #expect(try BillingPurchase(envelope) == purchase)
        let filled = { (count: Int) in "{\"tokens\":1,\"metadata\":{\"a\":\"\(String(repeating: "x", count: count - 8))\"}}" }
        #expect(try taken(BillingPurchase.self, filled(8192)).metadata?.utf8.count == 8192)
        // Bytes are nothing that a schema can count in an object.
        #expect(throws: InvalidRequest(field: "metadata", detail: "metadata must be 0 to 8192 bytes long")) {
            try read(BillingPurchase.self, filled(8193))
        }
    }

    @Test(arguments: ["REF-0123456789abcdefghijklmnop", "REF-0123456789ABCDEFGHIJKLMNO", "ref-0123456789ABCDEFGHIJKLMNOP", " ", "7"])
    func namesOfPurchases(text: String) throws {
        #expect(try field(PurchaseCancel.self, "{\"purchase_reference_id\":\"\(text)\"}") == "purchase_reference_id")
        #expect(try taken(PurchaseCancel.self, "{\"purchase_reference_id\":\"\(Self.reference)\"}").reference.text == Self.reference)
    }

    @Test func dueWorkIsOfOneThing() throws {
        let purchase = "\"purchase_reference_id\":\"\(Self.reference)\""
        #expect(try taken(BillingDueWork.self, "{\(purchase)}").work == .purchase(PurchaseReference(Self.reference)!))
        #expect(try taken(BillingDueWork.self, #"{"refund_id":1}"#) == BillingDueWork(work: .refund(1)))
        #expect(try taken(BillingDueWork.self, #"{"refund_id":9223372036854775807}"#).work == .refund(.max))
        #expect(try field(BillingDueWork.self, "{}") == "purchase_reference_id")
        #expect(try field(BillingDueWork.self, "{\(purchase),\"refund_id\":1}") == "purchase_reference_id")
        for refund in ["0", "-1", "1.5", "9223372036854775808", "\"1\""] {
            #expect(try field(BillingDueWork.self, "{\"refund_id\":\(refund)}") == "refund_id")
        }
    }

    @Test func pricesAreExact() throws {
        let json = { (price: String) in "{\"id\":\"p\",\"name\":\"n\",\"tokens\":1,\"price\":\(price)}" }
        for (text, price) in [
            ("50.00", "50.00"), ("0.0001", "0.0001"), ("1", "1.00"), ("5.12500", "5.125"), ("922337203685477.5807", "922337203685477.5807"),
        ] {
            #expect(try taken(PackageSet.self, json("\"\(text)\"")).price.text == price)
        }
        for price in [
            "\"0\"", "\"0.00\"", "\"-1\"", "\"+1\"", "\"\"", "\".5\"", "\"5.\"", "\"5.00001\"", "\"1e3\"", "\"1,5\"", "\" 1\"", "50", "5.5",
            "\"1000000000000000\"", "\"0000000000000001\"", "\"1.0000000000000000000\"",
        ] {
            #expect(try field(PackageSet.self, json(price)) == "price", "\(price)")
        }
    }

    @Test func currenciesAreThoseThatAreCharged() throws {
        let json = { (code: String) in "{\"id\":\"p\",\"name\":\"n\",\"tokens\":1,\"price\":\"1\",\"currency\":\"\(code)\"}" }
        #expect(try taken(PackageSet.self, json("KES")).currency == Currency("KES"))
        for code in ["kes", "ABC", "", "USDX"] { #expect(try field(PackageSet.self, json(code)) == "currency") }
    }

    @Test func featuresAreCounted() throws {
        let json = { (features: [String]) in
            "{\"id\":\"p\",\"name\":\"n\",\"tokens\":1,\"price\":\"1\",\"features\":[\(features.joined(separator: ","))]}"
        }
        #expect(try taken(PackageSet.self, json([])).features == [])
        #expect(try taken(PackageSet.self, json(Array(repeating: "\"f\"", count: 50))).features?.count == 50)
        for features in [Array(repeating: "\"f\"", count: 51), ["\"\""], ["1"], ["\"\(String(repeating: "x", count: 256))\""]] {
            #expect(try field(PackageSet.self, json(features)) == "features")
        }
    }
}
