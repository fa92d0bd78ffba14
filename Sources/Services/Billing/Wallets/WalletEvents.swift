import Domain
import Messages
import Runtime
import Store

extension EventSheet {
    /// Adds what a wallet announced while a request was handled.
    mutating func add(_ announced: Announced, of state: WalletState, _ item: BillingItem, at moment: Moment) {
        add(
            announced, organization: item.organization,
            EventContext(
                moment: moment, traceparent: item.command.envelope.traceparent, actor: item.request.actor, reason: item.request.reason,
                name: state.contact.name))
    }
}
