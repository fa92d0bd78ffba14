import Glibc

/// Reads small text files without Foundation.
enum TextFile {
    /// No file that a program reads at its start is larger, bytes.
    static let largest = 1 << 20

    /// The whole file, or in a few words why not ("does not exist"); read in the calling thread.
    static func read(_ path: String) -> Result<String, ConfigurationReader.FileMistake> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(.init(reason: errno == ENOENT ? "does not exist" : "cannot be opened")) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return .failure(.init(reason: "cannot be read")) }
            if count == 0 { break }
            content += chunk[..<count]
            guard content.count <= largest else { return .failure(.init(reason: "is larger than 1 MiB")) }
        }
        guard let text = String(validating: content, as: UTF8.self) else { return .failure(.init(reason: "is not UTF-8")) }
        return .success(text)
    }
}
