import Messages
public import Runtime
import Store

/// The program `purser-meter`: what it is called, what it takes in and who handles it.
public enum Meter {
    /// For `Program.run`, and for tests that run its lanes.
    public static let description = ProgramDescription(
        name: "purser-meter", summary: "Debits usage events exactly once; holds, usage refunds and rates.",
        consumer: Messages.Consumer.meter.rawValue, hasShards: true, schemaVersion: Schema.version
    ) { setup in
        [
            .usage(setup.configuration, step: UsageStep(operators: ["purser-operator"])),
            .commands(of: .meter, setup.configuration, step: MeterCommandStep()),
        ]
    }
}
