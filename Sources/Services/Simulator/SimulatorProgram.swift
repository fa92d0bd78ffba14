import HTTP
public import Runtime
import Telemetry

/// The program `purser-paysim`.
public enum SimulatorProgram {
    /// For `Program.run`.
    public static let description = ServerDescription(
        name: "purser-paysim",
        summary: "Simulates the payment gateways Stripe and Paystack for tests and demonstrations. No money moves.",
        settings: [.paysimAddress, .paysimBooks, .paysimStripeWebhookURL, .paysimPaystackWebhookURL, .paysimURL],
        example: "PURSER_PAYSIM_ADDRESS=127.0.0.1:12111 PURSER_PAYSIM_BOOKS=/tmp/paysim.books purser-paysim",
        start: start)

    /// Requests that may wait at the same time, delayed or kept in silence.
    private static let mostConnections = 512

    private static func start(_ configuration: Configuration, _ log: Log) throws(StartFailure) -> ServerDescription.Stop {
        let webhooks = try settings(configuration)
        let path = configuration.text(.paysimBooks)
        let books: Books
        do {
            books = try Books(path: path, time: .system)
        } catch {
            throw StartFailure(error.isPassing ? .unavailable : .configuration, "PURSER_PAYSIM_BOOKS: names a file that \(error.reason)")
        }
        let address = configuration.paysimAddress
        let simulator = Simulator(books: books, webhooks: webhooks, publicURL: configuration.text(.paysimURL), time: .system)
        var server = HTTPServerConfiguration(address: address.host, port: address.port)
        server.threads = .perConnection
        server.maximumConnections = mostConnections
        // Longer than the longest silence that can be armed.
        server.idleSeconds = 180
        do {
            let running = try HTTPServer(server) { simulator.answer($0) }
            log.info("simulator listens", [.file: .string(path ?? ""), .serverAddress: "\(address.host):\(running.port)"])
            return { time in
                simulator.stop()
                return running.stop(within: time)
            }
        } catch {
            simulator.stop()
            throw StartFailure(error.kind == .invalidAddress ? .configuration : .unavailable, "PURSER_PAYSIM_ADDRESS: \(error)")
        }
    }

    /// An event without a signature would be no use, so whoever wants events names the secrets too.
    private static func settings(_ configuration: Configuration) throws(StartFailure) -> WebhookSettings {
        let stripe = configuration.text(.paysimStripeWebhookURL)
        let paystack = configuration.text(.paysimPaystackWebhookURL)
        for (url, secret) in [(stripe, Setting.stripeWebhookSecret), (paystack, .paystackSecretKey)]
        where url != nil && configuration.text(secret) == nil {
            throw StartFailure(.configuration, "\(secret.rawValue): must be set, since events are to be signed")
        }
        return WebhookSettings(
            stripeURL: stripe, stripeSecret: configuration.text(.stripeWebhookSecret) ?? "whsec_simulator", paystackURL: paystack,
            paystackSecret: configuration.text(.paystackSecretKey) ?? "sk_test_simulator")
    }
}
