import Glibc
public import Messages

/// Where the files that belong to the programs lie: `topology/` and `ops/migrations/`.
public enum ShareFolder {
    /// PURSER_SHARE; else the folder above the program's own file that holds `topology/definitions.json` (a clone: `.build/release/purser`
    /// lies inside it); else where the package puts it.
    /// - Parameter named: the value of PURSER_SHARE.
    /// - Throws: a mistake in PURSER_SHARE where there is none.
    public static func located(named: String?) throws(ConfigurationMistakes) -> String {
        if let named, !named.isEmpty {
            guard holdsFiles(named) else { throw mistake("names a folder without topology/definitions.json") }
            return named
        }
        var folder = executable()[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            if holdsFiles(String(folder)) { return String(folder) }
        }
        guard holdsFiles("/usr/share/purser") else {
            throw mistake(
                "is not set, and topology/definitions.json was not found above the program or in /usr/share/purser; "
                    + "it names the folder that holds topology and ops")
        }
        return "/usr/share/purser"
    }

    /// Which users are bound to which sources.
    /// - Parameter named: the value of PURSER_SHARE.
    /// - Throws: a mistake in PURSER_SHARE where the file is not there or wrong: without it anybody could speak for anybody.
    public static func sources(named: String?) throws(ConfigurationMistakes) -> SourceBindings {
        let path = try located(named: named) + "/topology/sources.json"
        do {
            return try SourceBindings(json: Array(TextFile.read(path).get().utf8))
        } catch let problem as SourceBindings.Problem {
            throw mistake("\(path) \(problem.reason)")
        } catch {
            throw mistake("\(path) \((error as? ConfigurationReader.FileMistake)?.reason ?? "cannot be read")")
        }
    }

    private static func mistake(_ reason: String) -> ConfigurationMistakes {
        ConfigurationMistakes([ConfigurationMistake(name: Setting.share.rawValue, reason: reason)])
    }

    private static func holdsFiles(_ folder: String) -> Bool { access(folder + "/topology/definitions.json", R_OK) == 0 }

    private static func executable() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
