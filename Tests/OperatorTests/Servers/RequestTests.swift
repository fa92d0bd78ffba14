import AMQP
import Glibc
import Domain
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Operator

@Suite("Requests with answers")
struct RequestTests {
    @Test("done, refused, and a rule's details are told; the exit code follows")
    func answers() throws {
        try BrokerFixture.with("answers") { broker in
            try broker.declareCommands()
            let thread = Responder.start(
                broker.host.amqpURL, "purser.billing",
                [
                    #"{"ok":true,"result":{"balance":1000,"status":"active"}}"#,
                    #"{"ok":false,"error":{"code":"insufficient_tokens","detail":"only 5 are free","missing":15}}"#,
                    #"{"ok":true,"result":{"enough":false,"required":50}}"#,
                ])
            let granted = CommandRun(["wallet", "grant", "org-1", "--tokens", "1000"], broker.environment)
            #expect(granted.code == .done && granted.output.contains("done  wallet grant org-1") && granted.output.contains("1,000"))
            let refused = CommandRun(["wallet", "adjust", "org-1", "--tokens", "-20", "--reason", "r"], broker.environment)
            #expect(refused.code == .differences && refused.output.contains("insufficient_tokens: only 5 are free"))
            let json = CommandRun(
                ["publish", "billing.grant", "--subject", "o", "--data", "{\"tokens\":1}", "--wait", "--json"], broker.environment)
            let jsonJSON = try json.json()
            #expect(json.code == .differences && jsonJSON["result"]?["enough"]?.bool == false)
            thread.join()
        }
    }

    @Test("settings that were changed are told, though the answer speaks of the balance alone")
    func settings() throws {
        try BrokerFixture.with("settings") { broker in
            try broker.declareCommands()
            let answer = #"{"ok":true,"result":{"balance":7,"overdraft_limit":500,"status":"active"}}"#
            let thread = Responder.start(broker.host.amqpURL, "purser.billing", [answer, answer])
            let line = [
                "wallet", "settings", "org-1", "--unlimited-services", "ai.chat,ai.voice", "--unlimited-until", "2027-01-01T00:00:00Z",
            ]
            let text = CommandRun(line + ["--tax-id", "T-1", "--overdraft-limit", "400"], broker.environment)
            #expect(text.code == .done && text.output.contains("ai.chat, ai.voice") && text.output.contains("2027-01-01T00:00:00"))
            #expect(text.output.contains("T-1") && text.output.contains("500") && !text.output.contains("400"), "\(text.output)")
            let json = try CommandRun(line + ["--json"], broker.environment).json()
            #expect(json["result"]?["balance"]?.whole == 7 && json["set"]?["unlimited_services"]?.elements?.count == 2)
            #expect(json["ok"]?.bool == true && json["set"]?["actor"] == nil)
            thread.join()
        }
    }

    @Test("who changes something is known by the account where the environment does not say")
    func actor() throws {
        let account = try #require(getpwuid(geteuid())?.pointee.pw_name).withMemoryRebound(to: CChar.self, capacity: 1) {
            String(cString: $0)
        }
        func actor(_ environment: [String: String]) -> String {
            let nowhere = Console.Stream(isTerminal: false) { _ in true }
            return Session(environment: environment, console: Console(output: nowhere, errors: nowhere, usesColor: false), wantsJSON: false)
                .actor
        }
        #expect(actor([:]) == "operator:\(account)" && actor(["USER": ""]) == "operator:\(account)")
        #expect(actor(["LOGNAME": "ada"]) == "operator:ada" && actor(["SUDO_USER": "bob", "USER": "root"]) == "operator:bob")
    }

    @Test("what is sent is a CloudEvent that the consumer's own reader takes")
    func message() throws {
        try BrokerFixture.with("message") { broker in
            try broker.declareCommands()
            let line = ["wallet", "open", "org-1", "--name", "\"; DROP TABLE x; <b>", "--request-id", "r1", "--no-wait"]
            #expect(CommandRun(line, broker.environment.merging(["USER": "ada"]) { $1 }).code == .done)
            let delivery = try #require(try broker.connection.get(queue: "purser.billing"))
            #expect(delivery.routingKey == "billing.wallet_open" && delivery.properties.deliveryMode == 2)
            #expect(delivery.properties.messageID == "r1" && delivery.properties.type == "billing.wallet_open")
            let value = try JSONReader.read(delivery.body)
            #expect(value["subject"]?.text == "org-1" && value["source"]?.text == "/purser/cli" && value["id"]?.text == "r1")
            let request = try WalletOpen(data: value["data"], document: delivery.body)
            #expect(request.contact.name == "\"; DROP TABLE x; <b>" && request.actor == "operator:ada")
        }
    }

    @Test("a purchase is asked for with its payment as one object, its metadata as it was typed, and without a charge where told")
    func purchase() throws {
        try BrokerFixture.with("purchase") { broker in
            try broker.declareCommands()
            let line = [
                "purchase", "buy", "org-1", "--package", "business", "--success-url", "https://a.example/ok", "--cancel-url",
                "https://a.example/no", "--gateway", "stripe", "--metadata", "{ \"order\": 1.50 }", "--initialize-only", "--no-wait",
            ]
            #expect(CommandRun(line, broker.environment).code == .done)
            let delivery = try #require(try broker.connection.get(queue: "purser.billing"))
            #expect(delivery.routingKey == "billing.purchase")
            let value = try JSONReader.read(delivery.body)
            let request = try BillingPurchase(data: value["data"], document: delivery.body)
            #expect(request.item == .package("business") && !request.execute && !request.replace)
            #expect(
                request.payment
                    == .checkout(successURL: "https://a.example/ok", cancelURL: "https://a.example/no", gateway: "stripe"))
            #expect(request.metadata == "{ \"order\": 1.50 }" && value["subject"]?.text == "org-1")

            let refund = ["purchase", "refund", "REF-AAAAAAAAAAAAAAAAAAAAAAAAAA", "--tokens", "5", "--reason", "r", "--no-wait"]
            #expect(CommandRun(refund, broker.environment).code == .done)
            let second = try #require(try broker.connection.get(queue: "purser.billing"))
            let data = try JSONReader.read(second.body)["data"]
            #expect(try PurchaseRefund(data: data, document: second.body).tokens == 5)
            let package = ["packages", "set", "p", "--name", "P", "--tokens", "5", "--price", "2.50", "--active", "no", "--no-wait"]
            #expect(CommandRun(package, broker.environment).code == .done)
            let third = try #require(try broker.connection.get(queue: "purser.billing"))
            let set = try PackageSet(data: try JSONReader.read(third.body)["data"], document: third.body)
            #expect(set.isActive == false && set.isBestValue == nil && set.price.text == "2.50")
        }
    }

    @Test("a card that is declined ends with 1, with the purchase that it is about")
    func declined() throws {
        try BrokerFixture.with("declined") { broker in
            try broker.declareCommands()
            let thread = Responder.start(
                broker.host.amqpURL, "purser.billing",
                [
                    #"{"ok":false,"error":{"code":"payment_declined","detail":"nobody was charged","reason":"insufficient_funds"}}"#,
                    #"{"ok":true,"result":{"purchase_reference_id":"REF-AAAAAAAAAAAAAAAAAAAAAAAAAA","status":"completed"}}"#,
                ])
            let no = CommandRun(["purchase", "buy", "org-1", "--tokens", "5"], broker.environment)
            #expect(no.code == .differences && no.output.contains("payment_declined: nobody was charged"))
            #expect(no.output.contains("insufficient_funds"))
            let yes = CommandRun(["purchase", "execute", "REF-AAAAAAAAAAAAAAAAAAAAAAAAAA"], broker.environment)
            #expect(yes.code == .done && yes.output.contains("done  purchase execute REF-A"))
            thread.join()
        }
    }

    @Test("nobody answers: told within the deadline, with who should have")
    func silence() throws {
        try BrokerFixture.with("silence") { broker in
            try broker.declareCommands()
            let run = CommandRun(["wallet", "open", "org-1", "--deadline", "1"], broker.environment)
            #expect(run.code == .temporary && run.errors.contains("is purser-billing running?"))
            #expect(try broker.depth("purser.billing") == 1)
        }
    }

    @Test("no queue takes it: told as a matter of configuration")
    func unroutable() throws {
        try BrokerFixture.with("unroutable") { broker in
            try broker.declareCommands(nil)
            let run = CommandRun(["wallet", "open", "org-1", "--deadline", "5"], broker.environment)
            #expect(run.code == .configuration && run.errors.contains("no queue takes billing.wallet_open"))
        }
    }

    @Test("rates of a file are set one by one, bad entries named before anything is sent")
    func rates() throws {
        try BrokerFixture.with("rates") { broker in
            try broker.declareCommands("meter")
            let folder = try ScratchFolder()
            let bad = [
                ("[]", "no array"), ("{}", "no array"), ("[1]", "entry 1"), ("[", "not JSON"), (#"[{"service":"a"}]"#, "tokens_per_unit"),
                (#"[{"service":"a","pass_through":true},{"service":"a","tokens_per_unit":1}]"#, "service stands twice"),
            ]
            for (text, words) in bad {
                let run = CommandRun(["rates", "load", try folder.file("bad", text)], broker.environment)
                #expect(run.code == .data && run.errors.contains(words), "\(text): \(run.errors)")
            }
            #expect(try broker.depth("purser.meter") == 0)
            let file = try folder.file("rates", #"[{"service":"a","tokens_per_unit":2},{"service":"b","pass_through":true}]"#)
            let thread = Responder.start(
                broker.host.amqpURL, "purser.meter",
                [#"{"ok":true,"result":{}}"#, #"{"ok":false,"error":{"code":"invalid_field","detail":"no"}}"#])
            let run = CommandRun(["rates", "load", file], broker.environment)
            #expect(run.code == .differences && run.output == "set  a\nrefused  b: no\n")
            thread.join()
        }
    }
}
