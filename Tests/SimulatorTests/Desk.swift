import Glibc
import HTTP
import Synchronization
import Telemetry

@testable import Simulator

/// A simulator without sockets and events: requests go straight into its handler, and the time is the test's.
final class Desk: Sendable {
    let books: Books
    let faults = Faults()
    private let stripe: StripeGateway
    private let paystack: PaystackGateway
    private let box = ClockBox()

    /// - Parameter path: a file for the books; nil: none.
    init(path: String? = nil) throws {
        let clock = box
        books = try Books(path: path, time: TimeSource(wall: { clock.microseconds.load(ordering: .relaxed) }, monotonic: { 0 }))
        stripe = StripeGateway(books: books, faults: faults)
        paystack = PaystackGateway(books: books, faults: faults)
    }

    private final class ClockBox: Sendable {
        let microseconds = Atomic<Int64>(1_780_000_000_000_000)
    }

    func advance(seconds: Int64) {
        box.microseconds.add(seconds * 1_000_000, ordering: .relaxed)
    }

    func settle() {
        _ = books.change { Due.settle(&$0) }
    }

    func send(_ method: String, _ target: String, _ form: String = "", key: String? = nil) -> (response: ServerResponse, body: Node) {
        let parts = target.split(separator: "?", maxSplits: 1).map { String($0) }
        var headers = [HTTPHeader("Authorization", "Bearer sk_test_desk")]
        if let key { headers.append(HTTPHeader("Idempotency-Key", key)) }
        let request = ServerRequest(
            method: method, path: parts[0], query: parts.count == 2 ? parts[1] : "", headers: headers, body: Array(form.utf8))
        let response =
            target.hasPrefix("/v1/") ? stripe.answer(request, at: "http://desk") : paystack.answer(request, at: "http://desk")
        return (response, Node(json: response.body) ?? .null)
    }

    func post(_ target: String, _ form: String = "", key: String? = nil) -> Node { send("POST", target, form, key: key).body }

    func get(_ target: String) -> Node { send("GET", target).body }

    /// A charge that goes well, or as the method says.
    func pay(_ method: String = "pm_card_visa", amount: Int64 = 1000, key: String? = nil, _ more: String = "") -> Node {
        post("/v1/payment_intents", "amount=\(amount)&currency=usd&confirm=true&payment_method=\(method)\(more)", key: key)
    }

    var charges: [Node] { books.read { ChargeListing.all($0).elements } }
}

/// A path for a file that is taken away with the value.
final class TemporaryFile {
    let path: String

    init() {
        var template = Array("/tmp/paysim-test-XXXXXX".utf8CString)
        close(mkstemp(&template))
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        unlink(path)
    }

    func append(_ text: String) {
        let descriptor = open(path, O_WRONLY | O_APPEND)
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
    }
}
