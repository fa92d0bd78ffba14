import FoundationEssentials
import Testing

@testable import Messages

/// The files of the contract, in `topology/`.
enum ContractFiles {
    /// Four steps up from this file is the repository.
    private static let topology = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/topology"

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(topology)/\(path)")), as: UTF8.self)
    }

    static func schema(_ name: String) throws -> JSONValue {
        try JSONReader.read(Array(try text("schemas/\(name).json").utf8))
    }

    /// The names of all schemas.
    static func schemaNames() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "\(topology)/schemas").map { String($0.dropLast(5)) })
    }
}
