import Testing

@testable import Messages

@Suite struct RouteTests {
    @Test func queuesOfAConsumer() {
        #expect(Consumer.billing.queue == "purser.billing")
        #expect(Consumer.billing.commandPattern == "billing.#")
        #expect(Consumer.meter.retryQueue(.tenSeconds) == "purser.meter.retry.10s")
        #expect(Consumer.meter.retryKey(.twoDays) == "meter.2d")
        #expect(Consumer.expiry.deadQueue == "purser.expiry.dead")
        #expect(Consumer.expiry.deadKey == "expiry")
        #expect(UsageQueue.partition(7) == "purser.usage.7")
    }

    @Test func laddersGrow() {
        #expect(RetryDelay.allCases.map(\.rawValue) == ["10s", "1m", "10m", "1h", "6h", "1d", "2d"])
        #expect(RetryDelay.allCases.map(\.milliseconds) == RetryDelay.allCases.map(\.milliseconds).sorted())
        #expect(RetryDelay.twoDays.milliseconds == 2 * 24 * 3600 * 1000)
    }

    @Test func everyCommandHasAConsumer() {
        for type in RequestType.allCases where type != .usageRecorded {
            #expect(Consumer(rawValue: String(type.rawValue.prefix { $0 != "." })) != nil, "\(type)")
        }
    }

    @Test func everyTickHasAConsumer() {
        for job in TickJob.allCases {
            #expect(!job.consumers.isEmpty)
            for consumer in job.consumers { #expect(consumer.jobs.contains(job)) }
        }
        #expect(TickJob.releaseHolds.id(slot: 1_795_168_800_000_000) == "release-holds/2026-11-20T10:00:00Z")
        #expect(TickJob.dueWork.routingKey == "tick.due-work")
    }

    @Test func replyAddresses() {
        #expect(ReplyAddress("reply.ann") == .queue)
        for address in [
            "", "reply.", "amq.rabbitmq.reply-to.", "purser.billing", "amq.rabbitmq.reply-to", "Reply.x", " reply.x", "xreply.y",
        ] {
            #expect(ReplyAddress(address) == nil)
        }
    }

    @Test(
        "direct addresses as brokers make them",
        arguments: [
            "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA==", "g1h3DnJlcGx5QDEyMzQ1Njc4AACcQAAAAABlU/EA",
            "g2d3DnJlcGx5QDEyMzQ1Njc4AACcQAAAAAAC",
        ])
    func directReplyAddresses(_ process: String) {
        let address = "amq.rabbitmq.reply-to.\(process).AAECAwQFBgcICQoLDA0ODw=="
        #expect(ReplyAddress(address) == .direct(node: "reply@12345678"))
    }

    @Test(
        "direct addresses that a broker cannot decode",
        arguments: [
            "g1h2", "abc.def", "AAAA.BBBB", "AAAA", "a.b.c", ".AAAA", "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA==",
            // Without a key, with two, with one of foreign characters.
            "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA==.", "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA==.AAEC.AAEC",
            "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA==.A C",
            // Without the padding; a node of another form, without a number, cut short.
            "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPxAA.AAEC", "g1h2AAtyYWJiaXRAaG9zdAAAnEAAAAAAZVPxAA==.AAEC",
            "g1h2AAZyZXBseUAAAJxAAAAAAGVT8QA=.AAEC", "g1h2AA5yZXBseUAxMjM0NTY3OAAAnEAAAAAAZVPx.AAEC",
        ])
    func directReplyAddressesMadeUp(_ suffix: String) {
        #expect(ReplyAddress("amq.rabbitmq.reply-to.\(suffix)") == nil)
    }

    @Test func headersThatMakeACycleAreDropped() {
        for name in ["x-death", "x-first-death-queue", "x-last-death-reason", "x-delivery-count"] { #expect(HeaderName.isDropped(name)) }
        for name in HeaderName.all + ["traceparent", "ce-id", "x-other"] { #expect(!HeaderName.isDropped(name)) }
    }

    @Test func codesAreUnlikeEachOther() {
        let reasons = UnreadableReason.allCases.map(\.rawValue) + DeadReason.allCases.map(\.rawValue)
        #expect(Set(reasons).count == reasons.count)
        #expect(reasons.allSatisfy { !$0.isEmpty && $0 == $0.lowercased() })
    }
}
