public import Domain
public import Postgres

/// The table `payment_methods`. A method that is removed stays: purchases name it.
public enum PaymentMethods {
    /// The request that reads an organization's methods, removed ones too; read its rows with `found(in:)`.
    public static func loading(organization: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: organization)
        return Request(MethodStatements.load, parameters)
    }

    /// The request that reads one method, whoever's it is.
    public static func loading(id: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: id)
        return Request(MethodStatements.loadOne, parameters)
    }

    /// Reads the rows of `loading`, oldest first.
    public static func found(in rows: Rows) -> [PaymentMethod] {
        (0..<rows.count).map { row in
            PaymentMethod(
                id: rows.text(row, 0), organization: rows.text(row, 1),
                gateway: PurchaseRows.word(rows.text(row, 2)) { Gateway(rawValue: $0) }, reference: rows.text(row, 3),
                customer: rows.textOrNil(row, 4), brand: rows.textOrNil(row, 6), lastFour: rows.textOrNil(row, 7),
                expiry: PurchaseRows.moment(rows, row, 8).map { Month(of: $0) }, email: rows.textOrNil(row, 5),
                isDefault: rows.bool(row, 9), isUsable: rows.bool(row, 10), isRemoved: rows.bool(row, 11))
        }
    }

    /// The request that stores a new method.
    public static func adding(_ method: PaymentMethod, at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(text: method.id)
        parameters.add(text: method.organization)
        parameters.add(text: method.gateway.rawValue)
        parameters.add(text: method.reference)
        parameters.add(textOrNil: method.customer)
        parameters.add(textOrNil: method.email)
        parameters.add(textOrNil: method.brand)
        parameters.add(textOrNil: method.lastFour)
        parameters.add(timestampOrNil: method.expiry?.start.microseconds)
        parameters.add(bool: method.isDefault)
        parameters.add(timestamp: moment.microseconds)
        return Request(MethodStatements.add, parameters)
    }

    /// The requests that make one method the default of its organization, or none.
    public static func choosing(_ id: String?, organization: String) -> [Request] {
        var others = Parameters()
        others.add(text: organization)
        others.add(textOrNil: id)
        guard let id else { return [Request(MethodStatements.unchoose, others)] }
        var one = Parameters()
        one.add(text: id)
        return [Request(MethodStatements.unchoose, others), Request(MethodStatements.choose, one)]
    }

    /// The request that takes a method out of use for good.
    public static func removing(_ id: String, at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(text: id)
        parameters.add(timestamp: moment.microseconds)
        return Request(MethodStatements.remove, parameters)
    }

    /// The request that marks a method unusable (`domain.md` 8.1).
    public static func retiring(_ id: String, reason: String) -> Request {
        var parameters = Parameters()
        parameters.add(text: id)
        parameters.add(text: reason)
        return Request(MethodStatements.retire, parameters)
    }
}

enum MethodStatements {
    static let load = Statement(
        "methods_load",
        """
        SELECT id, organization_id, gateway, reference, customer_reference, email, brand, last_four,
               (expiry_month::timestamp AT TIME ZONE 'UTC'), is_default, is_usable, removed_at IS NOT NULL
        FROM payment_methods WHERE organization_id = $1 ORDER BY created_at, id
        """)

    static let loadOne = Statement(
        "method_load",
        """
        SELECT id, organization_id, gateway, reference, customer_reference, email, brand, last_four,
               (expiry_month::timestamp AT TIME ZONE 'UTC'), is_default, is_usable, removed_at IS NOT NULL
        FROM payment_methods WHERE id = $1
        """)

    static let add = Statement(
        "method_add",
        """
        INSERT INTO payment_methods (id, organization_id, gateway, reference, customer_reference, email, brand, last_four, expiry_month,
            is_default, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ($9::timestamptz AT TIME ZONE 'UTC')::date, $10, $11)
        """)

    /// Before another one is chosen: only one may be the default at any time.
    static let unchoose = Statement(
        "methods_unchoose",
        "UPDATE payment_methods SET is_default = false WHERE organization_id = $1 AND is_default AND id IS DISTINCT FROM $2")

    static let choose = Statement("method_choose", "UPDATE payment_methods SET is_default = true WHERE id = $1 AND NOT is_default")

    static let remove = Statement(
        "method_remove", "UPDATE payment_methods SET removed_at = $2, is_default = false WHERE id = $1 AND removed_at IS NULL")

    static let retire = Statement(
        "method_retire", "UPDATE payment_methods SET is_usable = false, unusable_reason = $2 WHERE id = $1 AND is_usable")
}
