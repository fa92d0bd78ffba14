/// The answer to the requests of billing that are about a way to pay.
public struct PaymentMethodAnswer: Equatable, Sendable {
    /// The saved method; nil while the customer is still to make it on a page.
    public var paymentMethodID: String?
    /// Who moves the money.
    public var gateway: String
    /// The card's brand.
    public var brand: String?
    /// The card's last four digits.
    public var lastFour: String?
    /// The last month in which it is good, such as `2030-04`.
    public var expiry: String?
    /// Whether it is taken where none is named.
    public var isDefault: Bool
    /// Whether it can be charged.
    public var isUsable: Bool
    /// Where the customer makes it.
    public var url: String?
    /// The gateway's name of that page.
    public var sessionID: String?

    /// An answer.
    public init(
        paymentMethodID: String? = nil, gateway: String, brand: String? = nil, lastFour: String? = nil, expiry: String? = nil,
        isDefault: Bool = false, isUsable: Bool = false, url: String? = nil, sessionID: String? = nil
    ) {
        self.paymentMethodID = paymentMethodID
        self.gateway = gateway
        self.brand = brand
        self.lastFour = lastFour
        self.expiry = expiry
        self.isDefault = isDefault
        self.isUsable = isUsable
        self.url = url
        self.sessionID = sessionID
    }

    /// The body of a success.
    public func success() -> [UInt8] {
        Answer.success(write)
    }

    private func write(to writer: inout JSONWriter) {
        writer.member("payment_method_id", ifPresent: paymentMethodID)
        writer.member("gateway", gateway)
        writer.member("brand", ifPresent: brand)
        writer.member("last_four", ifPresent: lastFour)
        writer.member("expiry", ifPresent: expiry)
        writer.member("is_default", isDefault)
        writer.member("is_usable", isUsable)
        writer.member("url", ifPresent: url)
        writer.member("session_id", ifPresent: sessionID)
    }
}
