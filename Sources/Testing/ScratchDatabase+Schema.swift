import Glibc
public import Postgres

extension ScratchDatabase {
    /// A migration that cannot be read.
    public struct UnreadableMigration: Error, CustomStringConvertible {
        /// Which one.
        public let description: String
    }

    /// Applies every migration of `ops/migrations`, as the owner of the database.
    /// - Throws: `UnreadableMigration`, or the `DatabaseError` of the server.
    public func migrate() throws {
        let owner = try connect(statementTimeout: .seconds(60))
        defer { owner.close() }
        for path in try ScratchDatabase.migrations() { try owner.run(ScratchDatabase.text(of: path)) }
    }

    /// Runs `body` with an empty database that has every migration, and sees to what is left of it afterwards, whatever happens.
    ///
    /// Roles, objects and settings that `body` makes itself may be there for the next one: only rows are removed.
    public static func withSchema<R>(_ label: String, _ body: (ScratchDatabase) throws -> R) throws -> R {
        try SchemaPool.shared.with(label, body)
    }

    /// Opens a session with the rights of a program's role.
    public func connect(as role: String) throws -> DatabaseConnection {
        try connect(settings: ["role": role])
    }

    /// The files that lead forward, in their order.
    private static func migrations() throws -> [String] {
        let folder = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/ops/migrations"
        guard let entries = opendir(folder) else { throw UnreadableMigration(description: "\(folder) cannot be listed") }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".up.sql") { names.append("\(folder)/\(name)") }
        }
        return names.sorted()
    }

    private static func text(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw UnreadableMigration(description: "\(path) cannot be opened") }
        defer { fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: content, as: UTF8.self) }
            content += chunk[..<count]
        }
    }
}
