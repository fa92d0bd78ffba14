/// What stands behind the name of a consumer program on its command line. Pure.
struct ProgramArguments: Equatable {
    enum Command: Equatable {
        case run
        case help
        case version
        case printConfiguration
    }

    /// Why the arguments make no sense, in words.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    var command = Command.run
    /// Values that win over the environment.
    var settings: [Setting: String] = [:]

    init(_ arguments: [String], allowsShard: Bool, allowsLanes: Bool = true) throws(Refusal) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": command = .help
            case "--version": command = .version
            case "--print-config": command = .printConfiguration
            default:
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard let setting = ProgramArguments.setting(parts[0], allowsShard, allowsLanes) else {
                    throw Refusal(reason: "unknown argument \(parts[0])")
                }
                guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty else {
                    throw Refusal(reason: "\(parts[0]) needs a value")
                }
                do {
                    _ = try setting.entry.kind.read(value)
                } catch {
                    throw Refusal(reason: "\(parts[0]) \(error.reason)")
                }
                settings[setting] = value
            }
        }
    }

    private static func setting(_ name: String, _ allowsShard: Bool, _ allowsLanes: Bool) -> Setting? {
        switch name {
        case "--lanes" where allowsLanes: .lanes
        case "--shard" where allowsShard: .shard
        default: nil
        }
    }
}
