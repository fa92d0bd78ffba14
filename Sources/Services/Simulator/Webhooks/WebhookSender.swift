import HTTP
import Runtime
import Synchronization
import Telemetry

/// Sends events to their addresses, in threads of its own, again and again until somebody takes them.
///
/// What was not delivered when the process ends is forgotten, but stands in the books as an event and can be sent again on command.
final class WebhookSender: Sendable {
    private struct Work {
        var settings: WebhookSettings
        var waiting: [Delivery] = []
        var held: [Delivery] = []
        var log: [Node] = []
        var underway = 0
        var isStopping = false
    }

    private static let longestLog = 5000
    private let work: Mutex<Work>
    private let bell = Bell()
    private let books: Books
    private let time: TimeSource
    private let random = Mutex(SystemRandomNumberGenerator())
    private let threads = Mutex<[LaneThread]>([])

    /// Starts the threads: as many as there may be copies that have to arrive at once.
    init(_ settings: WebhookSettings, books: Books, time: TimeSource, threads count: Int = 10) {
        work = Mutex(Work(settings: settings))
        self.books = books
        self.time = time
        let started = (0..<count).map { _ in LaneThread { [self] in run() } }
        threads.withLock { $0 = started }
    }

    func stop() {
        work.withLock { $0.isStopping = true }
        bell.ring()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    var settings: WebhookSettings { work.withLock { $0.settings } }

    func change(_ change: (inout WebhookSettings) -> Void) {
        work.withLock { change(&$0.settings) }
        if !settings.isHolding { release(.inOrder) }
    }

    /// Sends what is new in the books.
    func announce(_ changes: [BookState.Change]) {
        for change in changes where change.isNew && (change.kind == .event || change.kind == .paystackEvent) {
            enqueue(deliveries(change.kind, change.node))
        }
    }

    /// Sends an event once more, so many times.
    func resend(_ id: String, times: Int) -> Bool {
        let found = books.read { state -> (Kind, Node)? in
            if let node = state.find(.event, id) { return (.event, node) }
            return state.find(.paystackEvent, id).map { (.paystackEvent, $0) }
        }
        guard let found else { return false }
        let copies = deliveries(found.0, found.1)
        for _ in 0..<times { enqueue(copies, isExtra: true) }
        return true
    }

    private func deliveries(_ kind: Kind, _ event: Node) -> [Delivery] {
        let settings = settings
        let id = event["id"].text ?? ""
        if kind == .paystackEvent {
            let body: Node = ["event": event["event"], "data": event["data"]]
            let type = event["event"].text ?? ""
            return settings.paystackURL.map {
                [Delivery(gateway: "paystack", event: id, type: type, url: $0, secret: settings.paystackSecret, body: body.json)]
            } ?? []
        }
        let type = event["type"].text ?? ""
        var targets = settings.stripeURL.map { [($0, settings.stripeSecret)] } ?? []
        let endpoints = books.read { Array($0.all(.webhookEndpoint)) }
        for endpoint in endpoints where endpoint["status"].text == "enabled" {
            let wanted = endpoint["enabled_events"].elements.compactMap(\.text)
            guard wanted.contains("*") || wanted.contains(type) else { continue }
            targets.append((endpoint["url"].text ?? "", endpoint["_secret"].text ?? ""))
        }
        guard !targets.isEmpty else { return [] }
        let body = event.shown.json
        return targets.map { Delivery(gateway: "stripe", event: id, type: type, url: $0.0, secret: $0.1, body: body) }
    }

    private func enqueue(_ deliveries: [Delivery], isExtra: Bool = false) {
        guard !deliveries.isEmpty else { return }
        let now = time.monotonicNanoseconds
        work.withLock { work in
            let copies = isExtra ? 1 : 1 + work.settings.duplicates
            for delivery in deliveries.flatMap({ Array(repeating: $0, count: copies) }) {
                var delivery = delivery
                delivery.due = now + shuffle(work.settings.shuffleMilliseconds)
                if work.settings.isHolding && !isExtra { work.held.append(delivery) } else { work.waiting.append(delivery) }
            }
        }
        bell.ring()
    }

    private func shuffle(_ milliseconds: Int64) -> Int64 {
        milliseconds == 0 ? 0 : random.withLock { Int64.random(in: 0...milliseconds * 1_000_000, using: &$0) }
    }

    /// In which order what was held back is let go.
    enum Order: String, Sendable {
        case inOrder = "in_order"
        case reversed
        case shuffled
    }

    /// Lets go what was held back. - Returns: how many.
    @discardableResult
    func release(_ order: Order) -> Int {
        let now = time.monotonicNanoseconds
        let count = work.withLock { work -> Int in
            var held = work.held
            work.held = []
            switch order {
            case .inOrder: break
            case .reversed: held.reverse()
            case .shuffled: random.withLock { held.shuffle(using: &$0) }
            }
            // A nanosecond apart, so that they are taken in this order.
            for index in held.indices { held[index].due = now + Int64(index) }
            work.waiting += held
            return held.count
        }
        bell.ring()
        return count
    }

    /// What was sent and what waits.
    var shown: Node {
        work.withLock { work in
            [
                "settings": work.settings.shown, "held": .number(Int64(work.held.count)),
                "waiting": .number(Int64(work.waiting.count + work.underway)), "deliveries": .list(work.log),
            ]
        }
    }

    private func run() {
        let client = try? HTTPClient(agent: "purser-paysim")
        while true {
            let seen = bell.count
            let (delivery, isStopping, pause) = take()
            if isStopping { return }
            guard let delivery, let client else {
                bell.wait(after: seen, milliseconds: pause)
                continue
            }
            send(delivery, client)
        }
    }

    /// The next delivery that is due, or how long to wait.
    private func take() -> (Delivery?, isStopping: Bool, pause: Int64) {
        let now = time.monotonicNanoseconds
        return work.withLock { work in
            guard let place = work.waiting.indices.min(by: { work.waiting[$0].due < work.waiting[$1].due }) else {
                return (nil, work.isStopping, 60_000)
            }
            let due = work.waiting[place].due
            guard due <= now else { return (nil, work.isStopping, (due - now) / 1_000_000 + 1) }
            work.underway += 1
            return (work.waiting.remove(at: place), work.isStopping, 0)
        }
    }

    private func send(_ delivery: Delivery, _ client: HTTPClient) {
        var request = HTTPRequest(.post, delivery.url, body: delivery.body)
        let signature = delivery.signature(now: time.wallMicroseconds / 1_000_000)
        request.headers = [HTTPHeader("Content-Type", "application/json; charset=utf-8"), HTTPHeader(signature.name, signature.value)]
        request.totalTimeout = .seconds(10)
        let status = (try? client.send(request))?.status ?? 0
        var delivery = delivery
        delivery.attempts += 1
        let now = time.monotonicNanoseconds
        work.withLock { work in
            work.underway -= 1
            note(delivery, status, &work)
            let waits = work.settings.retryMilliseconds
            guard !(200..<300).contains(status), delivery.attempts <= waits.count else { return }
            delivery.due = now + waits[delivery.attempts - 1] * 1_000_000
            work.waiting.append(delivery)
        }
        bell.ring()
    }

    private func note(_ delivery: Delivery, _ status: Int, _ work: inout Work) {
        if work.log.count >= WebhookSender.longestLog { work.log.removeFirst(WebhookSender.longestLog / 10) }
        work.log.append([
            "gateway": .text(delivery.gateway), "event": .text(delivery.event), "type": .text(delivery.type), "url": .text(delivery.url),
            "attempt": .number(Int64(delivery.attempts)), "status": .number(Int64(status)),
        ])
    }
}
