/// Every variable that Purser reads. The raw value is the name in the environment and in the file that `PURSER_CONFIG` names.
///
/// Names and defaults of the first group are fixed by operations.md, "Configuration". What each means, its kind and its default stand
/// in `SettingCatalog.swift`; `ops/purser.env.example` is written from there.
public enum Setting: String, Sendable, CaseIterable {
    // The rules
    case enableTokenSystem = "ENABLE_TOKEN_SYSTEM"
    case defaultTokenPrice = "DEFAULT_TOKEN_PRICE"
    case tokenCurrency = "TOKEN_CURRENCY"
    case tokenExpirationEnabled = "TOKEN_EXPIRATION_ENABLED"
    case tokenExpirationDays = "TOKEN_EXPIRATION_DAYS"
    case tokenLowBalanceThreshold = "TOKEN_LOW_BALANCE_THRESHOLD"
    case tokenCriticalBalanceThreshold = "TOKEN_CRITICAL_BALANCE_THRESHOLD"
    case tokenAutoTopUpEnabled = "TOKEN_AUTO_TOPUP_ENABLED"
    case tokenSubscriptionGracePeriodDays = "TOKEN_SUBSCRIPTION_GRACE_PERIOD_DAYS"
    case tokenInvoiceTaxRate = "TOKEN_INVOICE_TAX_RATE"
    case tokenInvoiceDueDays = "TOKEN_INVOICE_DUE_DAYS"
    case tokenWelcomeGrant = "TOKEN_WELCOME_GRANT"
    case tokenMonthlyAllowance = "TOKEN_MONTHLY_ALLOWANCE"
    case tokenTrialUses = "TOKEN_TRIAL_USES"
    case tokenCatalog = "TOKEN_CATALOG"
    case tokenPurchaseMin = "TOKEN_PURCHASE_MIN"
    case tokenPurchaseMax = "TOKEN_PURCHASE_MAX"
    case tokenRenewalReminderDays = "TOKEN_RENEWAL_REMINDER_DAYS"
    case tokenAuditRetentionMonths = "TOKEN_AUDIT_RETENTION_MONTHS"
    case tokenDisputeSuspends = "TOKEN_DISPUTE_SUSPENDS"
    case sellerName = "PURSER_SELLER_NAME"
    case sellerAddress = "PURSER_SELLER_ADDRESS"
    case sellerTaxID = "PURSER_SELLER_TAX_ID"
    case sellerEmail = "PURSER_SELLER_EMAIL"

    // Connections
    case amqpURL = "AMQP_URL"
    case amqpAdminURL = "AMQP_ADMIN_URL"
    case databaseURL = "DATABASE_URL"
    case databaseAdminURL = "DATABASE_ADMIN_URL"
    case smtpURL = "SMTP_URL"
    case stripeSecretKey = "STRIPE_SECRET_KEY"
    case stripeWebhookSecret = "STRIPE_WEBHOOK_SECRET"
    case stripeAPIBase = "STRIPE_API_BASE"
    case paystackSecretKey = "PAYSTACK_SECRET_KEY"
    case paystackAPIBase = "PAYSTACK_API_BASE"
    case paysimURL = "PAYSIM_URL"
    case paysimAddress = "PURSER_PAYSIM_ADDRESS"
    case paysimBooks = "PURSER_PAYSIM_BOOKS"
    case paysimStripeWebhookURL = "PURSER_PAYSIM_STRIPE_WEBHOOK_URL"
    case paysimPaystackWebhookURL = "PURSER_PAYSIM_PAYSTACK_WEBHOOK_URL"
    case jwtSecret = "JWT_SECRET"
    case jwtPublicKey = "JWT_PUBLIC_KEY"
    case jwtIssuer = "JWT_ISSUER"
    case jwtAudience = "JWT_AUDIENCE"

    // The programs
    case logLevel = "LOG_LEVEL"
    case logFormat = "PURSER_LOG_FORMAT"
    case url = "PURSER_URL"
    case adminToken = "PURSER_TOKEN_ADMIN"
    case metricsPort = "PURSER_METRICS_PORT"
    case lanes = "PURSER_LANES"
    case shard = "PURSER_SHARD"
    case usagePartitions = "PURSER_USAGE_PARTITIONS"
    case batchMessages = "PURSER_BATCH_MESSAGES"
    case batchBytes = "PURSER_BATCH_BYTES"
    case prefetch = "PURSER_PREFETCH"
    case commandPrefetch = "PURSER_COMMAND_PREFETCH"
    case drainSeconds = "PURSER_DRAIN_SECONDS"
    case connectSeconds = "PURSER_CONNECT_SECONDS"
    case statementSeconds = "PURSER_STATEMENT_SECONDS"
    case answerWaitMilliseconds = "PURSER_ANSWER_WAIT_MILLISECONDS"
    case lateWindow = "PURSER_LATE_WINDOW"
    case timeTravel = "PURSER_TIME_TRAVEL"
    case share = "PURSER_SHARE"
    case crashPoint = "PURSER_CRASH_POINT"

    /// Another name of the same variable, still read (operations.md).
    var otherName: String? { self == .enableTokenSystem ? "TOKENS_ENABLED" : nil }

    /// Every name under which the value may be given, the preferred one first.
    var allNames: [String] { [rawValue, otherName, fileName].compactMap { $0 } }

    /// The name of the file that holds the value, for secrets only: `STRIPE_SECRET_KEY_FILE`.
    var fileName: String? { entry.secrecy == .open ? nil : rawValue + "_FILE" }
}
