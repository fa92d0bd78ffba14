import Domain
import Testing

@testable import Messages

@Suite struct PurchaseAnswerTests {
    private let reference = PurchaseSamples.reference

    /// The answer as text, after its schema has accepted it and described every member of it.
    private func text(_ answer: [UInt8]) throws -> String {
        let schema = try ContractFiles.schema("answer")
        let value = try JSONReader.read(answer)
        #expect(SchemaValidator(root: schema).errors(value) == [])
        let part = value["ok"]?.bool == true ? "result" : "error"
        let described = Set(try #require(schema["$defs"]?["answer"]?["properties"]?[part]?["properties"]?.members).map(\.name))
        #expect(Set(try #require(value[part]?.members).map(\.name)).subtracting(described) == [])
        return String(decoding: answer, as: UTF8.self)
    }

    private func full() -> PurchaseAnswer {
        PurchaseAnswer(
            reference: reference, organization: "org-1", type: "one_time", status: "processing", phase: "customer_action", tokens: 500,
            netAmount: "200.00", taxAmount: "32.00", totalAmount: "232.00", currency: "USD", gateway: "stripe", transaction: "pi_1",
            packageID: "org-small", paymentMethodID: "pm-1", createdAt: 0, completedAt: 1, nextAttemptAt: 2, url: "https://pay.example/1",
            sessionID: "cs_1", failureReason: "card_declined", invoiceNumber: "INV-1", refundedTokens: 5, metadata: #"{ "a":1e3}"#,
            balance: 7, available: 6)
    }

    @Test func purchases() throws {
        #expect(
            try text(full().success())
                == #"{"ok":true,"result":{"purchase_reference_id":"REF-0123456789ABCDEFGHIJKLMNOP","organization":"org-1","#
                + #""purchase_type":"one_time","status":"processing","phase":"customer_action","tokens":500,"net_amount":"200.00","#
                + #""tax_amount":"32.00","total_amount":"232.00","currency":"USD","gateway":"stripe","gateway_transaction_id":"pi_1","#
                + #""package_id":"org-small","payment_method_id":"pm-1","created_at":"1970-01-01T00:00:00.000000Z","#
                + #""completed_at":"1970-01-01T00:00:00.000001Z","next_attempt_at":"1970-01-01T00:00:00.000002Z","#
                + #""url":"https://pay.example/1","session_id":"cs_1","failure_reason":"card_declined","invoice_number":"INV-1","#
                + #""refunded_tokens":5,"metadata":{ "a":1e3},"balance":7,"available":6}}"#)
    }

    @Test func whatIsNotKnownIsLeftOut() throws {
        let least = PurchaseAnswer(
            reference: reference, organization: "o", type: "auto_topup", status: "pending", tokens: 1, netAmount: "1", taxAmount: "0",
            totalAmount: "1", currency: "JPY", gateway: "paystack", createdAt: 0)
        let answer = try text(least.success())
        #expect(answer.hasSuffix(#""gateway":"paystack","created_at":"1970-01-01T00:00:00.000000Z","refunded_tokens":0}}"#))
        #expect(!answer.contains("null"))
    }

    @Test func refusalsShowThePurchase() throws {
        let declined = try text(full().refusal(.paymentDeclined, detail: "The bank refused", reason: "insufficient_funds"))
        #expect(
            declined.hasPrefix(
                #"{"ok":false,"error":{"code":"payment_declined","detail":"The bank refused","reason":"insufficient_funds","#
                    + #""purchase_reference_id":"REF-"#))
        #expect(!(try text(full().refusal(.chargeInProgress, detail: "d")).contains(#""reason""#)))
    }

    @Test func refunds() throws {
        var refund = RefundAnswer(
            refundID: 3, reference: reference, status: "sent", tokens: 100, netAmount: "40.00", taxAmount: "6.40", totalAmount: "46.40",
            currency: "USD", purchaseStatus: "partially_refunded")
        #expect(
            try text(refund.success())
                == #"{"ok":true,"result":{"refund_id":3,"purchase_reference_id":"REF-0123456789ABCDEFGHIJKLMNOP","status":"sent","tokens":100,"#
                + #""net_amount":"40.00","tax_amount":"6.40","total_amount":"46.40","currency":"USD","purchase_status":"partially_refunded"}}"#
        )
        for status in ["requested", "succeeded", "failed"] {
            refund.status = status
            refund.creditNoteNumber = "CN-1"
            (refund.balance, refund.available) = (1, 1)
            #expect(try text(refund.success()).contains(#""credit_note_number":"CN-1","#))
        }
    }

    @Test func waysToPay() throws {
        let saved = PaymentMethodAnswer(
            paymentMethodID: "pm-1", gateway: "stripe", brand: "visa", lastFour: "4242", expiry: "2030-04", isDefault: true, isUsable: true)
        #expect(
            try text(saved.success())
                == #"{"ok":true,"result":{"payment_method_id":"pm-1","gateway":"stripe","brand":"visa","last_four":"4242","#
                + #""expiry":"2030-04","is_default":true,"is_usable":true}}"#)
        let page = PaymentMethodAnswer(gateway: "paystack", url: "https://pay.example/2", sessionID: "s")
        #expect(
            try text(page.success())
                == #"{"ok":true,"result":{"gateway":"paystack","is_default":false,"is_usable":false,"url":"https://pay.example/2","#
                + #""session_id":"s"}}"#)
    }

    @Test func packages() throws {
        #expect(try text(PackageAnswer(package: PurchaseSamples.package).success()).contains(#""price":"200.00","currency":"USD","#))
        let least = try text(PackageAnswer(package: PurchaseSamples.leastPackage).success())
        #expect(least.contains(#""price":"0.0125","#) && !least.contains("expiration_days"))
    }

    @Test func documentsAndGatewayEvents() throws {
        let invoice = InvoiceAnswer(number: "INV-1", reference: reference, issuedAt: 0, totalAmount: "232.00", currency: "USD")
        #expect(
            try text(invoice.success())
                == #"{"ok":true,"result":{"number":"INV-1","purchase_reference_id":"REF-0123456789ABCDEFGHIJKLMNOP","#
                + #""issued_at":"1970-01-01T00:00:00.000000Z","total_amount":"232.00","currency":"USD"}}"#)
        let event = GatewayEventAnswer(eventID: "evt_1", type: "charge.success", outcome: "done", duplicate: false)
        #expect(
            try text(event.success())
                == #"{"ok":true,"result":{"event_id":"evt_1","type":"charge.success","outcome":"done","duplicate":false}}"#)
    }
}
