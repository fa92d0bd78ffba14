import AMQP
import HTTP
import Messages
import Operator
import PurserTesting
import Testing

/// `purser topology` against a real broker.
@Suite("Topology on the broker")
struct TopologyApplyTests {
    @Test("applied to nothing, then again: the second time there is nothing to do")
    func idempotent() throws {
        try LiveTopology.with("apply", users: true, applied: false) { live in
            live.host.close()
            #expect(try live.command().check().exitCode == 1)
            let first = try live.command().apply()
            #expect(
                first.exitCode == 0 && first.remaining.isEmpty && first.changes > 250
                    && first.lines.contains("made     queue purser.usage.3"))
            let second = try live.command().apply()
            #expect(second.exitCode == 0 && second.changes == 0)
            #expect(second.lines == ["virtual host \(live.host.name) is as described, nothing to do"])
            #expect(try live.command().check().exitCode == 0)
        }
    }

    /// What is done by hand, what check must then say, and whether apply can mend it.
    private struct Drift {
        let words: String
        let change: (LiveTopology) throws -> Void

        init(_ words: String, _ method: HTTPRequest.Method, _ path: @escaping (LiveTopology) -> String, _ json: String = "") {
            self.words = words
            change = { try $0.host.change(method, path($0), json) }
        }

        init(_ words: String, _ method: HTTPRequest.Method, _ kind: String, _ rest: String, _ json: String = "") {
            self.init(words, method, { "/\(kind)/\($0.host.name)/\(rest)" }, json)
        }
    }

    @Test("each kind of drift made by hand is named in words, and mended")
    func drift() throws {
        let policy = #""pattern":"^purser\\.usage\\.[0-9]+$","apply-to":"queues","priority":10"#
        let drifts = [
            Drift("exchange purser.dead: it is missing", .delete, "exchanges", "purser.dead"),
            Drift("queue purser.topup.retry.1h: it is missing", .delete, "queues", "purser.topup.retry.1h"),
            Drift(
                "binding purser.commands -> purser.billing by billing.#: it is missing", .delete, "bindings",
                "e/purser.commands/q/purser.billing/billing.%23"),
            Drift(
                "binding purser.ticks -> purser.meter by tick.x: nobody described it, it should not be there", .post, "bindings",
                "e/purser.ticks/q/purser.meter", #"{"routing_key":"tick.x"}"#),
            Drift(
                "binding purser.usage -> purser.usage.partitions: it is missing", .delete, "bindings",
                "e/purser.usage/e/purser.usage.partitions/~"),
            Drift(
                "queue purser.usage.3: policy dead-letter-strategy is at-most-once, should be at-least-once", .put, "policies",
                "purser.usage.partitions",
                #"{\#(policy),"definition":{"dead-letter-exchange":"purser.dead","dead-letter-routing-key":"usage","#
                    + #""dead-letter-strategy":"at-most-once","overflow":"reject-publish","delivery-limit":1000,"max-length-bytes":2147483648}}"#
            ),
            Drift("policy purser.dead: it is missing", .delete, "policies", "purser.dead"),
            Drift(
                "policy purser.meter: pattern is ^nothing$, should be ^purser\\.meter$", .put, "policies", "purser.meter",
                #"{"pattern":"^nothing$","apply-to":"queues","priority":10,"definition":{"delivery-limit":1000}}"#),
        ]
        try LiveTopology.with("drift") { live in
            for drift in drifts {
                try drift.change(live)
                let report = try live.command().check()
                #expect(report.exitCode == 1 && report.remaining.map(\.description).contains(drift.words), "\(report.lines)")
                let mended = try live.command().apply()
                #expect(mended.exitCode == 0 && mended.mended.map(\.description).contains(drift.words), "\(mended.lines)")
                #expect(try live.differences() == [])
            }
        }
    }

    @Test("rights that drifted are named and mended, and a password is not lost by it")
    func users() throws {
        try LiveTopology.with("rights", users: true) { live in
            let meter = live.name(of: "purser-meter")
            try live.connect(as: "purser-meter").close()
            try live.host.change(.put, "/permissions/\(live.host.name)/\(meter)", #"{"configure":".*","write":".*","read":".*"}"#)
            try live.host.change(
                .put, "/topic-permissions/\(live.host.name)/\(meter)", #"{"exchange":"purser.events","write":".*","read":"^$"}"#)
            try live.host.change(
                .put, "/topic-permissions/\(live.host.name)/\(meter)", #"{"exchange":"purser.ticks","write":".*","read":".*"}"#)
            try live.host.change(.delete, "/users/\(live.name(of: "purser-producer"))")
            let words = try live.differences()
            #expect(words.count == 6 && words[0] == "user \(meter): right to configure is .*, should be ^$")
            #expect(words.contains("user \(meter): it has a right on the keys of purser.ticks that nobody described"))
            #expect(words[5].hasPrefix("user \(live.name(of: "purser-producer")): it is missing"))
            #expect(try live.command().apply().exitCode == 0)
            #expect(try live.differences() == [])
            // Tags are written with the whole user: the hash of the password must go along.
            let before = try #require(JSONReader.read(live.host.manage(.get, "/users/\(meter)").body)["password_hash"]?.text)
            try live.host.change(.put, "/users/\(meter)", #"{"password_hash":"\#(before)","tags":"monitoring"}"#)
            #expect(try live.differences() == ["user \(meter): tags are monitoring, should be impersonator"])
            #expect(try live.command().apply().exitCode == 0)
            #expect(try JSONReader.read(live.host.manage(.get, "/users/\(meter)").body)["password_hash"]?.text == before)
        }
    }

    @Test("what cannot be changed in place is left alone and the words say what to do; done by hand, apply goes on")
    func blocked() throws {
        try LiveTopology.with("blocked") { live in
            let name = live.host.name
            try live.host.change(.delete, "/queues/\(name)/purser.expiry")
            try live.host.change(.put, "/queues/\(name)/purser.expiry", #"{"durable":true,"arguments":{"x-queue-type":"classic"}}"#)
            try live.host.change(
                .put, "/policies/\(name)/site",
                #"{"pattern":"^purser\\.topup$","definition":{"max-length":5},"priority":99,"apply-to":"queues"}"#)
            let report = try live.command().apply()
            #expect(report.exitCode == 1 && report.remaining.map(\.kind) == [.blocked, .blocked], "\(report.lines)")
            let words = report.remaining.map(\.description)
            #expect(
                words.contains {
                    $0.hasPrefix("queue purser.topup: policy in force is site, should be purser.topup, and that has priority")
                })
            #expect(words.contains { $0.hasPrefix("queue purser.expiry: x-queue-type is classic, should be quorum; a queue cannot") })
            try live.host.change(.delete, "/queues/\(name)/purser.expiry")
            try live.host.change(.delete, "/policies/\(name)/site")
            #expect(try live.command().apply().exitCode == 0)
        }
    }

    @Test("what belongs to others stays; what carries our name without being ours is reported and stays")
    func foreign() throws {
        try LiveTopology.with("foreign") { live in
            let name = live.host.name
            try live.host.change(.put, "/queues/\(name)/crm", #"{"durable":true}"#)
            try live.host.change(.post, "/bindings/\(name)/e/purser.events/q/crm", ##"{"routing_key":"#"}"##)
            try live.host.change(.put, "/policies/\(name)/crm", #"{"pattern":"^crm$","definition":{"max-length":5},"priority":0}"#)
            #expect(try live.differences() == [])
            try live.host.change(.put, "/queues/\(name)/purser.mine", #"{"durable":true}"#)
            let report = try live.command().apply()
            #expect(report.exitCode == 0 && report.changes == 0 && report.remaining.map(\.kind) == [.extra])
            #expect(try live.command().check().exitCode == 1)
            #expect(try live.host.manage(.get, "/queues/\(name)/purser.mine").isSuccess)
            #expect(try live.host.manage(.get, "/bindings/\(name)/e/purser.events/q/crm/%23").isSuccess)
        }
    }

    @Test("the number of partitions can grow and shrink; a surplus one gets nothing more and is named")
    func partitions() throws {
        try LiveTopology.with("partitions", partitions: 2) { live in
            #expect(try live.command(partitions: 3).apply().exitCode == 0)
            #expect(try live.command(partitions: 3).check().exitCode == 0)
            let fewer = try live.command(partitions: 2).apply()
            #expect(fewer.exitCode == 0 && fewer.remaining.map(\.object) == ["queue purser.usage.2"])
            let connection = try live.connect()
            for number in 0..<100 { #expect(try connection.publish("purser.usage", "org-\(number)") == .confirmed) }
            let counts = try (0..<3).map { try connection.declareQueuePassively("purser.usage.\($0)").messages }
            #expect(counts[2] == 0 && counts[0] + counts[1] == 100 && counts[0] > 0 && counts[1] > 0)
            connection.close()
        }
    }

    @Test("a policy maker who is no administrator applies everything but the users, and is told so")
    func policyMaker() throws {
        try LiveTopology.with("maker", partitions: 1, users: true, applied: false) { live in
            let name = live.host.name
            try live.host.change(.put, "/users/\(name)", #"{"password":"p","tags":"policymaker"}"#)
            defer { _ = try? live.host.manage(.delete, "/users/\(name)") }
            try live.host.change(.put, "/permissions/\(name)/\(name)", #"{"configure":".*","write":".*","read":".*"}"#)
            let admin = live.host.adminURL
            let scheme = try #require(admin.firstRange(of: "://"))
            let at = try #require(admin.lastIndex(of: "@"))
            let address = try AdminAddress(adminURL: admin[..<scheme.upperBound] + "\(name):p" + admin[at...], amqpURL: nil)
            let report = try TopologyCommand(address: address, wanted: live.wanted).apply()
            #expect(report.exitCode == 0 && report.remaining.isEmpty && report.changes > 100)
            #expect(report.remarks == ["users and rights were not compared: the user of AMQP_ADMIN_URL is no administrator"])
        }
    }

    @Test("what the broker holds, exported, is what was described")
    func export() throws {
        try LiveTopology.with("export") { live in
            let file = try JSONReader.read(live.command().export())
            let broker = try JSONReader.read(live.command().exportFromBroker())
            for section in ["exchanges", "queues", "bindings", "policies"] {
                let lines = { (json: JSONValue) in
                    Set((json[section]?.elements ?? []).map { String(decoding: JSONCanonical.bytes($0), as: UTF8.self) })
                }
                #expect(lines(file) == lines(broker) && !lines(file).isEmpty, "\(section)")
            }
        }
    }

    @Test("a refused user, a broker that is away and a host that does not speak HTTP each have their code")
    func failures() throws {
        let wanted = try TopologyFixture.definition()
        let admin = try LiveTopology.with("failures", applied: false) { $0.host.adminURL }
        let scheme = try #require(admin.firstRange(of: "://"))
        let at = try #require(admin.lastIndex(of: "@"))
        let stranger = admin[..<scheme.upperBound] + "nobody:wrong" + admin[at...]
        for (url, code) in [(String(stranger), 77), ("http://a:b@127.0.0.1:1/x", 69)] as [(String, Int32)] {
            do {
                _ = try TopologyCommand(address: AdminAddress(adminURL: url, amqpURL: nil), wanted: wanted).check()
                Issue.record("answered")
            } catch {
                #expect(error.exitCode == code && !error.detail.contains("wrong"), "\(error)")
            }
        }
    }
}
