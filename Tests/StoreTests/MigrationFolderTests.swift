import Glibc
import Store
import Testing

@Suite("A folder of migrations is read as a whole or refused")
struct MigrationFolderTests {
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/purser-migrations-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else { throw MigrationError.unreadable(path: "/tmp", reason: "no scratch folder") }
        let folder = String(cString: path)
        defer {
            for file in files.keys { unlink(folder + "/" + file) }
            rmdir(folder)
        }
        for (file, text) in files {
            guard let handle = fopen(folder + "/" + file, "we") else { continue }
            fputs(text, handle)
            fclose(handle)
        }
        try body(folder)
    }

    @Test("The product's own folder has every migration in order, each with its way back")
    func ownFolder() throws {
        let migrations = try MigrationFolder.load(TestSchema.folder)
        #expect(migrations.map(\.version) == Array(1...migrations.count))
        #expect(migrations[0].label == "0001_roles")
        #expect(migrations.count == Schema.version)
        for migration in migrations {
            #expect(migration.checksum.utf8.count == 64)
            for text in [migration.up, migration.down] {
                // One transaction each, under `psql -f` too.
                #expect(text.contains("\nBEGIN;\n") || text.hasPrefix("BEGIN;\n"))
                #expect(text.hasSuffix("\nCOMMIT;\n"))
            }
        }
    }

    @Test(
        "What does not fit is named",
        arguments: [
            (["0001_a.up.sql": "", "0001_a.down.sql": "", "0003_c.up.sql": "", "0003_c.down.sql": ""], "version 2 is missing"),
            (["0001_a.up.sql": ""], "a.up.sql has no counterpart"),
            (["0001_a.up.sql": "", "0001_b.down.sql": ""], "a.up.sql has no counterpart"),
            (["0001_a.up.sql": "", "0001_b.up.sql": "", "0001_a.down.sql": ""], "version 1 is there twice"),
            (["0001_a.up.sql": "", "0001_a.down.sql": "", "0002_b.down.sql": ""], "version 2 leads back only"),
            (["first.up.sql": ""], "first.up.sql does not begin with a number"),
            (["0001_a.sql": ""], "0001_a.sql ends neither"),
            (["README.md": "words"], "has no migration"),
        ])
    func malformed(_ files: [String: String], _ message: String) throws {
        try withFolder(files) { folder in
            let error = #expect(throws: MigrationError.self) { try MigrationFolder.load(folder) }
            #expect(error?.description.contains(message) == true)
        }
    }

    @Test("A folder that is not there, and a file that is no text, are named")
    func unreadable() throws {
        let missing = #expect(throws: MigrationError.self) { try MigrationFolder.load("/nonexistent/migrations") }
        #expect(missing?.description == "cannot read /nonexistent/migrations: No such file or directory")
    }
}
