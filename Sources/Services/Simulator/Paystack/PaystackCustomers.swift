/// `/customer`: who has paid, and with what he can be charged again.
enum PaystackCustomers {
    /// By e-mail address or by code.
    static func fetch(_ call: PaystackCall, _ state: inout BookState) throws(PaystackProblem) -> Node {
        let named = call.id
        let byEmail = state.find(.paystackCustomer, named.lowercased())
        guard let customer = byEmail ?? state.all(.paystackCustomer).first(where: { $0["customer_code"].text == named }) else {
            throw PaystackProblem(404, "Customer not found")
        }
        let email = customer["email"].text?.lowercased()
        let authorizations = state.all(.paystackAuthorization).filter { $0["_email"].text == email && $0["_active"].flag == true }
        let transactions = state.all(.paystackTransaction).filter { $0["customer"]["email"].text?.lowercased() == email }
        var data = customer.shown
        data["integration"] = 100_043
        data["domain"] = "test"
        for name in ["createdAt", "updatedAt", "created_at", "updated_at"] { data[name] = customer["_created"] }
        data["authorizations"] = .list(authorizations.map(\.shown))
        data["transactions"] = .list(transactions.map(\.shown))
        data["total_transactions"] = .number(Int64(transactions.count))
        data["total_transaction_value"] = []
        for name in ["subscriptions", "dedicated_accounts"] { data[name] = [] }
        for name in ["dedicated_account", "identifications"] { data[name] = nil }
        data["identified"] = false
        return Envelope.make("Customer retrieved", data)
    }
}
