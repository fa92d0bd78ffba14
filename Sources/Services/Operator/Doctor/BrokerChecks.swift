import AMQP
import Messages
import Runtime
import Telemetry

/// The broker: reachable, of a known version, without alarms, and as the topology describes it.
enum BrokerChecks {
    static func run(_ session: Session) -> [Finding] {
        var findings = [reach(session)]
        guard (try? session.configuration().text(.amqpAdminURL)) != nil else {
            findings.append(
                .warning(
                    "topology", "not compared: AMQP_ADMIN_URL is not set",
                    mend: "name the management interface of the broker by AMQP_ADMIN_URL"))
            return findings
        }
        do throws(CommandFailure) {
            let address = try session.adminAddress()
            let api = try topology { () throws(TopologyError) in try ManagementAPI(address) }
            findings += try server(api)
            findings += try nodes(api)
        } catch {
            let mend = Finding.mend(
                error, otherwise: "start the broker's management plugin, or mend host, port and login in AMQP_ADMIN_URL")
            findings.append(.problem("management interface", error.message, mend: mend))
            return findings
        }
        findings.append(drift(session))
        return findings
    }

    private static func reach(_ session: Session) -> Finding {
        do throws(CommandFailure) {
            let start = session.time.monotonicNanoseconds
            let connection = try session.openBroker(purpose: "doctor")
            connection.close()
            let milliseconds = Figures.tenths(session.time.seconds(since: start) * 1000)
            return .fine("broker", "user and virtual host of AMQP_URL are accepted (\(milliseconds) ms)")
        } catch {
            return .problem(
                "broker", error.message, mend: Finding.mend(error, otherwise: "start the broker, or mend host and port in AMQP_URL"))
        }
    }

    private static func server(_ api: ManagementAPI) throws(CommandFailure) -> [Finding] {
        let overview = try topology { () throws(TopologyError) in try api.get("overview") }
        let version = overview?["rabbitmq_version"]?.text ?? "unknown"
        let parts = version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
        guard parts.count == 2, parts[0] > 3 || (parts[0] == 3 && parts[1] >= 10) else {
            return [.problem("broker version", "RabbitMQ \(version) is too old", mend: "use 3.10 or newer")]
        }
        return [.fine("broker version", "RabbitMQ \(version)")]
    }

    /// Only an administrator or a monitoring user may ask; others are told nothing.
    private static func nodes(_ api: ManagementAPI) throws(CommandFailure) -> [Finding] {
        guard let nodes = try? api.get("nodes")?.elements else { return [] }
        return nodes.flatMap { node in
            let name = node["name"]?.text ?? "a node"
            var findings: [Finding] = []
            if node["running"]?.bool == false { findings.append(.problem("broker", "\(name) does not run", mend: "start it")) }
            if node["mem_alarm"]?.bool == true {
                findings.append(
                    .problem("broker memory", "\(name) takes no messages: it is short of memory", mend: "give it more, or drain queues"))
            }
            if node["disk_free_alarm"]?.bool == true {
                findings.append(.problem("broker disk", "\(name) takes no messages: its disk is full", mend: "make room on its disk"))
            }
            if let used = node["fd_used"]?.whole, let all = node["fd_total"]?.whole, all > 0, used * 10 > all * 8 {
                findings.append(
                    .warning("broker descriptors", "\(name) uses \(used) of \(all)", mend: "raise LimitNOFILE of rabbitmq-server"))
            }
            return findings.isEmpty ? [.fine("broker node", "\(name) has no alarm")] : findings
        }
    }

    private static func drift(_ session: Session) -> Finding {
        do throws(CommandFailure) {
            let report = try TopologyCommands.report(session)
            guard !report.remaining.isEmpty else { return .fine("topology", report.lines.last ?? "as described") }
            let lines = report.lines.prefix(8) + (report.lines.count > 8 ? ["... purser topology check lists all"] : [])
            return .problem("topology", lines.joined(separator: "\n"), mend: mend(Set(report.remaining.map(\.kind))))
        } catch {
            return .problem("topology", error.message, mend: Finding.mend(error, otherwise: "look at AMQP_ADMIN_URL"))
        }
    }

    /// Apply makes what is missing and mends what differs; the rest is for a person.
    static func mend(_ kinds: Set<TopologyDifference.Kind>) -> String {
        var advice: [String] = []
        if kinds.contains(.missing) || kinds.contains(.drift) { advice.append("purser topology apply") }
        if kinds.contains(.blocked) { advice.append("do what stands behind each blocked one, apply cannot change it") }
        if kinds.contains(.extra) { advice.append("delete what is extra and of no use, apply leaves it alone") }
        return advice.joined(separator: "; ")
    }
}
