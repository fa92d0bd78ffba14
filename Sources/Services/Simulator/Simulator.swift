import HTTP
import Telemetry

/// The whole simulator behind one handler: both gateways, the pages for customers, and the side for tests.
///
/// Any thread may call `answer`; each call blocks for as long as its answer takes.
final class Simulator: Sendable {
    private let books: Books
    private let faults = Faults()
    private let sender: WebhookSender
    private let settler: Settler
    private let stripe: StripeGateway
    private let paystack: PaystackGateway
    private let control: ControlSide
    /// Where it is seen from outside; nil: wherever the caller reached it.
    private let publicURL: String?

    init(books: Books, webhooks: WebhookSettings, publicURL: String?, time: TimeSource) {
        self.books = books
        self.publicURL = publicURL
        sender = WebhookSender(webhooks, books: books, time: time)
        settler = Settler(books: books, time: time)
        stripe = StripeGateway(books: books, faults: faults)
        paystack = PaystackGateway(books: books, faults: faults)
        control = ControlSide(books: books, faults: faults, sender: sender, settler: settler)
        books.whenChanged { [sender, settler] changes in
            sender.announce(changes)
            if changes.contains(where: { $0.kind == .due && !$0.node.isNull }) { settler.wake() }
        }
    }

    /// Nobody is kept waiting any more; what was to be sent later is not.
    func stop() {
        faults.stop()
        settler.stop()
        sender.stop()
    }

    func answer(_ request: ServerRequest) -> ServerResponse {
        let steps = request.path.split(separator: "/").map(String.init)
        switch steps.first {
        case "v1": return stripe.answer(request, at: base(request))
        case "_sim": return control.answer(request)
        case "_pages": return page(request, Array(steps.dropFirst()))
        default:
            if PaystackGateway.owns(request.path) { return paystack.answer(request, at: base(request)) }
            return Page.message(404, title: "Not found", "This is a payment simulator. Its books are at /_sim/charges.")
        }
    }

    private func base(_ request: ServerRequest) -> String {
        publicURL ?? "http://\(request.header("Host") ?? "127.0.0.1")"
    }

    private func page(_ request: ServerRequest, _ steps: [String]) -> ServerResponse {
        guard steps.count == 2, request.method == "GET" || request.method == "POST" else {
            return Page.message(404, title: "Not found", "There is no such page.")
        }
        let isShown = request.method == "GET"
        let id = steps[1]
        let publicURL = base(request)
        switch steps[0] {
        case "checkout":
            let page = CheckoutPage(books: books, faults: faults, publicURL: publicURL)
            return isShown ? page.show(id) : page.submit(id, request)
        case "authenticate":
            let page = AuthenticationPage(books: books, publicURL: publicURL)
            return isShown ? page.show(id) : page.submit(id, request)
        case "paystack":
            let page = PaystackPage(books: books, faults: faults, publicURL: publicURL)
            return isShown ? page.show(id) : page.submit(id, request)
        case "receipts":
            guard let charge = books.read({ $0.find(.charge, id) }) else { break }
            let currency = charge["currency"].text ?? "usd"
            let amount = Amounts.shown(charge["amount"].number ?? 0, currency)
            return Page.message(200, title: "Receipt", "\(amount) \(currency.uppercased())")
        default: break
        }
        return Page.message(404, title: "Not found", "There is no such page.")
    }
}
