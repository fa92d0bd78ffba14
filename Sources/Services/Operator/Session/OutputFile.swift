import Glibc
import Runtime

/// Writes whole files without Foundation.
enum OutputFile {
    /// Makes the file, or writes it anew. - Throws: `output`.
    static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure(.output, "\(path) cannot be written: \(InputFile.words(errno))") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                close(descriptor)
                throw CommandFailure(.output, "\(path) cannot be written: \(InputFile.words(code))")
            }
            rest = rest.dropFirst(count)
        }
        guard close(descriptor) == 0 else { throw CommandFailure(.output, "\(path) cannot be written: \(InputFile.words(errno))") }
    }
}
