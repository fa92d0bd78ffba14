/// `purser topology apply|check|export`. Blocking; one thread; each call to the broker ends within 15 s.
public struct TopologyCommand {
    private let address: AdminAddress
    private let wanted: TopologyDefinition

    /// - Parameters:
    ///   - address: the management interface and the virtual host.
    ///   - wanted: what should be there, with the deployment's settings applied.
    public init(address: AdminAddress, wanted: TopologyDefinition) {
        self.address = address
        self.wanted = wanted
    }

    /// Compares and changes nothing.
    /// - Throws: `TopologyError`; its `exitCode` is the program's.
    public func check() throws(TopologyError) -> TopologyReport {
        let plan = try plan(ManagementAPI(address))
        return TopologyReport(
            virtualHost: address.virtualHost, mended: [], remaining: plan.differences, remarks: plan.remarks, changes: 0,
            exitCode: plan.differences.isEmpty ? 0 : 1)
    }

    /// Makes what is missing and mends what differs, then compares again. Queues, exchanges, policies and users are never deleted. Run
    /// again, or by two at once, it changes nothing more.
    /// - Parameter progress: told before each change how many are done and how many there are.
    /// - Throws: `TopologyError`; what was changed before it stays, and the next run goes on from there.
    public func apply(progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }) throws(TopologyError) -> TopologyReport {
        let api = try ManagementAPI(address)
        let before = try plan(api)
        let calls = before.calls
        for (index, call) in calls.enumerated() {
            progress(index, calls.count)
            try api.perform(call)
        }
        progress(calls.count, calls.count)
        let after = calls.isEmpty ? before : try plan(api)
        return TopologyReport(
            virtualHost: address.virtualHost, mended: before.mendable.filter { !after.differences.contains($0) },
            remaining: after.differences, remarks: after.remarks, changes: calls.count, exitCode: after.isComplete ? 0 : 1)
    }

    /// The wanted topology as a definitions file for this virtual host. Asks nobody.
    public func export() -> [UInt8] {
        TopologyExport.bytes(wanted, virtualHost: address.virtualHost)
    }

    /// What the broker holds under our names, in the same format, so that the two can be compared.
    /// - Throws: `TopologyError`.
    public func exportFromBroker() throws(TopologyError) -> [UInt8] {
        let found = try BrokerTopologyReader(ManagementAPI(address)).read(users: [])
        return TopologyExport.bytes(found, virtualHost: address.virtualHost)
    }

    private func plan(_ api: ManagementAPI) throws(TopologyError) -> TopologyPlan {
        let found = try BrokerTopologyReader(api).read(users: wanted.users.map(\.name))
        return TopologyPlan(wanted: wanted, found: found, virtualHost: address.virtualHost)
    }
}
