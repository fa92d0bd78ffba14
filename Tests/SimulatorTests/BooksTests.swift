import Testing

@testable import Simulator

@Suite("Books")
struct BooksTests {
    private let file = TemporaryFile()

    @Test("what was answered is there after a restart: objects in their order, charges, keys, what is due")
    func reload() throws {
        var first: Desk? = try Desk(path: file.path)
        let paid = first?.pay("pm_card_pendingRefund", key: "k", "&metadata[reference]=r")
        let customers = (0..<3).map { first?.post("/v1/customers", "name=\($0)")["id"].text }
        let refund = first?.post("/v1/refunds", "payment_intent=\(paid?["id"].text ?? "")")["id"].text ?? ""
        let charges = first?.charges
        first = nil
        let second = try Desk(path: file.path)
        #expect(second.charges == charges && charges?.first?["reference"].text == "r")
        #expect(second.get("/v1/customers")["data"].elements.map { $0["id"].text } == customers.reversed())
        #expect(second.pay("pm_card_pendingRefund", key: "k", "&metadata[reference]=r")["id"] == paid?["id"])
        second.advance(seconds: 2)
        second.settle()
        #expect(second.get("/v1/refunds/\(refund)")["status"].text == "succeeded")
    }

    @Test("what a kill left of the last line is cut off, and what comes later follows it")
    func tornLine() throws {
        do {
            let desk = try Desk(path: file.path)
            _ = desk.pay()
        }
        file.append("[[\"charge\",\"ch_torn\",{\"id\":\"ch_to")
        do {
            let desk = try Desk(path: file.path)
            #expect(desk.charges.count == 1)
            _ = desk.pay()
        }
        #expect(try Desk(path: file.path).charges.count == 2)
    }

    @Test("a file that holds something else is refused, and so is one that is in use")
    func refusals() throws {
        let desk = try Desk(path: file.path)
        #expect(throws: BooksFile.Problem.self) { try Desk(path: file.path) }
        #expect(desk.charges.isEmpty)
        let other = TemporaryFile()
        other.append("something else\n")
        #expect(throws: BooksFile.Problem.self) { try Desk(path: other.path) }
        #expect(throws: BooksFile.Problem.self) { try Desk(path: "/nowhere/books") }
    }

    @Test("removed objects stay removed")
    func removal() throws {
        do {
            let desk = try Desk(path: file.path)
            let id = desk.post("/v1/customers")["id"].text ?? ""
            #expect(desk.send("DELETE", "/v1/customers/\(id)").body["deleted"].flag == true)
        }
        #expect(try Desk(path: file.path).get("/v1/customers")["data"].elements.isEmpty)
    }
}
