public import Domain
public import Postgres

/// Who stands behind a wallet, as far as invoices and notices need it. Nil and empty mean that nothing is known.
public struct WalletContact: Hashable, Sendable {
    public var name: String?
    /// Lines separated by line feeds.
    public var billingAddress: String?
    public var taxID: String?
    public var email: String?

    /// A contact, of which nothing is known by default.
    public init(name: String? = nil, billingAddress: String? = nil, taxID: String? = nil, email: String? = nil) {
        self.name = name
        self.billingAddress = billingAddress
        self.taxID = taxID
        self.email = email
    }
}

/// The table `wallet_contacts`. Its rows are protected by the lock on their wallet.
public enum WalletContacts {
    /// The request that reads the contacts of wallets; read its rows with `found(in:)`.
    public static func loading(_ wallets: [Int64]) -> Request {
        var parameters = Parameters()
        parameters.add(int64s: wallets)
        return Request(ContactStatements.load, parameters)
    }

    /// Reads the rows of `loading`, by wallet id.
    public static func found(in rows: Rows) -> [Int64: WalletContact] {
        var found: [Int64: WalletContact] = [:]
        for row in 0..<rows.count {
            found[rows.int64(row, 0)] = WalletContact(
                name: rows.textOrNil(row, 1), billingAddress: rows.textOrNil(row, 2), taxID: rows.textOrNil(row, 3),
                email: rows.textOrNil(row, 4))
        }
        return found
    }

    /// The request that stores whole contacts.
    /// - Parameter contacts: each wallet once.
    public static func storing(_ contacts: [(wallet: Int64, contact: WalletContact)], at moment: Moment) -> Request {
        var parameters = Parameters()
        parameters.add(int64s: contacts.map(\.wallet))
        parameters.add(textsOrNil: contacts.map(\.contact.name))
        parameters.add(textsOrNil: contacts.map(\.contact.billingAddress))
        parameters.add(textsOrNil: contacts.map(\.contact.taxID))
        parameters.add(textsOrNil: contacts.map(\.contact.email))
        parameters.add(timestamp: moment.microseconds)
        return Request(ContactStatements.store, parameters)
    }
}

enum ContactStatements {
    static let load = Statement(
        "contacts_load", "SELECT wallet_id, name, billing_address, tax_id, email FROM wallet_contacts WHERE wallet_id = ANY ($1)")

    static let store = Statement(
        "contacts_store",
        """
        INSERT INTO wallet_contacts (wallet_id, name, billing_address, tax_id, email, updated_at)
        SELECT wallet_id, name, billing_address, tax_id, email, $6
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) AS u (wallet_id, name, billing_address, tax_id, email)
        ON CONFLICT (wallet_id) DO UPDATE
        SET name = excluded.name, billing_address = excluded.billing_address, tax_id = excluded.tax_id, email = excluded.email,
            updated_at = excluded.updated_at
        """)
}
