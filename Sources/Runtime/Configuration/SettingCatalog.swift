extension Setting {
    /// What is known of this variable. One line each, so that a reader of the file sees the whole surface at once.
    var entry: SettingEntry {
        switch self {
        case .enableTokenSystem, .defaultTokenPrice, .tokenCurrency, .tokenExpirationEnabled, .tokenExpirationDays,
            .tokenLowBalanceThreshold, .tokenCriticalBalanceThreshold, .tokenAutoTopUpEnabled, .tokenSubscriptionGracePeriodDays,
            .tokenInvoiceTaxRate, .tokenInvoiceDueDays, .tokenWelcomeGrant, .tokenMonthlyAllowance, .tokenTrialUses, .tokenCatalog,
            .tokenPurchaseMin, .tokenPurchaseMax, .tokenRenewalReminderDays, .tokenAuditRetentionMonths, .tokenDisputeSuspends,
            .sellerName, .sellerAddress, .sellerTaxID, .sellerEmail:
            ruleEntry
        case .amqpURL, .amqpAdminURL, .databaseURL, .databaseAdminURL, .smtpURL, .stripeSecretKey, .stripeWebhookSecret, .stripeAPIBase,
            .paystackSecretKey, .paystackAPIBase, .paysimURL, .paysimAddress, .paysimBooks, .paysimStripeWebhookURL,
            .paysimPaystackWebhookURL, .jwtSecret, .jwtPublicKey, .jwtIssuer, .jwtAudience:
            connectionEntry
        default: programEntry
        }
    }

    private var ruleEntry: SettingEntry {
        let most = Int64.max
        return switch self {
        case .enableTokenSystem:
            .init(.rules, .flag, "true", .open, "First value of the switch `system.enabled`. Off: usage is recorded, not charged.")
        case .defaultTokenPrice: .init(.rules, .decimal(upTo: 1_000_000), "0.50", .open, "Price of a single token, net.")
        case .tokenCurrency: .init(.rules, .currency, "USD", .open, "Currency of that price.")
        case .tokenExpirationEnabled: .init(.rules, .flag, "false", .open, "Whether purchased tokens expire.")
        case .tokenExpirationDays: .init(.rules, .integer(1...36_500), "365", .open, "After how many days they do.")
        case .tokenLowBalanceThreshold: .init(.rules, .level, "100", .open, "Level of the low balance notice: tokens, or a share as 25%.")
        case .tokenCriticalBalanceThreshold: .init(.rules, .level, "50", .open, "Level of the critical balance notice, likewise.")
        case .tokenAutoTopUpEnabled: .init(.rules, .flag, "true", .open, "Whether automatic top-ups may run.")
        case .tokenSubscriptionGracePeriodDays: .init(.rules, .integer(0...365), "7", .open, "Days of grace after a failed renewal.")
        case .tokenInvoiceTaxRate: .init(.rules, .decimal(upTo: 1), "0.16", .open, "Tax that is added to net prices.")
        case .tokenInvoiceDueDays: .init(.rules, .integer(0...365), "30", .open, "Days until an unpaid invoice is due.")
        case .tokenWelcomeGrant: .init(.rules, .integer(0...most), "0", .open, "Tokens that a new wallet gets, once.")
        case .tokenMonthlyAllowance: .init(.rules, .integer(0...most), "0", .open, "Tokens that a new wallet gets every month.")
        case .tokenTrialUses: .init(.rules, .integer(0...most), "0", .open, "Free uses that a new wallet has.")
        case .tokenCatalog: .init(.rules, .text(longest: 64), "organization", .open, "The catalog of packages that is shown.")
        case .tokenPurchaseMin: .init(.rules, .integer(1...most), "1", .open, "Least tokens of a custom purchase.")
        case .tokenPurchaseMax: .init(.rules, .integer(1...most), "1000000", .open, "Most tokens of a custom purchase.")
        case .tokenRenewalReminderDays: .init(.rules, .integers(1...365), "7,1", .open, "Days before a renewal at which to remind.")
        case .tokenAuditRetentionMonths: .init(.rules, .integer(1...1200), "84", .open, "Months for which the audit log is kept.")
        case .sellerName: .init(.rules, .text(longest: 255), "Purser", .open, "Who sells, as invoices name it.")
        case .sellerAddress:
            .init(.rules, .text(longest: 1000), nil, .open, "Its postal address; lines are separated by the two characters \\n.")
        case .sellerTaxID: .init(.rules, .text(longest: 64), nil, .open, "Its tax number.")
        case .sellerEmail: .init(.rules, .text(longest: 254), nil, .open, "Where its customers write to.")
        default: .init(.rules, .flag, "false", .open, "Whether a dispute suspends the wallet.")
        }
    }

    private var connectionEntry: SettingEntry {
        let http = SettingKind.url(schemes: ["http", "https"])
        let database = SettingKind.url(schemes: ["postgresql", "postgres"])
        return switch self {
        case .amqpURL:
            .init(.connections, .url(schemes: ["amqp", "amqps"]), nil, .passwordWithin, "The broker, amqps://user:password@host/vhost.")
        case .amqpAdminURL: .init(.connections, http, nil, .passwordWithin, "The broker's management interface, for `purser topology`.")
        case .databaseURL: .init(.connections, database, nil, .passwordWithin, "The database, with this program's own role.")
        case .databaseAdminURL: .init(.connections, database, nil, .passwordWithin, "The database as its owner, for `purser migrate` only.")
        case .smtpURL: .init(.connections, .url(schemes: ["smtp", "smtps"]), nil, .passwordWithin, "The mail server.")
        case .stripeSecretKey: .init(.connections, .text(longest: 512), nil, .secret, "Key for Stripe.")
        case .stripeWebhookSecret: .init(.connections, .text(longest: 512), nil, .secret, "Secret of Stripe's webhooks.")
        case .stripeAPIBase: .init(.connections, http, "https://api.stripe.com", .open, "Where Stripe is; the simulator in tests.")
        case .paystackSecretKey: .init(.connections, .text(longest: 512), nil, .secret, "Key for Paystack; it signs its webhooks too.")
        case .paystackAPIBase: .init(.connections, http, "https://api.paystack.co", .open, "Where Paystack is; the simulator in tests.")
        case .paysimURL:
            .init(
                .connections, http, nil, .open, "Where the payment simulator is seen from outside; without it, where its caller reached it."
            )
        case .paysimAddress: .init(.connections, .address, "127.0.0.1:12111", .open, "Where the payment simulator listens.")
        case .paysimBooks:
            .init(
                .connections, .text(longest: 4096), "purser-paysim.books", .open, "The file in which the payment simulator keeps its books."
            )
        case .paysimStripeWebhookURL:
            .init(.connections, http, nil, .open, "Where the payment simulator sends Stripe's events, signed with STRIPE_WEBHOOK_SECRET.")
        case .paysimPaystackWebhookURL:
            .init(.connections, http, nil, .open, "Where the payment simulator sends Paystack's events, signed with PAYSTACK_SECRET_KEY.")
        case .jwtSecret: .init(.connections, .text(longest: 4096), nil, .secret, "Shared secret of HS256 tokens.")
        case .jwtPublicKey: .init(.connections, .text(longest: 16_384), nil, .secret, "Public key (PEM) of RS256 or ES256 tokens.")
        case .jwtIssuer: .init(.connections, .text(longest: 255), nil, .open, "The `iss` that tokens must carry.")
        default: .init(.connections, .text(longest: 255), "purser", .open, "The `aud` that tokens must carry.")
        }
    }

    private var programEntry: SettingEntry {
        switch self {
        case .logLevel: .init(.programs, .word(["debug", "info", "warning", "warn", "error"]), "info", .open, "Least level of log lines.")
        case .logFormat: .init(.programs, .word(["auto", "json", "text"]), "auto", .open, "JSON or text; auto: text on a terminal.")
        case .url: .init(.programs, .url(schemes: ["http", "https"]), nil, .open, "Where the HTTP gateway is, with the console.")
        case .adminToken: .init(.programs, .text(longest: 8192), nil, .secret, "A token for the HTTP gateway with every permission.")
        case .metricsPort:
            .init(.programs, .integer(0...65_535), "0", .open, "Port of /metrics, /livez and /readyz; 0: none. Not served yet.")
        case .lanes: .init(.programs, .integer(1...64), "1", .open, "Lanes in one process: threads with connections of their own.")
        case .shard: .init(.programs, .shard, "1/1", .open, "The share of the usage partitions that a meter serves first: 1/n to n/n.")
        case .usagePartitions: .init(.programs, .integer(1...64), "8", .open, "How many queues purser.usage.N there are.")
        case .batchMessages: .init(.programs, .integer(1...20_000), "4000", .open, "Most messages in one transaction.")
        case .batchBytes: .init(.programs, .integer(1024...67_108_864), "1048576", .open, "Most bytes of messages in one transaction.")
        case .prefetch: .init(.programs, .integer(1...20_000), "4000", .open, "Unacknowledged messages per usage partition.")
        case .commandPrefetch: .init(.programs, .integer(1...2000), "200", .open, "Unacknowledged messages per command queue.")
        case .drainSeconds: .init(.programs, .integer(1...600), "25", .open, "How long a program may finish its work after SIGTERM.")
        case .connectSeconds: .init(.programs, .integer(1...300), "10", .open, "Time limit for opening a connection.")
        case .statementSeconds: .init(.programs, .integer(1...300), "20", .open, "Time limit of a database statement.")
        case .answerWaitMilliseconds:
            .init(.programs, .integer(0...60_000), "2000", .open, "How long an answer waits for a blocked broker before it is dropped.")
        case .lateWindow: .init(.programs, .integer(0...86_400), "3600", .open, "Seconds after an expiry in which late events still spend.")
        case .timeTravel: .init(.programs, .flag, "false", .open, "For tests: the moment of a step is the time of its message.")
        case .share:
            .init(
                .programs, .text(longest: 4096), nil, .open,
                "Folder with topology/ and ops/migrations/; by default found beside the programs.")
        default: .init(.programs, .crashPoint, nil, .open, "For tests: the process kills itself at this point, `name:count`.")
        }
    }
}
