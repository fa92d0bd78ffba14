import Glibc

/// The folder `topology/` on disk.
public struct TopologyFolder: Sendable, Equatable {
    /// Its path.
    public let path: String

    /// A folder that is known.
    public init(path: String) {
        self.path = path
    }

    /// Looks for the folder above the running program (a clone: `.build/release/purser` lies inside it), then where the package puts it.
    /// - Throws: `configuration` where there is none.
    public static func located() throws(TopologyError) -> TopologyFolder {
        var candidates: [String] = []
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        }
        var folder = count > 0 ? String(decoding: buffer[..<count], as: UTF8.self)[...] : ""
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            candidates.append(folder + "/topology")
        }
        candidates.append("/usr/share/purser/topology")
        for candidate in candidates where access(candidate + "/definitions.json", R_OK) == 0 { return TopologyFolder(path: candidate) }
        throw TopologyError(.configuration, "topology/definitions.json was not found above the program or in /usr/share/purser")
    }

    /// The wanted topology as the two files describe it.
    /// - Throws: `configuration`, naming the file and the field.
    public func definition() throws(TopologyError) -> TopologyDefinition {
        try TopologyDefinition(definitions: read("definitions.json"), permissions: read("permissions.json"))
    }

    /// A file's bytes; at most 16 MiB.
    private func read(_ name: String) throws(TopologyError) -> [UInt8] {
        let file = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TopologyError(.configuration, "\(path)/\(name) cannot be read (errno \(errno))") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 16 << 20 {
            let count = Glibc.read(file, &chunk, chunk.count)
            guard count >= 0 else { throw TopologyError(.configuration, "\(path)/\(name) cannot be read (errno \(errno))") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        throw TopologyError(.configuration, "\(path)/\(name) is larger than 16 MiB")
    }
}
