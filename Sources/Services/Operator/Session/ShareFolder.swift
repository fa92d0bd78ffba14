import Glibc
import Runtime

/// Where the files that belong to the program lie: `topology/` and `ops/migrations/`.
enum ShareFolder {
    /// PURSER_SHARE; else the folder above the program's own file that holds `topology/definitions.json` (a clone: `.build/release/purser`
    /// lies inside it); else where the package puts it.
    /// - Throws: `configuration` where there is none.
    static func located(environment: [String: String]) throws(CommandFailure) -> String {
        if let named = environment["PURSER_SHARE"], !named.isEmpty {
            guard holdsFiles(named) else {
                throw CommandFailure(.configuration, "PURSER_SHARE names a folder without topology/definitions.json")
            }
            return named
        }
        var folder = executable()[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            if holdsFiles(String(folder)) { return String(folder) }
        }
        guard holdsFiles("/usr/share/purser") else {
            throw CommandFailure(
                .configuration, "topology/definitions.json was not found above the program or in /usr/share/purser",
                hint: "name the folder that holds topology and ops by PURSER_SHARE")
        }
        return "/usr/share/purser"
    }

    /// The folder of numbered SQL files: `ops/migrations` in a clone, `migrations` in a package.
    static func migrations(environment: [String: String]) throws(CommandFailure) -> String {
        let share = try located(environment: environment)
        for folder in [share + "/ops/migrations", share + "/migrations"] where access(folder, R_OK | X_OK) == 0 { return folder }
        throw CommandFailure(.configuration, "\(share) holds no migrations")
    }

    private static func holdsFiles(_ folder: String) -> Bool { access(folder + "/topology/definitions.json", R_OK) == 0 }

    private static func executable() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
