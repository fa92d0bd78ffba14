import Domain
import Messages
import Payments
import Postgres
import Runtime
import Store
import Telemetry

/// What a transaction ends with: a call to make before the next one, or the end of the message.
enum PurchaseStepEnd {
    case call(PlannedCall)
    case answer([UInt8])
    /// An answer that is not kept: the request of this identity is another one, and has or will have its own.
    case conflict([UInt8])
    /// The gateway did not answer, and nothing else would ever ask it again: the message comes again.
    case later(reason: String)
}

/// Initializing and executing purchases (`domain.md` 7.2 to 7.4).
extension PurchaseSession {
    /// - Parameter news: what the call of the transaction before brought; nil in the first one.
    func buy(_ request: BillingPurchase, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        let scope = PurchaseScope(wallet: wallet?.id ?? 0, type: .oneTime)
        let rows = try transaction.run([
            Purchases.relating(to: scope, organization: organization, key: request.idempotencyKey, request: cause)
        ])
        let related = Purchases.Related(rows[0])
        try load(related.all)
        if let id = related.sameRequest {
            // Its first handling is still under way: nothing but the purchase itself knows yet what the message said.
            let first = stored(id)
            guard ExactText(first.organization) == ExactText(organization), first.terms.contentDigest == request.contentDigest else {
                return .conflict(CommandAnswers.conflict)
            }
            return try resume(id, execute: request.execute, news)
        }
        if let id = related.sameKey {
            return .answer(stored(id).terms.contentDigest == request.contentDigest ? try answer(id) : Self.keyConflict)
        }
        return try initialize(request, others: related.scope, news)
    }

    /// Goes on with the purchase that this very message began, perhaps in a program that is gone.
    private func resume(_ id: Int64, execute: Bool, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        let state = stored(id).purchase.state
        if news == nil, state.phase == .charging { return try takeUpLostCall(id) }
        // It died while it asked, before anybody was answered: asking is free.
        if news == nil, state.phase == .unknown, let call = try asking(id) { return .call(call) }
        if state.status == .pending, execute { return try begin(id, isEarly: true) }
        return .answer(try answer(id))
    }

    /// The program that made the call is gone, so its outcome is unknown: ask before anything else. A page that may stand is opened again
    /// with the same key.
    func takeUpLostCall(_ id: Int64) throws -> PurchaseStepEnd {
        let call = try act(decide(id) { $0.ended(.unknown, circumstances(id)) }, on: id)
        if let call { return .call(call) }
        switch stored(id).purchase.state.phase {
        case .unknown:
            if let asking = try asking(id) { return .call(asking) }
            return .answer(try answer(id))
        case .retryWaiting: return try begin(id, isEarly: true)
        default: return .answer(try answer(id))
        }
    }

    private func initialize(_ request: BillingPurchase, others: [Int64], _ news: GatewayNews?) throws -> PurchaseStepEnd {
        // The one that was to be replaced was paid meanwhile. Whether a second one is wanted beside it only the buyer knows.
        if case .closed(let old, .alreadyPaid) = news, stored(old).purchase.state.status.wasCompleted {
            try issueDocuments()
            return .answer(
                figures(old).refusal(.purchaseSettled, detail: "the purchase that was to be replaced was paid meanwhile and is completed"))
        }
        let payment: ChosenPayment
        let quote: PurchaseQuote
        switch try choosePayment(request.payment) {
        case .refused(let answer): return .answer(answer)
        case .chosen(let chosen): payment = chosen
        }
        switch try price(request, payment.gateway) {
        case .refused(let answer): return .answer(answer)
        case .chosen(let priced): quote = priced
        }
        // Checked before anybody is charged, with room for all that is under way: what was paid has to find its place.
        guard max(wallet?.balance ?? 0, wallet?.totals.purchased ?? 0) < Int64.max / 2 - quote.tokens else {
            return .answer(Answer.failure(.overflow, detail: "the wallet cannot hold so many tokens"))
        }
        let replaced: [PurchaseReference]
        do throws(PurchaseRefusal) {
            replaced = try PurchaseAdmission.decide(
                wallet: wallet?.status, systemEnabled: transaction.system.isEnabled, others: others.map { stored($0).purchase },
                replace: request.replace, at: moment)
        } catch {
            return .answer(Self.refusal(error))
        }
        for id in others where replaced.contains(stored(id).purchase.reference) {
            if let end = try replace(id, news) { return end }
        }
        if wallet == nil {
            _ = try walletPlace()
            // Another lane opened it after we had looked: what it has begun there stands in the way, and is locked only now.
            if !transaction.opened.contains(organization) { return try buy(request, news) }
        }
        let id = try create(request, quote, payment)
        return request.execute ? try begin(id, isEarly: true) : .answer(try answer(id))
    }

    /// Cancels a purchase that waits, so that the new one can take its place; nil when that is done.
    private func replace(_ id: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd? {
        // Its page could not be closed a moment ago.
        if case .closed(let closed, .unknown) = news, closed == id {
            return .answer(Self.refusal(.inProgress(stored(id).purchase.reference)))
        }
        let actions = decide(id) { $0.cancel(hasIntent: false, at: moment).1 }
        if let call = try act(actions, on: id) { return .call(call) }
        let purchase = stored(id).purchase
        return purchase.state.status == .cancelled ? nil : .answer(Self.refusal(.inProgress(purchase.reference)))
    }

    private func create(_ request: BillingPurchase, _ quote: PurchaseQuote, _ payment: ChosenPayment) throws -> Int64 {
        let place = try walletPlace()
        var random = SystemRandomNumberGenerator()
        let purchase = Purchase(
            reference: PurchaseReference(using: &random), scope: PurchaseScope(wallet: transaction.wallets[place].id, type: .oneTime),
            tokens: quote.tokens, total: quote.totals.total, gateway: payment.gateway, createdAt: moment)
        let terms = PurchaseTerms(
            line: quote.line, net: quote.totals.net, tax: quote.totals.tax, package: quote.packageID, expirationDays: quote.expirationDays,
            page: payment.page, metadata: request.metadata, idempotencyKey: request.idempotencyKey, contentDigest: request.contentDigest,
            request: cause, actor: request.actor)
        let id = try insert(
            StoredPurchase(organization: organization, purchase: purchase, terms: terms, paymentMethod: payment.method?.id))
        lane.metrics.counter(.purchases, purchase.scope.type.rawValue, PurchaseStatus.pending.rawValue).add()
        tellOfWallet(PurchaseInitialized(facts: facts(id), actor: request.actor))
        return id
    }

    // MARK: Charging

    /// Begins an attempt, or says why not.
    func begin(_ id: Int64, isEarly: Bool) throws -> PurchaseStepEnd {
        let stored = stored(id)
        if wallet?.status == .suspended { return .answer(Self.refusal(.walletSuspended)) }
        let way: ChargeWay = stored.terms.page == nil ? .savedMethod(attempts: try declines(of: stored.paymentMethod)) : .hostedPage
        var refused: ChargeRefusal?
        var actions = decide(id) { purchase in
            do throws(ChargeRefusal) {
                return try purchase.begin(way, isEarly: isEarly, systemEnabled: transaction.system.isEnabled, at: moment)
            } catch {
                refused = error
                return []
            }
        }
        if refused == .cardAttemptsUsedUp { actions = decide(id) { $0.cardIsUsedUp(circumstances(id)) } }
        if let call = try act(actions, on: id) { return .call(call) }
        if let refused { return .answer(refusal(refused, id)) }
        return .answer(try answer(id))
    }

    private func declines(of method: String?) throws(DatabaseError) -> [Moment] {
        guard let method else { return [] }
        let since = Moment(microseconds: moment.microseconds - RetryPlan.attemptsWindow.microseconds)
        return PaymentAttempts.declines(in: try transaction.run([PaymentAttempts.declines(of: method, since: since)])[0])
    }

    /// `billing.purchase_execute`: the first attempt, or the next one with another card; asks the gateway where one cannot begin now.
    func execute(_ request: PurchaseExecute, _ id: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        let state = stored(id).purchase.state
        guard news == nil else { return .answer(try answer(id)) }
        // Nobody knows whether somebody was charged: the one thing that can be done for it is to ask, as often as anybody likes.
        if state.phase == .unknown || state.phase == .parked, let call = try asking(id) { return .call(call) }
        // The customer comes back from the page before its webhook does, or the webhook was lost.
        if state.phase == .customerAction, state.hasPage, let page = stored(id).gatewayObject {
            let purchase = stored(id).purchase
            return .call(
                PlannedCall(
                    purchase.gateway, .readPage(purchase: id, attempt: state.attempts, page: page, purchase.total.currency)))
        }
        if state.phase == .charging {
            let attempt = PaymentAttempts.found(in: try transaction.run([PaymentAttempts.finding(id, state.attempts)])[0])
            // Delivered again: the attempt that this message began was lost with its program.
            return attempt?.request == cause ? try takeUpLostCall(id) : .answer(refusal(.chargeInProgress, id))
        }
        if state.status.wasCompleted { return .answer(try answer(id)) }
        let before = stored(id)
        if before.terms.page == nil, let refused = try takeMethod(request.paymentMethod, id) { return .answer(refused) }
        let end = try begin(id, isEarly: true)
        // What is refused changes nothing: the method of an attempt whose outcome is unknown decides how it is asked for.
        let after = stored(id).purchase.state
        if case .answer = end, after.status == before.purchase.state.status, after.phase == before.purchase.state.phase {
            purchases[id] = before
        }
        return end
    }

    /// Checks the payment method of an attempt, and takes another one where one is named.
    private func takeMethod(_ name: String?, _ id: Int64) throws(DatabaseError) -> [UInt8]? {
        var stored = stored(id)
        let methods = PaymentMethods.found(in: try transaction.run([PaymentMethods.loading(organization: organization)])[0])
        let method: PaymentMethod
        do throws(PaymentMethodRefusal) {
            method = try PaymentMethodChoice.of(name ?? stored.paymentMethod, among: methods, organization: organization, at: moment)
        } catch {
            return Self.refusal(error)
        }
        guard method.gateway == stored.purchase.gateway else {
            return Answer.failure(
                .currencyNotSupported, detail: "the purchase was priced for another gateway", field: "payment_method_id")
        }
        guard method.id != stored.paymentMethod else { return nil }
        stored.paymentMethod = method.id
        stored.purchase.takeOtherMethod()
        purchases[id] = stored
        return nil
    }

    /// `billing.purchase_cancel` (`domain.md` 7.8).
    func cancel(_ request: PurchaseCancel, _ id: Int64, _ news: GatewayNews?) throws -> PurchaseStepEnd {
        if case .closed(_, let result) = news {
            if case .unknown = result {
                return .answer(
                    figures(id).refusal(
                        .gatewayUnavailable, detail: "the page could not be closed yet; that is tried again until it is"))
            }
            return .answer(try answer(id))
        }
        var verdict = CancelVerdict.cancelled
        let actions = decide(id) { purchase in
            let (told, actions) = purchase.cancel(hasIntent: false, at: moment)
            verdict = told
            return actions
        }
        if let call = try act(actions, on: id) { return .call(call) }
        switch verdict {
        case .cancelled: return .answer(figures(id).success())
        case .closing where stored(id).purchase.state.status == .cancelled: return .answer(figures(id).success())
        case .closing, .chargeInProgress: return .answer(refusal(.chargeInProgress, id))
        case .settled: return .answer(refusal(.purchaseSettled, id))
        }
    }
}

extension BillingPurchase {
    /// What the same idempotency key has to agree in: what is bought and how it is paid, not who asks.
    var contentDigest: [UInt8] {
        var parts: [String?] = [catalog, metadata]
        switch item {
        case .package(let id): parts += ["package", id]
        case .tokens(let tokens): parts += ["tokens", String(tokens)]
        }
        switch payment {
        case .method(let id): parts += ["method", id]
        case .checkout(let success, let cancel, let gateway): parts += ["checkout", success, cancel, gateway]
        }
        return ContentDigest.of(parts)
    }
}
