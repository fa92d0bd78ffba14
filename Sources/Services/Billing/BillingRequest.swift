import Messages
import Runtime

/// A request to billing with its data read.
enum BillingRequest {
    case open(WalletOpen)
    case suspend(WalletSuspend)
    case reactivate(WalletReactivate)
    case settings(WalletSettings)
    case grant(BillingGrant)
    case adjust(BillingAdjust)

    /// What billing handles; everything else that reaches its queue is dead-lettered as `unknown_type`.
    static let types: Set<RequestType> = [.walletOpen, .walletSuspend, .walletReactivate, .walletSettings, .grant, .adjust]

    /// - Throws: the refusal that names the field at fault. Only types of `types` come here.
    init(_ command: Command) throws(InvalidRequest) {
        switch command.type {
        case .walletOpen: self = .open(try WalletOpen(command.envelope))
        case .walletSuspend: self = .suspend(try WalletSuspend(command.envelope))
        case .walletReactivate: self = .reactivate(try WalletReactivate(command.envelope))
        case .walletSettings: self = .settings(try WalletSettings(command.envelope))
        case .grant: self = .grant(try BillingGrant(command.envelope))
        default: self = .adjust(try BillingAdjust(command.envelope))
        }
    }

    /// Whether it opens the wallet where there is none (W1).
    var opensWallet: Bool {
        switch self {
        case .open, .grant: true
        case .suspend, .reactivate, .settings, .adjust: false
        }
    }

    /// The person for whom the change is made.
    var actor: String? { data.actor }

    /// Why, in the words of whoever asked.
    var reason: String? {
        switch self {
        case .suspend(let suspend): suspend.reason
        case .reactivate(let reactivate): reactivate.reason
        case .grant(let grant): grant.reason
        case .adjust(let adjust): adjust.reason
        case .open, .settings: nil
        }
    }

    /// Writes its fields as they were understood.
    func write(to writer: inout JSONWriter) { data.write(to: &writer) }

    private var data: any ActorRequest {
        switch self {
        case .open(let open): open
        case .suspend(let suspend): suspend
        case .reactivate(let reactivate): reactivate
        case .settings(let settings): settings
        case .grant(let grant): grant
        case .adjust(let adjust): adjust
        }
    }
}

/// A request that may name the person for whom it is made.
private protocol ActorRequest: Messages.Request {
    var actor: String? { get }
}

extension WalletOpen: ActorRequest {}
extension WalletSuspend: ActorRequest {}
extension WalletReactivate: ActorRequest {}
extension WalletSettings: ActorRequest {}
extension BillingGrant: ActorRequest {}
extension BillingAdjust: ActorRequest {}
