import Messages
public import Runtime
import Store

/// The program `purser-billing`: what it is called, what it takes in and who handles it.
public enum BillingProgram {
    /// For `Program.run`, and for tests that run its lanes.
    public static let description = ProgramDescription(
        name: "purser-billing", summary: "Opens, changes and credits wallets; grants and adjustments.",
        consumer: Messages.Consumer.billing.rawValue, schemaVersion: Schema.version
    ) { setup in
        [.commands(of: .billing, setup.configuration, step: BillingStep())]
    }
}
