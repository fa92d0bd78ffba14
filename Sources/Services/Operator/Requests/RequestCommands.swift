import Messages

/// Every command that is one request with an answer.
enum RequestCommands {
    static let all: [Command] = (wallets + rates + holds + PurchaseRequests.all).map(\.command)

    private static let contact: [FieldOption] = [
        FieldOption("name", .text, "NAME", "the organization's name on invoices"),
        FieldOption("billing-address", .text, "TEXT", "its postal address"),
        FieldOption("tax-id", .text, "TEXT", "its tax number"),
        FieldOption("email", .text, "ADDRESS", "where invoices and notices go"),
    ]

    private static let amount: [FieldOption] = [
        FieldOption("service", .text, "NAME", "the service that is used", isRequired: true),
        FieldOption("quantity", .whole, "N", "how much of it (1)"),
        FieldOption("tokens", .whole, "N", "the cost itself, for a pass-through service"),
    ]

    static let wallets: [RequestCommand] = [
        RequestCommand(
            path: ["wallet", "open"], type: .walletOpen, summary: "Open a wallet for an organization.", fields: contact,
            examples: ["wallet open org-42", "wallet open org-42 --name 'Example Ltd' --email billing@example.com"]),
        RequestCommand(
            path: ["wallet", "grant"], type: .grant, summary: "Give tokens to an organization; opens its wallet where there is none.",
            fields: [
                FieldOption("tokens", .whole, "N", "how many", isRequired: true),
                FieldOption("reason", .text, "TEXT", "why, for the ledger and the audit log"),
                FieldOption("kind", .text, "promotional|paid", "what kind of lot they become (promotional)"),
                FieldOption("priority", .whole, "0..100", "lower burns first (50)"),
                FieldOption("effective-at", .time, "TIME", "from when they can be used (now)"),
                FieldOption("expires-at", .time, "TIME", "until when, exclusively"),
                FieldOption("idempotency-key", .text, "KEY", "grants once per key and organization"),
            ],
            examples: [
                "wallet grant org-42 --tokens 1000 --reason 'welcome'",
                "wallet grant org-42 --tokens 500 --expires-at 2027-01-01T00:00:00Z --idempotency-key spring-2026",
            ]),
        RequestCommand(
            path: ["wallet", "adjust"], type: .adjust, summary: "Correct a balance, up or down.",
            fields: [
                FieldOption("tokens", .whole, "N", "how many more, or fewer with a minus", isRequired: true),
                FieldOption("reason", .text, "TEXT", "why; staff have to say it", isRequired: true),
            ],
            examples: ["wallet adjust org-42 --tokens -20 --reason 'counted twice'"]),
        RequestCommand(
            path: ["wallet", "suspend"], type: .walletSuspend, summary: "Stop all debits of a wallet.",
            fields: [FieldOption("reason", .text, "TEXT", "why")], examples: ["wallet suspend org-42 --reason 'unpaid invoice'"]),
        RequestCommand(
            path: ["wallet", "reactivate"], type: .walletReactivate, summary: "Let a suspended wallet be debited again.",
            fields: [FieldOption("reason", .text, "TEXT", "why")], examples: ["wallet reactivate org-42"]),
        RequestCommand(
            path: ["wallet", "settings"], type: .walletSettings,
            summary: "Change a wallet's overdraft, trial, allowance, cover or contact.",
            fields: [
                FieldOption("overdraft-limit", .limit, "N|unlimited", "how far below zero it may go"),
                FieldOption("trial-uses", .whole, "N", "free uses that are left"),
                FieldOption("monthly-allowance", .whole, "N", "tokens for nothing each month, from the next one on"),
                FieldOption("unlimited-services", .list, "A,B", "services that cost nothing until --unlimited-until, or *; empty: none"),
                FieldOption("unlimited-until", .time, "TIME", "the end of that"),
            ] + contact,
            examples: [
                "wallet settings org-42 --overdraft-limit 500", "wallet settings org-42 --overdraft-limit unlimited",
                "wallet settings org-42 --unlimited-services ai.chat --unlimited-until 2027-01-01T00:00:00Z",
            ],
            details: """
                Naming a service in --unlimited-services covers it, whatever its rate says; * covers all services whose rate is
                unlimited_eligible. A later list takes the place of the one before.
                """, tellsRequest: true),
    ]

    static let rates: [RequestCommand] = [
        RequestCommand(
            path: ["rates", "set"], type: .meterRateSet, summary: "Set what a service costs.",
            fieldArguments: [("SERVICE", "service", "the service's name")], hasOrganization: false,
            fields: [
                FieldOption("tokens-per-unit", .whole, "N", "the price of one unit"),
                FieldOption("pass-through", .flag, "", "its events carry their own tokens"),
                FieldOption("trial-eligible", .flag, "", "a trial use may pay for it"),
                FieldOption("unlimited-eligible", .flag, "", "a cover of * includes it; a cover that names it needs no such rate"),
                FieldOption("effective-from", .time, "TIME", "from when it holds (now)"),
            ],
            examples: ["rates set copilot_query --tokens-per-unit 2", "rates set llm.chat --pass-through"])
    ]

    static let holds: [RequestCommand] = [
        RequestCommand(
            path: ["check"], type: .meterCheck, summary: "Ask whether a use would be paid for; changes nothing.", fields: amount,
            examples: ["check org-42 --service outbound_calling", "check org-42 --service llm.chat --tokens 1200 --json"],
            details: "Exits 1 when the organization has not enough.", mayGoUnanswered: false),
        RequestCommand(
            path: ["hold", "place"], type: .meterHold, summary: "Set tokens aside for work in progress.",
            fieldArguments: [("HOLD", "hold_id", "the hold's id, unique per organization")],
            fields: amount + [timeout],
            examples: ["hold place org-42 job-7 --service outbound_calling --quantity 3 --timeout 600"]),
        RequestCommand(
            path: ["hold", "capture"], type: .meterHoldCapture, summary: "Use what a hold has set aside, all or part.",
            fieldArguments: [("HOLD", "hold_id", "the hold's id")],
            fields: [FieldOption("tokens", .whole, "N", "how many of its tokens; 0 releases it", isRequired: true)],
            examples: ["hold capture org-42 job-7 --tokens 100"]),
        RequestCommand(
            path: ["hold", "release"], type: .meterHoldRelease, summary: "Give back what a hold has set aside.",
            fieldArguments: [("HOLD", "hold_id", "the hold's id")], fields: [], examples: ["hold release org-42 job-7"]),
        RequestCommand(
            path: ["refund", "usage"], type: .meterUsageRefund, summary: "Give back the tokens of a usage event whose work failed.",
            fields: [
                FieldOption("source", .text, "SOURCE", "the event's source", isRequired: true),
                FieldOption("id", .text, "ID", "the event's id", isRequired: true),
                FieldOption("tokens", .whole, "N", "how many (all)"),
                FieldOption("reason", .text, "TEXT", "why"),
            ],
            examples: ["refund usage org-42 --source /crm --id 01J8 --reason 'the answer never came'"],
            details: """
                Where there is no debit of the event yet, the refund is tried again after 10 s and after 1 min more, because the event may still
                wait in its queue. So it takes 70 s to learn that there is none (usage_not_found, exit code 1), and --deadline is longer here.
                """),
    ]

    private static var timeout: FieldOption {
        var option = FieldOption("timeout", .whole, "SECONDS", "after which it is released, 1 to 604800", isRequired: true)
        option.field = "timeout_seconds"
        return option
    }
}
