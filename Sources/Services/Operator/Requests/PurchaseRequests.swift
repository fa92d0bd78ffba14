import Domain
import Messages

/// What can be asked of billing about purchases, their documents, payment methods and packages.
enum PurchaseRequests {
    static let all = purchases + documents + methods + packages

    /// What is bought and how it is paid, as fields of `billing.purchase`.
    static let purchase: [FieldOption] = [
        FieldOption("package", .text, "ID", "the package that is bought", field: "package_id"),
        FieldOption("tokens", .whole, "N", "so many tokens at the price of the single one, instead of a package"),
        FieldOption("catalog", .text, "NAME", "whose price of the single token holds (TOKEN_CATALOG)"),
        FieldOption("payment-method-id", .text, "ID", "the saved method that pays (the organization's default)"),
        FieldOption("success-url", .text, "URL", "pay on a page of the gateway that leads back here", field: "checkout.success_url"),
        FieldOption("cancel-url", .text, "URL", "where that page leads whoever gives up", field: "checkout.cancel_url"),
        FieldOption("gateway", .text, "stripe|paystack", "whose page it is (the one that has keys)", field: "checkout.gateway"),
        FieldOption("idempotency-key", .text, "KEY", "buys once per key and organization"),
        FieldOption("replace", .flag, "", "cancel a purchase that waits instead of being refused for it"),
        FieldOption("initialize-only", .off, "", "fix the price and charge nobody before purchase execute", field: "execute"),
        FieldOption("metadata", .object, "JSON", "kept with the purchase, an object"),
    ]

    private static let reference: [(name: String, field: String, summary: String)] = [
        ("REF", "purchase_reference_id", "the purchase's reference, REF-...")
    ]

    private static let purchases: [RequestCommand] = [
        RequestCommand(
            path: ["purchase", "buy"], type: .purchase, summary: "Buy tokens for an organization and charge it.", fields: purchase,
            examples: [
                "purchase buy org-42 --package business", "purchase buy org-42 --tokens 250 --idempotency-key march --json",
                "purchase buy org-42 --package starter --success-url https://example.com/thanks --cancel-url https://example.com/shop",
                "purchase buy org-42 --package premium --initialize-only",
            ],
            details: """
                It is answered when the first attempt to charge has an outcome; a card that is declined, and everything that a rule refuses,
                ends with exit code 1. With --success-url and --cancel-url the answer has the address of the page on which the customer pays.
                Without --idempotency-key the same command a second time is a second purchase; --request-id repeats one.
                """),
        RequestCommand(
            path: ["purchase", "execute"], type: .purchaseExecute, summary: "Charge a purchase that waits.", fieldArguments: reference,
            hasOrganization: false,
            fields: [FieldOption("payment-method-id", .text, "ID", "the saved method that pays (the one that it was made with)")],
            examples: ["purchase execute REF-0123456789ABCDEFGHIJKLMNOP"]),
        RequestCommand(
            path: ["purchase", "cancel"], type: .purchaseCancel, summary: "Cancel a purchase that is not paid yet.",
            fieldArguments: reference, hasOrganization: false, fields: [FieldOption("reason", .text, "TEXT", "why")],
            examples: ["purchase cancel REF-0123456789ABCDEFGHIJKLMNOP --reason 'ordered twice'"],
            details: "While a charge is under way it is refused, the wish is kept, and what succeeds after all is given back."),
        RequestCommand(
            path: ["purchase", "refund"], type: .purchaseRefund, summary: "Give money back for tokens that were not used.",
            fieldArguments: reference, hasOrganization: false,
            fields: [
                FieldOption("tokens", .whole, "N", "how many (all that are left)"),
                FieldOption("reason", .text, "TEXT", "why, for the credit note and the audit log", isRequired: true),
            ],
            examples: [
                "purchase refund REF-0123456789ABCDEFGHIJKLMNOP --reason 'not needed'",
                "purchase refund REF-0123456789ABCDEFGHIJKLMNOP --tokens 50 --reason 'half of it'",
            ]),
    ]

    private static let documents: [RequestCommand] = [
        RequestCommand(
            path: ["invoice", "make"], type: .invoice, summary: "Issue the invoice of a completed purchase where it is missing.",
            fieldArguments: reference, hasOrganization: false, fields: [], examples: ["invoice make REF-0123456789ABCDEFGHIJKLMNOP"],
            details: "One that is there is told again.")
    ]

    private static let methods: [RequestCommand] = [
        RequestCommand(
            path: ["method", "add"], type: .paymentMethodAdd, summary: "Save a way to pay for an organization.",
            fields: [
                FieldOption("gateway", .text, "stripe|paystack", "who charges it", isRequired: true),
                FieldOption("reference", .text, "REFERENCE", "the gateway's own name of a method that it has, such as pm_card_visa"),
                FieldOption(
                    "return-url", .text, "URL", "instead: a page of the gateway on which the customer saves one, leading back here"),
                FieldOption("email", .text, "ADDRESS", "the e-mail address that it was made with (Paystack)"),
                FieldOption("default", .flag, "", "take it where no method is named (the first one is)", field: "is_default"),
            ],
            examples: [
                "method add org-42 --gateway stripe --reference pm_card_visa",
                "method add org-42 --gateway stripe --return-url https://example.com/saved",
                "method add org-42 --gateway paystack --reference AUTH_72btv547 --email pay@example.com --default",
            ]),
        RequestCommand(
            path: ["method", "remove"], type: .paymentMethodRemove, summary: "Take a payment method out of use for good.",
            fieldArguments: [("ID", "payment_method_id", "the method's id, as method list shows it")], fields: [],
            examples: ["method remove org-42 pm-0123456789abcdef01234567"]),
        RequestCommand(
            path: ["method", "default"], type: .paymentMethodDefault, summary: "Make a payment method the one that is taken by default.",
            fieldArguments: [("ID", "payment_method_id", "the method's id, as method list shows it")], fields: [],
            examples: ["method default org-42 pm-0123456789abcdef01234567"]),
    ]

    private static let packages: [RequestCommand] = [
        RequestCommand(
            path: ["packages", "set"], type: .packageSet, summary: "Make or change a package of tokens.",
            fieldArguments: [("ID", "id", "the package's id")], hasOrganization: false,
            fields: [
                FieldOption("name", .text, "NAME", "what customers read", isRequired: true),
                FieldOption("tokens", .whole, "N", "how many it holds", isRequired: true),
                FieldOption("price", .text, "AMOUNT", "what it costs, net, such as 225.00", isRequired: true),
                FieldOption("currency", .text, "CODE", "the price's currency (the catalog's)"),
                FieldOption("catalog", .text, "NAME", "the catalog that it stands in (TOKEN_CATALOG)"),
                FieldOption("description", .text, "TEXT", "more words for customers"),
                FieldOption("features", .list, "A,B", "its points in a list"),
                FieldOption("best-value", .choice, "yes|no", "whether it is shown as the best one", field: "is_best_value"),
                FieldOption("active", .choice, "yes|no", "whether it is sold and shown (yes)", field: "is_active"),
                FieldOption("expiration-days", .whole, "N", "the life of its tokens, where it has one of its own"),
            ],
            examples: [
                "packages set business --name Business --tokens 500 --price 225.00",
                "packages set spring --catalog credits --name 'Spring credits' --tokens 250 --price 210.00 --best-value no",
                "packages set starter --name Starter --tokens 100 --price 50.00 --active no",
            ],
            details: "What is not said stays as it is. Purchases that are made already keep their price.")
    ]
}
