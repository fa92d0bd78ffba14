import FoundationEssentials

/// The files of this clone.
enum Repository {
    static let root = String(#filePath.dropLast("/Tests/StyleTests/Repository.swift".count))

    /// Folders that hold no work of ours.
    private static let skipped: Set<String> = [".build", ".git", ".run", "Data"]

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(root)/\(path)")
    }

    static func text(of path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// Paths, relative to the top, of all files below a folder.
    static func files(below folder: String = "") throws -> [String] {
        let here = folder.isEmpty ? root : "\(root)/\(folder)"
        return try FileManager.default.contentsOfDirectory(atPath: here).sorted().flatMap { name -> [String] in
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard isFolder(path) else { return [path] }
            return skipped.contains(name) ? [] : try files(below: path)
        }
    }

    /// Every Swift file of the product and its tests.
    static func swiftFiles() throws -> [SourceFile] {
        try (files(below: "Sources") + files(below: "Tests")).filter { $0.hasSuffix(".swift") }.map {
            SourceFile(path: $0, text: try text(of: $0))
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder) && isFolder
    }
}
