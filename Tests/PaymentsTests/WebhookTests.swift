import Crypto
import Domain
import Testing

@testable import Payments

/// Signatures are made here by the rules of `payment-facts.md` 1.12 and 2.5; `Tests/EndToEnd/paysim.py` holds both against the gateways'
/// own packages.
@Suite struct WebhookTests {
    private let now = Moment(microseconds: 1_795_168_800_000_000)
    private let body = Array(
        #"{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","metadata":{"purchase_reference_id":"REF-1"}}}}"#
            .utf8)

    private func signature(_ secret: String, _ seconds: Int64, _ body: [UInt8], scheme: String = "v1") -> String {
        "\(scheme)=" + MessageAuthentication.sha256(key: Array(secret.utf8), Array("\(seconds).".utf8) + body).hex
    }

    private func refusal(_ signature: String?, secrets: [String] = ["whsec_a"], body: [UInt8]? = nil) -> WebhookRefusal? {
        do throws(WebhookRefusal) {
            _ = try StripeWebhook.read(body ?? self.body, signature: signature, secrets: secrets, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func anyMatchingSignatureOfAnyValidSecretIsEnough() throws {
        let stamp = now.microseconds / 1_000_000
        let old = signature("whsec_old", stamp, body)
        let new = signature("whsec_new", stamp, body)
        #expect(refusal("t=\(stamp),\(old),\(new)", secrets: ["whsec_new"]) == nil)
        #expect(refusal("t=\(stamp),\(old)", secrets: ["whsec_new", "whsec_old"]) == nil)
        #expect(refusal("t=\(stamp),\(old)", secrets: ["whsec_new"]) == .signatureInvalid)
        #expect(refusal("t=\(stamp),\(signature("whsec_new", stamp, body, scheme: "v0"))", secrets: ["whsec_new"]) == .signatureInvalid)
        let event = try StripeWebhook.read(body, signature: "t=\(stamp),\(new)", secrets: ["whsec_new"], at: now)
        #expect(event.id == "evt_1" && event.subject == .payment(reference: "REF-1", transaction: "pi_1"))
    }

    @Test func alteredStaleAndFutureOnesAreRefused() {
        let stamp = now.microseconds / 1_000_000
        #expect(refusal(nil) == .signatureMissing)
        #expect(refusal("nonsense") == .signatureInvalid)
        #expect(refusal("t=\(stamp),v1=zz") == .signatureInvalid)
        #expect(refusal("t=\(stamp),\(signature("whsec_a", stamp, body))", body: body + [32]) == .signatureInvalid)
        for (seconds, wanted) in [
            (stamp - 300, nil), (stamp + 300, nil), (stamp - 301, .timestampOutside), (stamp + 301, .timestampOutside),
        ]
            as [(Int64, WebhookRefusal?)]
        {
            #expect(refusal("t=\(seconds),\(signature("whsec_a", seconds, body))") == wanted)
        }
        // A stamp that was changed afterwards is not the one that was signed.
        #expect(refusal("t=\(stamp),\(signature("whsec_a", stamp - 1000, body))") == .signatureInvalid)
        let text = Array("[]".utf8)
        #expect(refusal("t=\(stamp),\(signature("whsec_a", stamp, text))", body: text) == .unreadable)
    }

    @Test(arguments: [
        ("charge.dispute.created", "needs_response", DisputeNews.opened),
        ("charge.dispute.funds_withdrawn", "needs_response", .fundsWithdrawn),
        ("charge.dispute.closed", "won", .won), ("charge.dispute.closed", "lost", .lost),
        ("charge.dispute.closed", "warning_closed", .closed),
        ("charge.dispute.funds_reinstated", "under_review", .won),
    ])
    func disputesAreToldApart(type: String, status: String, news: DisputeNews) throws {
        let body = Array(
            #"{"id":"evt_2","type":"\#(type)","data":{"object":{"id":"dp_1","payment_intent":"pi_1","amount":1000,"currency":"usd","status":"\#(status)"}}}"#
                .utf8)
        let stamp = now.microseconds / 1_000_000
        let event = try StripeWebhook.read(
            body, signature: "t=\(stamp),\(signature("whsec_a", stamp, body))", secrets: ["whsec_a"], at: now)
        let dollars = try #require(Currency("USD"))
        #expect(event.subject == .dispute(transaction: "pi_1", id: "dp_1", amount: Money(minorUnits: 1000, dollars), news))
    }

    @Test(arguments: [
        ("completed", "setup", GatewayEvent.Subject.methodPage(organization: "org-1", id: "cs_1")), ("expired", "setup", .other),
        ("completed", "payment", .page(reference: "REF-1", id: "cs_1")), ("expired", "payment", .page(reference: "REF-1", id: "cs_1")),
    ])
    func pagesAreToldApart(event: String, mode: String, subject: GatewayEvent.Subject) throws {
        let names = mode == "setup" ? #""client_reference_id":null"# : #""client_reference_id":"REF-1""#
        let body = Array(
            #"{"id":"evt_3","type":"checkout.session.\#(event)","data":{"object":{"id":"cs_1","mode":"\#(mode)",\#(names),"metadata":{"organization_id":"org-1"}}}}"#
                .utf8)
        let stamp = now.microseconds / 1_000_000
        let read = try StripeWebhook.read(
            body, signature: "t=\(stamp),\(signature("whsec_a", stamp, body))", secrets: ["whsec_a"], at: now)
        #expect(read.subject == subject)
    }

    @Test func paystackSignsWithItsKeyAndNamesNoEvent() throws {
        let body = Array(
            #"{"event":"charge.success","data":{"id":4099,"reference":"k-1","status":"success","metadata":"{\"purchase_reference_id\":\"REF-2\"}"}}"#
                .utf8)
        let right = Hex.encode(MessageAuthentication.sha512(key: Array("sk_test_a".utf8), body))
        let event = try PaystackWebhook.read(body, signature: right, keys: ["sk_test_b", "sk_test_a"])
        #expect(event.id == "charge.success/4099" && event.subject == .payment(reference: "REF-2", transaction: "k-1"))
        #expect(throws: WebhookRefusal.signatureInvalid) { try PaystackWebhook.read(body, signature: right, keys: ["sk_test_b"]) }
        #expect(throws: WebhookRefusal.signatureInvalid) { try PaystackWebhook.read(body + [10], signature: right, keys: ["sk_test_a"]) }
        #expect(throws: WebhookRefusal.signatureMissing) { try PaystackWebhook.read(body, signature: nil, keys: ["sk_test_a"]) }
    }

    @Test func fieldsAreEscaped() {
        var form = FormFields()
        form.add("metadata[a b]", "x&y=ü")
        form.add("empty", "")
        form.add("none", nil)
        form.add("amount", 100)
        #expect(form.text == "metadata%5Ba%20b%5D=x%26y%3D%C3%BC&empty=&amount=100")
    }
}
