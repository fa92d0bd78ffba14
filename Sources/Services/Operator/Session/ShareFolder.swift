import Glibc
import Runtime

extension ShareFolder {
    /// The folder, by the environment of a command.
    /// - Throws: `configuration` where there is none.
    static func located(environment: [String: String]) throws(CommandFailure) -> String {
        do throws(ConfigurationMistakes) {
            return try located(named: environment[Setting.share.rawValue])
        } catch {
            throw CommandFailure(.configuration, error.all.map(\.description).joined(separator: "\n"))
        }
    }

    /// The folder of numbered SQL files: `ops/migrations` in a clone, `migrations` in a package.
    static func migrations(environment: [String: String]) throws(CommandFailure) -> String {
        let share = try located(environment: environment)
        for folder in [share + "/ops/migrations", share + "/migrations"] where access(folder, R_OK | X_OK) == 0 { return folder }
        throw CommandFailure(.configuration, "\(share) holds no migrations")
    }
}
