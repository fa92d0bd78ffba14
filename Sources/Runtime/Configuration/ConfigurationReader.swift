/// Gathers the values of all variables from the environment, the file of `PURSER_CONFIG` and the arguments, and reports every mistake
/// at once. What stands in the environment wins over the file; an argument wins over both. Touches no network; reads files only through
/// the closure that it is given.
public struct ConfigurationReader {
    private let environment: [String: String]
    private let readFile: (String) -> Result<String, FileMistake>
    private let required: Set<Setting>
    private let arguments: [Setting: String]
    private var mistakes: [ConfigurationMistake] = []

    /// Why a file could not be read.
    public struct FileMistake: Error, Sendable {
        /// One line of plain text.
        public let reason: String

        /// With this reason.
        public init(reason: String) {
            self.reason = reason
        }
    }

    /// - Parameters:
    ///   - environment: every variable of the process.
    ///   - arguments: values given on the command line.
    ///   - required: variables without which this program cannot work.
    public init(
        environment: [String: String], arguments: [Setting: String] = [:], required: Set<Setting> = [],
        readFile: @escaping (String) -> Result<String, FileMistake> = { _ in .failure(FileMistake(reason: "cannot be read here")) }
    ) {
        self.environment = environment
        self.arguments = arguments
        self.required = required
        self.readFile = readFile
    }

    /// - Throws: all mistakes together; nothing to retry until somebody mends them.
    public func read() throws(ConfigurationMistakes) -> Configuration {
        var copy = self
        let configuration = copy.gather()
        guard copy.mistakes.isEmpty else { throw ConfigurationMistakes(copy.mistakes) }
        return configuration
    }

    private mutating func gather() -> Configuration {
        let file = valuesOfFile()
        reportUnknownNames(inEnvironment: environment.keys, inFile: file.keys)
        var known: [Setting: Configuration.Known] = [:]
        for setting in Setting.allCases {
            guard let (text, origin, name) = find(setting, file) else {
                if required.contains(setting) { mistakes.append(ConfigurationMistake(name: setting.rawValue, reason: "must be set")) }
                continue
            }
            do {
                known[setting] = Configuration.Known(text: text, value: try setting.entry.kind.read(text), origin: origin)
            } catch {
                mistakes.append(ConfigurationMistake(name: name, reason: error.reason))
            }
        }
        reportContradictions(known)
        return Configuration(known: known)
    }

    private mutating func find(_ setting: Setting, _ file: [String: String]) -> (String, Configuration.Origin, String)? {
        if let text = arguments[setting] { return (text, .argument, setting.rawValue) }
        for (values, origin) in [(environment, Configuration.Origin.environment), (file, .file)] {
            let names = setting.allNames.filter { values[$0].map { !$0.isEmpty } ?? false }
            guard let name = names.first, let text = values[name] else { continue }
            if names.count > 1 {
                mistakes.append(ConfigurationMistake(name: names[1], reason: "is set together with \(name); set one of them"))
            }
            guard name == setting.fileName else { return (text, origin, name) }
            switch readFile(text) {
            case .success(let content): return (withoutLastNewline(content), .secretFile, name)
            case .failure(let mistake):
                mistakes.append(ConfigurationMistake(name: name, reason: "names a file that \(mistake.reason)"))
                return nil
            }
        }
        return setting.entry.fallback.map { ($0, .fallback, setting.rawValue) }
    }

    private mutating func valuesOfFile() -> [String: String] {
        guard let path = environment["PURSER_CONFIG"], !path.isEmpty else { return [:] }
        switch readFile(path) {
        case .success(let text):
            let content = ConfigurationFile.read(text)
            mistakes += content.mistakes
            return Dictionary(content.values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        case .failure(let mistake):
            mistakes.append(ConfigurationMistake(name: "PURSER_CONFIG", reason: "names a file that \(mistake.reason)"))
            return [:]
        }
    }

    /// A file for Purser holds nothing else. In the environment others use our prefixes too (a cluster announces a service named purser by
    /// `PURSER_SERVICE_HOST`, scripts keep their own), so there only what looks like a slip of the pen is a mistake.
    private mutating func reportUnknownNames(inEnvironment: some Sequence<String>, inFile: some Sequence<String>) {
        let names = ConfigurationReader.allNames
        let ours = Set(inEnvironment.filter { $0.hasPrefix("PURSER_") || $0.hasPrefix("TOKEN_") })
        let written = Set(inFile)
        for name in ours.union(written) where !names.contains(name) && name != "PURSER_CONFIG" {
            let near = names.filter { editDistance($0, name) <= 2 }.min { editDistance($0, name) < editDistance($1, name) }
            let isFileOfOurs = name.hasSuffix("_FILE") && names.contains(String(name.dropLast(5)))
            if near == nil, !isFileOfOurs, !written.contains(name) { continue }
            let hint = near.map { "; did you mean \($0)?" } ?? ""
            mistakes.append(ConfigurationMistake(name: name, reason: "is not a variable of Purser" + hint))
        }
    }

    private mutating func reportContradictions(_ known: [Setting: Configuration.Known]) {
        let configuration = Configuration(known: known)
        if configuration.integer(.tokenPurchaseMin) > configuration.integer(.tokenPurchaseMax) {
            mistakes.append(ConfigurationMistake(name: "TOKEN_PURCHASE_MIN", reason: "must not be above TOKEN_PURCHASE_MAX"))
        }
        if configuration.shard.count * configuration.lanes > 256 {
            mistakes.append(ConfigurationMistake(name: "PURSER_LANES", reason: "times the shards of PURSER_SHARD must not be above 256"))
        }
    }

    /// Every name that may be written.
    static let allNames: Set<String> = Set(Setting.allCases.flatMap(\.allNames))

    private func withoutLastNewline(_ text: String) -> String {
        var bytes = Array(text.utf8)
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How many letters must be put in, taken out or changed.
    private func editDistance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for i in 0..<left.count {
            var diagonal = row[0]
            row[0] = i + 1
            for j in 0..<right.count {
                let cost = left[i] == right[j] ? diagonal : min(diagonal, row[j], row[j + 1]) + 1
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }
}
