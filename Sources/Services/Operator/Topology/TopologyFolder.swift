import Glibc

/// The folder `topology/` on disk.
public struct TopologyFolder: Sendable, Equatable {
    /// Its path.
    public let path: String

    /// A folder that is known.
    public init(path: String) {
        self.path = path
    }

    /// The wanted topology as the two files describe it.
    /// - Throws: `configuration`, naming the file and the field.
    public func definition() throws(TopologyError) -> TopologyDefinition {
        try TopologyDefinition(definitions: read("definitions.json"), permissions: read("permissions.json"))
    }

    /// A file's bytes; at most 16 MiB.
    private func read(_ name: String) throws(TopologyError) -> [UInt8] {
        let file = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TopologyError(.configuration, "\(path)/\(name) cannot be read: \(InputFile.words(errno))") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 16 << 20 {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count >= 0 else { throw TopologyError(.configuration, "\(path)/\(name) cannot be read: \(InputFile.words(errno))") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        throw TopologyError(.configuration, "\(path)/\(name) is larger than 16 MiB")
    }
}
