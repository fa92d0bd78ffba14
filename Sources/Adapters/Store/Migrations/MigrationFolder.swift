import Glibc

/// The migrations of a folder such as `ops/migrations`.
public enum MigrationFolder {
    /// Reads every migration of a folder, in order. Files that are no `.sql` are left alone.
    ///
    /// Blocks for as long as the file system takes.
    /// - Throws: `MigrationError.unreadable`, or `malformed` when a number is missing or twice there, or a file lacks its counterpart.
    public static func load(_ path: String) throws(MigrationError) -> [Migration] {
        var ups: [Int: (name: String, text: String)] = [:]
        var downs: [Int: (name: String, text: String)] = [:]
        for file in try fileNames(path) where file.hasSuffix(".sql") {
            let isUp = file.hasSuffix(".up.sql")
            guard isUp || file.hasSuffix(".down.sql") else { throw .malformed("\(file) ends neither in .up.sql nor in .down.sql") }
            let stem = file.dropLast(isUp ? ".up.sql".utf8.count : ".down.sql".utf8.count)
            let parts = stem.split(separator: "_", maxSplits: 1)
            guard parts.count == 2, parts[0].utf8.count == 4, let version = Int(parts[0]), version > 0 else {
                throw .malformed("\(file) does not begin with a number of four digits and an underscore")
            }
            let entry = (name: String(parts[1]), text: try read(path + "/" + file))
            let before = isUp ? ups.updateValue(entry, forKey: version) : downs.updateValue(entry, forKey: version)
            guard before == nil else { throw .malformed("version \(version) is there twice") }
        }
        var migrations: [Migration] = []
        for version in ups.keys.sorted() {
            guard let up = ups[version], version == migrations.count + 1 else {
                throw .malformed("version \(migrations.count + 1) is missing")
            }
            guard let down = downs.removeValue(forKey: version), down.name == up.name else {
                throw .malformed("\(up.name).up.sql has no counterpart that leads back")
            }
            migrations.append(Migration(version: version, name: up.name, up: up.text, down: down.text))
        }
        if let rest = downs.keys.min() { throw .malformed("version \(rest) leads back only") }
        guard !migrations.isEmpty else { throw .malformed("\(path) has no migration") }
        return migrations
    }

    private static func fileNames(_ path: String) throws(MigrationError) -> [String] {
        guard let directory = opendir(path) else { throw .unreadable(path: path, reason: reason()) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            names.append(name)
        }
        return names.sorted()
    }

    private static func read(_ path: String) throws(MigrationError) -> String {
        guard let file = fopen(path, "re") else { throw .unreadable(path: path, reason: reason()) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes.append(contentsOf: chunk[..<count])
            if count < chunk.count { break }
        }
        if ferror(file) != 0 { throw .unreadable(path: path, reason: reason()) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .unreadable(path: path, reason: "it is not UTF-8") }
        return text
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}
