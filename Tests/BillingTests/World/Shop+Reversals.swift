import Domain
import HTTP
import Messages
import Postgres
import PurserTesting
import Testing

@testable import Billing

/// What tests of refunds and disputes say to the shop.
extension Shop {
    /// Buys with what is there, and gives the reference of the completed purchase.
    func purchased(_ item: String = #""package_id":"business""#, _ more: String = "", organization: String = "org-1") throws -> String {
        let reply = try buy(item, more, organization: organization)
        try #require(reply.result?["status"]?.text == "completed", "\(reply.text ?? "no answer")")
        return try #require(reply.result?["purchase_reference_id"]?.text)
    }

    /// Puts a package on sale, and gives what a purchase says to buy it.
    func package(_ id: String, tokens: Int64, price: String, _ currency: String = "USD") throws -> String {
        let reply = try ask(
            "billing.package_set", #"{"id":"\#(id)","name":"\#(id)","tokens":\#(tokens),"price":"\#(price)","currency":"\#(currency)"}"#,
            organization: nil)
        try #require(reply.isOK, "\(reply.text ?? "no answer")")
        return #""package_id":"\#(id)""#
    }

    /// Saves a Paystack card.
    func savePaystackCard(_ card: String = "") throws {
        let code = try simulator.authorize(card, email: "ann@example.com")
        let reply = try ask(
            "billing.payment_method_add", #"{"gateway":"paystack","reference":"\#(code)","email":"ann@example.com"}"#)
        try #require(reply.isOK, "\(reply.text ?? "no answer")")
    }

    /// Gives tokens of a purchase back for money; all that are left unless told.
    @discardableResult
    func refund(_ reference: String, _ tokens: Int64? = nil, id: String? = nil) throws -> Reply {
        let count = tokens.map { #","tokens":\#($0)"# } ?? ""
        return try ask("billing.purchase_refund", #"{"purchase_reference_id":"\#(reference)"\#(count)}"#, organization: "org-1", id: id)
    }

    /// The columns of every refund, oldest first, each as one text.
    func refunds(_ columns: String) throws -> [String?] {
        try world.column("SELECT concat_ws(' ', \(columns)) FROM purchase_refunds ORDER BY id")
    }

    /// A reminder of the newest refund, as the delay queues and the job send it, when its moment has come.
    @discardableResult
    func remindOfRefund(after seconds: Int64 = 86_400) throws -> Reply {
        world.clock.advance(seconds: seconds)
        let id = try #require(try world.value("SELECT max(id) FROM purchase_refunds"))
        return try ask("billing.due_work", #"{"refund_id":\#(id)}"#, organization: nil)
    }

    /// The wallet's posted balance.
    func balance() throws -> String? {
        try world.value("SELECT current_balance FROM organization_token_wallets WHERE organization_id = 'org-1'")
    }

    /// Says something to Stripe's side of the simulator, as somebody else than billing.
    @discardableResult
    func stripe(_ method: HTTPRequest.Method, _ path: String, _ form: String = "") throws -> JSONValue {
        var request = HTTPRequest(method, simulator.base + path, body: form.isEmpty ? nil : Array(form.utf8))
        request.headers = [
            HTTPHeader("Authorization", "Bearer \(RunningSimulator.key)"), HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
        ]
        let response = try HTTPClient().send(request)
        guard response.isSuccess else { throw Unsound(description: "\(path): \(response.text)") }
        return try JSONReader.read(response.body)
    }

    /// Lets the database refuse changes of a table while `body` runs: whatever was called, its outcome cannot be stored, as if the program
    /// had died.
    func withoutMemory(_ table: String, when condition: String, _ body: () throws -> Void) throws {
        try world.owner.run(
            """
            CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'gone'; END $$;
            CREATE TRIGGER test_refuse BEFORE UPDATE ON \(table) FOR EACH ROW WHEN (\(condition)) EXECUTE FUNCTION test_refuse();
            """)
        defer { #expect(throws: Never.self) { try world.owner.run("DROP FUNCTION test_refuse() CASCADE") } }
        #expect(throws: (any Error).self) { try body() }
    }
}
