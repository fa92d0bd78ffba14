/// Every command of `purser`, in the order of the help.
enum CommandTable {
    static let all: [Command] =
        MigrationCommands.all + TopologyCommands.all + PublishCommands.all + WalletCommands.all + RequestCommands.all + RateCommands.all
        + RefusalCommands.all + PurchaseCommands.all
        + InvoiceCommands.all + MethodCommands.all + PackageCommands.all + WebhookCommands.all + LedgerCommands.all + DeadLetterCommands.all
        + StatusCommands.all + DoctorCommands.all + SettingCommands.all
        + OwnCommands.all
}
