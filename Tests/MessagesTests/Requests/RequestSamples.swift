@testable import Messages

/// Every request that exists so far and whose data stands in `data`, by its type.
enum RequestSamples {
    /// How a type reads and writes again, without its Swift type.
    struct Codec: Sendable {
        let type: RequestType
        let rewritten: @Sendable (JSONValue?, [UInt8]) throws(InvalidRequest) -> [UInt8]

        init<R: Request>(_: R.Type) {
            type = R.type
            rewritten = { data, document throws(InvalidRequest) in
                let request = try R(data: data, document: document)
                var writer = JSONWriter()
                writer.beginObject()
                request.write(to: &writer)
                writer.endObject()
                return writer.bytes
            }
        }

        /// Reads data and gives it as it would be published again.
        func rewrite(_ json: [UInt8]) throws -> JSONValue {
            try JSONReader.read(try rewritten(try JSONReader.read(json), json))
        }

        /// The refusal of data; nil when it is accepted.
        func refusal(_ json: [UInt8]) -> InvalidRequest? {
            guard let data = try? JSONReader.read(json) else { return InvalidRequest(field: "", detail: "the test's JSON is broken") }
            do throws(InvalidRequest) {
                _ = try rewritten(data, json)
                return nil
            } catch { return error }
        }
    }

    static let all: [Codec] = [
        Codec(UsageData.self), Codec(MeterCheck.self), Codec(MeterHold.self), Codec(MeterHoldCapture.self), Codec(MeterHoldRelease.self),
        Codec(MeterUsageRefund.self), Codec(MeterRateSet.self), Codec(WalletOpen.self), Codec(WalletSuspend.self),
        Codec(WalletReactivate.self),
        Codec(WalletSettings.self), Codec(BillingGrant.self), Codec(BillingAdjust.self),
        Codec(BillingPurchase.self), Codec(PurchaseExecute.self), Codec(PurchaseCancel.self), Codec(PurchaseRefund.self),
        Codec(InvoiceMake.self), Codec(PaymentMethodAdd.self), Codec(PaymentMethodRemove.self), Codec(PaymentMethodDefault.self),
        Codec(PackageSet.self), Codec(GatewayEventReceived.self), Codec(BillingDueWork.self),
    ]

    /// The data of `usage.recorded`, which has a reader of its own for its whole event, as a request like the others.
    struct UsageData: Request {
        static let type = RequestType.usageRecorded
        private let event: UsageRecorded

        init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
            let envelope = Envelope(
                id: "1", source: "/s", type: UsageRecorded.type, subject: "o", time: 0, traceparent: nil, data: data, document: document)
            do throws(UnreadableMessage) {
                event = try UsageRecorded(envelope)
            } catch { throw InvalidRequest(field: error.field ?? "", detail: error.detail) }
        }

        func write(to writer: inout JSONWriter) {
            ServiceUse(service: event.service, quantity: event.quantity, tokens: event.tokens, metadata: event.metadata).write(to: &writer)
        }
    }
}

extension JSONMember {
    /// The member as JSON, its value as it stood in a document.
    func json(in document: [UInt8]) -> String {
        "\"\(name)\":\(String(decoding: value.received(in: document), as: UTF8.self))"
    }
}
