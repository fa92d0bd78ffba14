import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store
import Telemetry

/// Handles requests about purchases one by one: a transaction, then a call to a gateway if it wants one, then the next transaction, until
/// there is an answer. What is committed before a call is all that the next program needs when this one dies; see the README.
final class PurchaseDesk {
    private let gateways: Gateways
    private let directory = WalletDirectory()

    /// More calls than any request needs: closing pages in the way of a purchase is the longest.
    private static let mostCalls = 20

    init(_ configuration: Configuration) {
        gateways = Gateways(configuration)
    }

    /// - Returns: what becomes of the message, and what is to be published.
    func handle(_ item: PaymentItem, _ lane: LaneContext) throws -> (end: PaymentEnd, outbox: [StoredMessage]) {
        var outbox: [StoredMessage] = []
        var news: GatewayNews?
        for _ in 0..<Self.mostCalls {
            let past = news
            let done = try RequestRace.settle(on: lane.database) { try turn(item, past, lane) }
            outbox += done.outbox
            switch done.end {
            case .answer(let answer): return (.answer(answer), outbox)
            case .conflict(let answer): return (.answer(answer), outbox)
            case .later(let reason): return (.later(reason: reason), outbox)
            case .call(let call):
                lane.pass(.beforeCall)
                news = gateways.perform(call, lane)
                lane.pass(.afterCall)
                lane.keepAlive()
            }
        }
        throw DatabaseError(kind: .unusable, message: "a request wanted more than \(Self.mostCalls) calls")
    }

    private func turn(
        _ item: PaymentItem, _ news: GatewayNews?, _ lane: LaneContext
    ) throws -> (end: PurchaseStepEnd, outbox: [StoredMessage]) {
        let subject = try subject(of: item, on: lane.database)
        let organization: String
        switch subject {
        case .refused(let answer): return (.answer(answer), [])
        case .organization(let name): organization = name
        case .purchase(let owner): organization = owner.organization
        case .none: organization = ""
        }
        let session = try PurchaseSession(item, organization: organization, gateways: gateways, directory: directory, lane)
        do {
            let known = item.request.isAnswered ? session.knownAnswer() : nil
            if let known, news == nil {
                try session.transaction.rollback()
                return (.answer(known), [])
            }
            lane.pass(.loaded)
            let end: PurchaseStepEnd
            if let known, let news {
                // The message was delivered again meanwhile, and answered by somebody else. What the gateway said counts all the same.
                end = try session.apply(news).map { .call($0) } ?? .answer(known)
                if case .answer = end { return (end, try session.commit(answer: nil)) }
            } else {
                end = try decide(item, subject, news, session)
            }
            lane.pass(.decided)
            var answer: [UInt8]?
            if case .answer(let bytes) = end { answer = bytes }
            return (end, try session.commit(answer: answer))
        } catch {
            // The first error says more than a failed rollback, after which the connection is given up anyway.
            try? session.transaction.rollback()
            throw error
        }
    }

    private func decide(
        _ item: PaymentItem, _ subject: PaymentSubject, _ news: GatewayNews?, _ session: PurchaseSession
    ) throws -> PurchaseStepEnd {
        if let news, let call = try session.apply(news) { return .call(call) }
        var owner: Purchases.Owner?
        if case .purchase(let found) = subject {
            owner = found
            try session.load([found.purchase])
        }
        switch (item.request, owner?.purchase) {
        case (.purchase(let request), _): return try session.buy(request, news)
        case (.addMethod(let request), _): return try session.addMethod(request, news)
        case (.removeMethod(let request), _): return .answer(try session.removeMethod(request.id))
        case (.chooseMethod(let request), _): return .answer(try session.chooseMethod(request.id))
        case (.setPackage(let request), _): return .answer(try session.setPackage(request))
        case (.gatewayEvent(let request), _):
            guard let event = item.event else { preconditionFailure("a webhook is verified before it is handled") }
            return try session.handle(event, request, owner: owner, news)
        case (.execute(let request), let id?): return try session.execute(request, id, news)
        case (.cancel(let request), let id?): return try session.cancel(request, id, news)
        case (.refund(let request), let id?): return try session.refund(request, id, news)
        case (.invoice, let id?): return .answer(try session.makeInvoice(id))
        case (.dueWork(let request), let id?):
            guard case .refund(let number) = request.work else { return try session.reminded(of: id, news) }
            try session.loadRefunds(of: id)
            return try session.remindedOfRefund(number, news)
        default: return .answer(PurchaseSession.notFound)
        }
    }

    // MARK: Whose it is

    private func subject(of item: PaymentItem, on connection: DatabaseConnection) throws -> PaymentSubject {
        switch item.request.subject {
        case .none: return .none
        case .organization: return .organization(try item.command.organization())
        case .purchase(let reference): return own(try Purchases.owner(of: reference, on: connection), item)
        case .refund(let id): return own(try PurchaseRefunds.owner(of: id, on: connection), item)
        case .event: return try subject(ofEvent: item.event, on: connection)
        }
    }

    /// A purchase of another organization than the envelope names is as good as none.
    private func own(_ owner: Purchases.Owner?, _ item: PaymentItem) -> PaymentSubject {
        guard let owner else { return .refused(PurchaseSession.notFound) }
        if let subject = item.command.envelope.subject, ExactText(subject) != ExactText(owner.organization) {
            return .refused(PurchaseSession.notFound)
        }
        return .purchase(owner)
    }

    private func subject(ofEvent event: GatewayEvent?, on connection: DatabaseConnection) throws(DatabaseError) -> PaymentSubject {
        guard let event else { return .none }
        if case .methodPage(let organization?, _) = event.subject { return .organization(organization) }
        if let reference = event.reference, let owner = try Purchases.owner(of: reference, on: connection) { return .purchase(owner) }
        if let charge = event.charge, let owner = try Purchases.owner(ofCharge: charge, event.gateway, on: connection) {
            return .purchase(owner)
        }
        return .none
    }
}
