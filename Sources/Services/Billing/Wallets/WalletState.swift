import Domain
import Messages
import Runtime
import Store

/// What a new wallet starts with (`TOKEN_TRIAL_USES`, `TOKEN_MONTHLY_ALLOWANCE`).
struct WalletStart {
    let trialUses: Int64
    let monthlyAllowance: Int64

    /// A wallet as the database opens it, which is not in the database.
    func wallet(of organization: String, at moment: Moment) -> WalletState {
        WalletState(
            wallet: Wallet(
                id: 0, organization: organization, trialUsesLeft: trialUses, allowance: Allowance(tokens: monthlyAllowance),
                recordedAt: moment),
            contact: WalletContact(), cover: nil)
    }
}

/// A wallet with everything that commands change on it.
struct WalletState {
    var wallet: Wallet
    var contact: WalletContact
    /// The newest coverage that staff has given, whether it still runs or not.
    var cover: Coverage?

    /// The coverage by staff that runs at a moment.
    func runningCover(at moment: Moment) -> Coverage? {
        guard let cover, cover.endsAt.map({ moment < $0 }) ?? true else { return nil }
        return cover
    }

    /// How it stands in the audit log. After a change the request stands there too, as it was understood.
    func auditText(at moment: Moment, _ item: BillingItem? = nil) -> String {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("status", wallet.status.rawValue)
        writer.member("current_balance", wallet.balance)
        writer.member("held", wallet.held)
        writer.member("overdraft_debt", wallet.debt)
        OverdraftLimit(wallet.overdraft).write("overdraft_limit", to: &writer)
        writer.member("trial_uses_left", wallet.trialUsesLeft)
        writer.member("monthly_allowance", wallet.allowance.tokens)
        writer.member("next_monthly_allowance", ifPresent: wallet.allowance.next)
        writer.member("sequence", wallet.sequence)
        if let cover = runningCover(at: moment) {
            writer.name("unlimited_services")
            writer.beginArray()
            for service in cover.services { writer.value(service) }
            writer.endArray()
            writer.member("unlimited_until", timeIfPresent: cover.endsAt?.microseconds)
        }
        writer.member("name", ifPresent: contact.name)
        writer.member("billing_address", ifPresent: contact.billingAddress)
        writer.member("tax_id", ifPresent: contact.taxID)
        writer.member("email", ifPresent: contact.email)
        if let item {
            writer.name("request")
            writer.beginObject()
            writer.member("source", item.command.identity.source)
            writer.member("id", item.command.identity.id)
            item.request.write(to: &writer)
            writer.endObject()
        }
        writer.endObject()
        return writer.text
    }
}

extension OverdraftLimit {
    init(_ overdraft: Overdraft) {
        self =
            switch overdraft {
            case .limited(let tokens): .tokens(tokens)
            case .unlimited: .unlimited
            }
    }
}
