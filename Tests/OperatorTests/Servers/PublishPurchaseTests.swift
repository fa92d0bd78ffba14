import AMQP
import Messages
import PurserTesting
import Runtime
import Synchronization
import Testing

@testable import Operator

@Suite("Publishing purchases")
struct PublishPurchaseTests {
    /// What billing would answer: by the organization's name, and the same to the same id.
    @Sendable private static func answer(_ delivery: Delivery) -> String {
        let value = try? JSONReader.read(delivery.body)
        switch value?["subject"]?.text {
        case "poor": return #"{"ok":false,"error":{"code":"payment_declined","detail":"nobody was charged"}}"#
        case "closed": return #"{"ok":false,"error":{"code":"wallet_suspended","detail":"the wallet is suspended"}}"#
        case "slow": return #"{"ok":true,"result":{"purchase_reference_id":"REF-1","status":"processing","phase":"unknown"}}"#
        default: return #"{"ok":true,"result":{"purchase_reference_id":"REF-2","status":"completed"}}"#
        }
    }

    private static let lines = """
        {"organization":"org-1","package_id":"business"}
        {"organization":"poor","tokens":10,"id":"own"}
        {"subject":"closed","tokens":20,"payment_method_id":"pm-9"}

        {"organization":"slow","package_id":"business","metadata":{ "a": 1.0 }}
        {"organization":"org-2"
        {"package_id":"starter"}
        {"organization":"org-3","package_id":"p","tokens":5}
        """

    @Test("every line is answered, what it lacks comes from the options, and the sum tells what became of them")
    func file() throws {
        try BrokerFixture.with("buying") { broker in
            try broker.declareCommands()
            let file = try ScratchFolder()
            let path = try file.file("april.ndjson", PublishPurchaseTests.lines)
            let seen = Mutex<[[UInt8]]>([])
            let thread = Responder.start(broker.host.amqpURL, "purser.billing", count: 8) { delivery in
                seen.withLock { $0.append(delivery.body) }
                return PublishPurchaseTests.answer(delivery)
            }
            let line = ["publish", "purchase", "--file", path, "--payment-method-id", "pm-1", "--window", "2", "--json"]
            let run = CommandRun(line, broker.environment.merging(["USER": "ada"]) { $1 })
            let json = try run.json()
            #expect(run.code == .differences, "\(run.errors)")
            #expect(
                ["lines", "completed", "waiting", "declined", "refused", "unanswered"].map { json[$0]?.whole } == [7, 1, 1, 1, 4, 0])
            let purchases = json["purchases"]?.elements ?? []
            #expect(purchases.map { $0["row"]?.whole } == [1, 2, 3, 5, 6, 7, 8])
            #expect(purchases[0]["purchase_reference_id"]?.text == "REF-2" && purchases[2]["code"]?.text == "wallet_suspended")
            #expect(purchases[4]["code"]?.text == "line" && purchases[5]["detail"]?.text == "organization is missing")
            #expect(purchases[6]["detail"]?.text == "package_id must be absent where tokens is present")

            #expect(CommandRun(line, broker.environment.merging(["USER": "ada"]) { $1 }).code == .differences)
            thread.join()
            let events = try seen.withLock { $0 }.map { try JSONReader.read($0) }
            #expect(events.map { $0["id"]?.text }[..<4] == events.map { $0["id"]?.text }[4...], "the same file is the same purchases")
            #expect(events[0]["id"]?.text?.hasPrefix("april.ndjson:1:") == true && events[1]["id"]?.text == "own")
            #expect(events.map { $0["data"]?["payment_method_id"]?.text }[..<4] == ["pm-1", "pm-1", "pm-9", "pm-1"])
            let bytes = seen.withLock { $0[3] }
            #expect(try BillingPurchase(data: events[3]["data"], document: bytes).metadata == #"{ "a": 1.0 }"#)
        }
    }

    @Test("nobody answers, no queue is there, or answers are not waited for")
    func unanswered() throws {
        try BrokerFixture.with("unanswered") { broker in
            try broker.declareCommands()
            let folder = try ScratchFolder()
            let path = try folder.file("one", #"{"organization":"org-1","package_id":"business"}"#)
            let sent = CommandRun(["publish", "purchase", "--file", path, "--no-wait"], broker.environment)
            #expect(sent.code == .done && sent.output == "1 purchase: 1 sent\n")
            let silent = CommandRun(["publish", "purchase", "--file", path, "--deadline", "1"], broker.environment)
            #expect(silent.code == .temporary && silent.output.contains("is purser-billing running?"), "\(silent.output)")
            #expect(try broker.depth("purser.billing") == 2)
            try broker.connection.deleteQueue("purser.billing")
            let lost = CommandRun(["publish", "purchase", "--file", path], broker.environment)
            #expect(lost.code == .differences && lost.output.contains("no queue takes it"))
        }
    }

    @Test("one by its fields is answered like any request")
    func single() throws {
        try BrokerFixture.with("single") { broker in
            try broker.declareCommands()
            let thread = Responder.start(broker.host.amqpURL, "purser.billing", count: 2) { PublishPurchaseTests.answer($0) }
            let line = ["publish", "purchase", "--package", "business", "--organization"]
            let bought = CommandRun(line + ["org-1"], broker.environment)
            #expect(bought.code == .done && bought.output.contains("done  purchase of org-1") && bought.output.contains("REF-2"))
            #expect(CommandRun(line + ["poor"], broker.environment).code == .differences)
            thread.join()
        }
    }

    @Test("standard input has the same ids in every run: what is piped twice is bought once")
    func standardInput() throws {
        let defaults = try PurchaseDefaults(
            Invocation(command: PublishPurchase.command), Session(environment: ["USER": "ada"], console: .silent, wantsJSON: false))
        let record = Record(
            number: 3, bytes: Array(#"{"organization":"o","tokens":5}"#.utf8), offset: 0, isTooLong: false)
        let row = try defaults.row(record, file: "stdin")
        let again = try defaults.row(record, file: "stdin")
        #expect(row.id.hasPrefix("stdin:3:") && row.id == again.id)
        let other = Record(number: 3, bytes: Array(#"{"organization":"o","tokens":6}"#.utf8), offset: 0, isTooLong: false)
        #expect(try defaults.row(other, file: "stdin").id != row.id)
    }
}

extension Console {
    /// Prints nothing anywhere.
    fileprivate static var silent: Console {
        let nowhere = Stream(isTerminal: false) { _ in true }
        return Console(output: nowhere, errors: nowhere, usesColor: false)
    }
}
