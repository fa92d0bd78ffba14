import Glibc
import Postgres
import PurserTesting
import Testing

/// Every statement of the sources is prepared against a fresh schema, so that one which nobody has tried fails here and not in service.
@Suite("Statements")
struct StatementTests {
    /// A statement as it stands in a source file.
    struct Found {
        let name: String
        let sql: String
        let file: String
    }

    @Test("Every named statement of the sources can be prepared, and no name is given twice")
    func prepare() throws {
        let found = try Self.sources().flatMap { try Self.statements(in: $0) }
        #expect(found.count > 100, "only \(found.count) statements were found")
        let doubles = Dictionary(grouping: found, by: \.name).filter { $0.value.count > 1 }
        #expect(doubles.isEmpty, "\(doubles.mapValues { $0.map(\.file) })")
        try ScratchDatabase.withSchema("statements") { database in
            let owner = try database.connect()
            defer { owner.close() }
            for statement in found where !Self.isUtility(statement.sql) {
                let error = Self.prepare(statement, on: owner)
                #expect(error == nil, "\(statement.file), \(statement.name): \(error ?? "")")
            }
        }
    }

    /// What the server cannot prepare, and what is too plain to go wrong.
    private static func isUtility(_ sql: String) -> Bool {
        ["BEGIN", "COMMIT", "ROLLBACK", "LISTEN", "SET", "SHOW", "LOCK"].contains { sql.hasPrefix($0) }
    }

    /// Types that nothing in the text tells are told by the program when it sends the value; any will do here.
    private static func prepare(_ statement: Found, on connection: DatabaseConnection) -> String? {
        var types: [Int: String] = [:]
        while true {
            let count = types.keys.max() ?? 0
            let list = count == 0 ? "" : "(" + (1...count).map { types[$0] ?? "unknown" }.joined(separator: ", ") + ")"
            do {
                try connection.run("PREPARE tried\(list) AS \(statement.sql)")
                try connection.run("DEALLOCATE tried")
                return nil
            } catch {
                try? connection.rollbackIfNeeded()
                guard let number = indeterminate("\(error)"), types[number] == nil else { return "\(error)" }
                types[number] = "text"
            }
        }
    }

    private static func indeterminate(_ text: String) -> Int? {
        guard let place = text.firstRange(of: "data type of parameter $") else { return nil }
        return Int(text[place.upperBound...].prefix { $0.isNumber })
    }

    // MARK: Reading

    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    private static func sources() throws -> [String] {
        var files: [String] = []
        var folders = [root + "/Sources/Adapters/Store", root + "/Sources/Services", root + "/Sources/Runtime"]
        while let folder = folders.popLast() {
            guard let stream = opendir(folder) else { throw Unsound(description: "no folder \(folder)") }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name.hasPrefix(".") { continue }
                if entry.pointee.d_type == UInt8(DT_DIR) { folders.append("\(folder)/\(name)") }
                if name.hasSuffix(".swift") { files.append("\(folder)/\(name)") }
            }
        }
        return files.sorted()
    }

    private static func statements(in path: String) throws -> [Found] {
        let text = try contents(of: path)
        var found: [Found] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "Statement(") {
            rest = rest[start.upperBound...]
            guard let name = literal(&rest), let sql = literal(&rest) else { continue }
            found.append(Found(name: name, sql: sql, file: String(path.dropFirst(root.count + 1))))
        }
        return found
    }

    /// The string literal that comes next, but for white space and a comma; nil where something else comes.
    private static func literal(_ rest: inout Substring) -> String? {
        let before = rest
        rest = rest.drop { $0.isWhitespace || $0 == "," }
        guard rest.hasPrefix("\"") else {
            rest = before
            return nil
        }
        let mark = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        let body = rest.dropFirst(mark.count)
        guard let end = body.firstRange(of: mark) else { return nil }
        rest = body[end.upperBound...]
        return body[..<end.lowerBound].replacing(#"\\"#, with: #"\"#).replacing(#"\""#, with: "\"")
            .trimmingPrefix { $0.isWhitespace }.description
    }

    private static func contents(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw Unsound(description: "cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
