import Messages
public import Runtime
import Store

/// The program `purser-billing`: what it is called, what it takes in and who handles it.
public enum BillingProgram {
    /// For `Program.run`, and for tests that run its lanes.
    public static let description = ProgramDescription(
        name: "purser-billing", summary: "Sells tokens: wallets, purchases, payments, refunds, invoices.",
        consumer: Messages.Consumer.billing.rawValue, schemaVersion: Schema.version,
        exchanges: [Exchange.events.rawValue, Exchange.commands.rawValue],
        metrics: [.gatewayCalls, .gatewaySeconds, .purchases, .operatorAlerts]
    ) { setup in
        [.commands(of: .billing, setup.configuration, window: window, step: BillingStep(setup.configuration))]
    }

    /// A call to a gateway takes up to 15 s, so a lane takes few messages at a time: the others are for the other lanes.
    private static let window = 8
}
