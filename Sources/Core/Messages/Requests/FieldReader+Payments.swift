import Domain

/// The fields that requests about money have in common.
extension FieldReader {
    /// The field that names a purchase.
    static let referenceField = "purchase_reference_id"

    /// The name of a purchase.
    func reference() throws(FieldProblem) -> PurchaseReference? {
        guard let value = try value(Self.referenceField) else { return nil }
        guard let text = value.text, let reference = PurchaseReference(text) else {
            throw .invalid(Self.referenceField, "REF- and 26 characters of A-Z and 0-9")
        }
        return reference
    }

    /// The name of a purchase that has to be there.
    func requiredReference() throws(FieldProblem) -> PurchaseReference {
        guard let reference = try reference() else { throw .missing(Self.referenceField) }
        return reference
    }

    /// A gateway.
    func gateway(_ field: String) throws(FieldProblem) -> Gateway? {
        guard let value = try value(field) else { return nil }
        guard let text = value.text, let gateway = Gateway(rawValue: text) else {
            throw .invalid(field, Gateway.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return gateway
    }

    /// A gateway that has to be there.
    func requiredGateway(_ field: String) throws(FieldProblem) -> Gateway {
        guard let gateway = try gateway(field) else { throw .missing(field) }
        return gateway
    }

    /// A currency that some gateway charges.
    func currency(_ field: String) throws(FieldProblem) -> Currency? {
        guard let value = try value(field) else { return nil }
        guard let text = value.text, let currency = Currency(text) else {
            throw .invalid(field, "the code of a currency that a gateway charges, such as USD")
        }
        return currency
    }

    /// A price above 0, as a string: a number of JSON would pass through a float in most readers.
    func requiredPrice(_ field: String) throws(FieldProblem) -> ExactDecimal {
        let text = try requiredText(field, RequestRule.price)
        let wholeDigits = text.utf8.prefix { $0 != UInt8(ascii: ".") }.count
        guard wholeDigits <= RequestRule.priceDigits, let price = ExactDecimal(text), price > ExactDecimal(tenThousandths: 0) else {
            throw .invalid(field, "a decimal number above 0 with at most four decimals, such as \"50.00\"")
        }
        return price
    }

    /// Where a page leads back to: an address of the web.
    func webAddress(_ field: String) throws(FieldProblem) -> String? {
        guard let text = try text(field, RequestRule.webAddress) else { return nil }
        guard Self.isWebAddress(text) else {
            throw .invalid(field, "an address that starts with http:// or https://, without white space")
        }
        return text
    }

    /// An address of the web that has to be there.
    func requiredWebAddress(_ field: String) throws(FieldProblem) -> String {
        guard let text = try webAddress(field) else { throw .missing(field) }
        return text
    }

    private static func isWebAddress(_ text: String) -> Bool {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            let rest = text.unicodeScalars.dropFirst(scheme.unicodeScalars.count)
            return !rest.isEmpty && rest.allSatisfy { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
        }
        return false
    }

    /// An e-mail address. Only what can never be delivered is refused: no white space or control characters, something on both sides
    /// of an @; an empty one is left to the bounds.
    func email(_ bytes: ClosedRange<Int>) throws(FieldProblem) -> String? {
        guard let email = try text("email", bytes) else { return nil }
        if !Self.isEmail(email) { throw .invalid("email", "an e-mail address") }
        return email
    }

    private static func isEmail(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.isEmpty { return true }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
        return at > 0 && at < bytes.count - 1 && bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// `metadata` exactly as received: an object within its length.
    func metadata(in document: [UInt8]) throws(FieldProblem) -> String? {
        guard let value = try value("metadata") else { return nil }
        guard value.members != nil else { throw ServiceUse.metadataNotAnObject }
        guard TextRule.metadata.contains(value.range.count) else { throw .length("metadata", TextRule.metadata) }
        return String(decoding: document[value.range], as: UTF8.self)
    }

    /// An object inside the data. What is wrong with one of its fields is named `<field>.<inner>`.
    func object<Result>(
        _ field: String, _ read: (FieldReader) throws(FieldProblem) -> Result
    ) throws(FieldProblem) -> Result? {
        guard let value = try value(field) else { return nil }
        guard value.members != nil else { throw .invalid(field, "an object") }
        do throws(FieldProblem) {
            return try read(try FieldReader(value))
        } catch { throw error.inside(field) }
    }
}
