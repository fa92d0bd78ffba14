import AMQP
import Crypto
import Domain
import HTTP
import Messages
import Postgres
import PurserTesting
import Runtime
import Telemetry
import Testing

@testable import Billing

/// Webhooks, signed as the gateways sign them.
extension Shop {
    /// The newest event of a type that the simulator has told, as it is sent; it lists the newest first.
    func told(_ type: String, by gateway: Gateway = .stripe) throws -> [UInt8] {
        let all = try JSONReader.read(try HTTPClient().send(HTTPRequest(.get, "\(simulator.base)/_sim/events")).body)
        let events = try #require(all[gateway.rawValue]?.elements)
        let found = events.first { $0[gateway == .stripe ? "type" : "event"]?.text == type }
        if let found { return JSONCanonical.bytes(found) }
        throw Unsound(description: "nobody told \(type): \(events.map { $0["type"]?.text ?? $0["event"]?.text ?? "?" })")
    }

    /// A message with a webhook in it.
    /// - Parameter age: how many seconds ago it was signed.
    func webhook(
        _ body: [UInt8], _ gateway: Gateway = .stripe, secret: String? = nil, age: Int64 = 0, id: String? = nil
    ) -> Delivery {
        let header: String
        switch gateway {
        case .stripe:
            let stamp = world.clock.now / 1_000_000 - age
            let key = Array((secret ?? RunningSimulator.stripeSecret).utf8)
            let signature = MessageAuthentication.sha256(key: key, Array("\(stamp).".utf8) + body).hex
            header = #""Stripe-Signature":"t=\#(stamp),v1=\#(signature)""#
        case .paystack:
            let key = Array((secret ?? RunningSimulator.key).utf8)
            header = #""x-paystack-signature":"\#(Hex.encode(MessageAuthentication.sha512(key: key, body)))""#
        }
        return world.delivery(
            "billing.gateway_event",
            #"{"gateway":"\#(gateway.rawValue)","headers":{\#(header)},"body":"\#(TextCoding.base64.encode(body))"}"#,
            organization: nil, id: id, source: "/purser/gateway")
    }

    /// Hands a webhook to billing, and gives what came of it.
    @discardableResult
    func hear(_ body: [UInt8], _ gateway: Gateway = .stripe) throws -> Reply {
        try world.ask(webhook(body, gateway))
    }

    /// The same for the newest event of a type.
    @discardableResult
    func hear(_ type: String, _ gateway: Gateway = .stripe) throws -> Reply {
        try hear(try told(type, by: gateway), gateway)
    }

    /// An event of Stripe's with an object of the test's own.
    func event(_ type: String, _ object: String, id: String) -> [UInt8] {
        Array(#"{"id":"evt_\#(id)","object":"event","type":"\#(type)","data":{"object":\#(object)}}"#.utf8)
    }

    /// Handles messages by four lanes at once, each its share, and gives what came of them.
    func together(_ deliveries: [Delivery]) throws -> [Reply] {
        let (database, clock, configuration) = (world.database, world.clock, world.lane.configuration)
        let threads = (0..<4).map { number in
            let mine = deliveries.indices.filter { $0 % 4 == number }.map { deliveries[$0] }
            return TestThread {
                let setup = LaneSetup(
                    lane: number, configuration: configuration, log: .silent, metrics: Metrics(),
                    time: TimeSource(wall: { clock.now }, monotonic: { 0 }), sources: .none)
                let lane = LaneContext(setup: setup, program: "billing", connection: try database.connect(as: "purser_billing"))
                defer { lane.database.close() }
                let step = BillingStep(configuration)
                return try mine.flatMap { try step.handle([$0], lane).outcomes }
            }
        }
        return try threads.flatMap { try $0.result() }.map { try Reply($0) }
    }
}
