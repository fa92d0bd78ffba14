import Testing

@testable import Messages

@Suite struct EventTests {
    /// A type of event without its Swift type: everything it can say, and the least.
    struct Sample: Sendable {
        let type: EventType
        let aboutWallet: Bool
        let bodies: [[UInt8]]

        init<P: EventPayload>(_ full: P, _ least: P, aboutWallet: Bool = true) {
            type = P.type
            self.aboutWallet = aboutWallet
            bodies = [full, least].map { payload in
                Event(
                    id: "e-1", program: "meter", organization: aboutWallet ? "org-1" : nil, time: 1_795_168_800_000_000,
                    position: aboutWallet ? LedgerPosition(sequence: 7, balanceAfter: -3) : nil, payload: payload,
                    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                ).structured()
            }
        }
    }

    private static let cause = EventCause(source: "/crm", id: "u-1")
    private static let rate = RateAnswer(service: "s", price: .perUnit(2), trialEligible: true, unlimitedEligible: true, effectiveFrom: 0)
    private static let passThrough = RateAnswer(
        service: "s", price: .passThrough, trialEligible: true, unlimitedEligible: true, effectiveFrom: 0)

    private static let samples =
        [
            Sample(
                UsageRejected(cause: cause, service: "s", reason: .insufficientTokens, required: 5, missing: 2),
                UsageRejected(cause: cause, service: "s", reason: .unknownService)),
            Sample(UsageConflict(cause: cause, service: "s", tokens: 1), UsageConflict(cause: cause, service: "s")),
            Sample(
                UsageOverdrawn(cause: cause, service: "s", tokens: 5, overdrawn: 2, debt: 2, review: true),
                UsageOverdrawn(cause: cause, service: "s", tokens: 5, overdrawn: 2, debt: 2, review: false)),
            Sample(
                UsageRefunded(cause: cause, service: "s", tokens: 5, trialReturned: false, reason: "r", actor: "a"),
                UsageRefunded(cause: cause, service: "s", tokens: 0, trialReturned: true)),
            Sample(
                HoldPlaced(holdID: "h", service: "s", outcome: "held", tokens: 5, endsAt: 0),
                HoldPlaced(holdID: "h", service: "s", outcome: "trial", tokens: 0)),
            Sample(
                HoldCaptured(holdID: "h", service: "s", outcome: "debited", tokens: 5, released: 0, late: false),
                HoldCaptured(holdID: "h", service: "s", outcome: "trial", tokens: 0, released: 0, late: true)),
            Sample(HoldReleased(holdID: "h", service: "s", tokens: 5), HoldReleased(holdID: "h", service: "s", tokens: 0)),
            Sample(HoldExpired(holdID: "h", service: "s", tokens: 5, endedAt: 0), HoldExpired(holdID: "h", service: "s", tokens: 5)),
            Sample(WalletOpened(name: "n", actor: "a"), WalletOpened()),
            Sample(WalletSuspended(reason: "r", actor: "a"), WalletSuspended()),
            Sample(WalletReactivated(reason: "r", actor: "a"), WalletReactivated()),
            Sample(WalletTrialExhausted(cause: cause, service: "s"), WalletTrialExhausted(cause: cause, service: "s")),
            Sample(
                TokensGranted(tokens: 5, lot: 1, kind: .paid, origin: "grant", effectiveAt: 0, expiresAt: 1, reason: "r", actor: "a"),
                TokensGranted(tokens: 5, lot: 1, kind: .promotional, origin: "allowance")),
            Sample(TokensExpired(tokens: 5, lot: 1, expiredAt: 0), TokensExpired(tokens: 5, lot: 1)),
            Sample(RateChanged(rate: rate, actor: "a"), RateChanged(rate: passThrough), aboutWallet: false),
        ] + PurchaseSamples.events

    @Test(arguments: samples.indices) func fitsItsSchema(index: Int) throws {
        let sample = Self.samples[index]
        let schema = try ContractFiles.schema(sample.type.rawValue)
        let envelopeSchema = try ContractFiles.schema("envelope")
        var written = Set<String>()
        for body in sample.bodies {
            let event = try JSONReader.read(body)
            #expect(SchemaValidator(root: envelopeSchema).errors(event) == [])
            #expect(SchemaValidator(root: schema).errors(event["data"]!) == [])
            written.formUnion(event["data"]!.members!.map(\.name))
        }
        #expect(written == Set(schema["properties"]!.members!.map(\.name)))
        // What the least event leaves out is exactly what a reader may miss, apart from positions that a caller has not.
        let least = Set(try JSONReader.read(sample.bodies[1])["data"]!.members!.map(\.name)).subtracting(["sequence", "balance_after"])
        let required = Set(schema["required"]!.elements!.map { $0.text! }).subtracting(["sequence", "balance_after"])
        #expect(sample.type == .rateChanged ? required.isSubset(of: least) : required == least)
    }

    @Test func envelopeOfAnEvent() throws {
        guard case .single(let envelope) = try EnvelopeReader.read(IncomingMessage(body: Self.samples[0].bodies[0])) else { return }
        #expect(envelope.id == "e-1")
        #expect(envelope.source == "/purser/meter")
        #expect(envelope.type == "usage.rejected")
        #expect(envelope.subject == "org-1")
        #expect(envelope.traceparent != nil)
        #expect(envelope.data?["sequence"]?.whole == 7)
        #expect(envelope.data?["balance_after"]?.whole == -3)
        #expect(envelope.data?["event_id"]?.text == "u-1")
    }

    @Test func everySchemaIsOfARequestOrAnEvent() throws {
        let known = Set(RequestSamples.all.map(\.type.rawValue)).union(Self.samples.map(\.type.rawValue)).union(["envelope", "answer"])
        #expect(try ContractFiles.schemaNames() == known)
    }
}
