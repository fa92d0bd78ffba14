import Glibc
import Runtime

/// Reads whole files without Foundation.
enum InputFile {
    /// The bytes of a file; `-` is standard input.
    /// - Throws: `noInput` where there is none, `data` where it is larger than `limit` bytes.
    static func read(_ path: String, limit: Int = 64 << 20) throws(CommandFailure) -> [UInt8] {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(.noInput, "\(path) \(reason(errno))") }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(.noInput, "\(path) \(reason(errno))") }
            if count == 0 { return content }
            content += chunk[..<count]
            guard content.count <= limit else { throw CommandFailure(.data, "\(path) is larger than \(limit >> 20) MiB") }
        }
    }

    /// For the reader of the configuration.
    static func configuration(_ path: String) -> Result<String, ConfigurationReader.FileMistake> {
        do {
            let bytes = try read(path, limit: 1 << 20)
            guard let text = String(validating: bytes, as: UTF8.self) else { return .failure(.init(reason: "is not UTF-8")) }
            return .success(text)
        } catch {
            return .failure(.init(reason: String(error.message.dropFirst(path.count + 1))))
        }
    }

    /// A system error in a few words.
    static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "does not exist"
        case EACCES, EPERM: "may not be read"
        case EISDIR: "is a folder"
        default: "cannot be read: \(words(code))"
        }
    }

    /// The system's own words for an error.
    static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// What stands behind the last slash.
    static func name(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}
