import Glibc
import Messages
import PurserTesting
import Runtime
import Testing

@testable import Operator

/// Runs one command line in this process and keeps what it printed.
struct CommandRun {
    let code: ExitCode
    let output: String
    let errors: String

    /// - Parameter environment: nothing of the process's own comes through, so that no test depends on who runs it.
    init(_ words: [String], _ environment: [String: String] = [:]) {
        final class Kept { var bytes: [UInt8] = [] }
        let (output, errors) = (Kept(), Kept())
        func stream(_ kept: Kept) -> Console.Stream {
            Console.Stream(isTerminal: false) { bytes in
                kept.bytes += bytes
                return true
            }
        }
        let console = Console(output: stream(output), errors: stream(errors), usesColor: false)
        code = OperatorProgram.run(words, environment: environment, console: console)
        self.output = String(decoding: output.bytes, as: UTF8.self)
        self.errors = String(decoding: errors.bytes, as: UTF8.self)
    }

    /// The output as JSON.
    func json() throws -> JSONValue { try JSONReader.read(Array(output.utf8)) }
}

/// The reading end of a pipe that holds a short text and then ends.
final class PipedText {
    let descriptor: Int32

    init(_ text: String) throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[1]) }
        descriptor = ends[0]
        try #require(write(ends[1], text, text.utf8.count) == text.utf8.count)
    }

    deinit { close(descriptor) }
}

/// A folder that is gone after the test.
final class ScratchFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/purser-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(folder)
        rmdir(path)
    }

    /// Writes a file and answers its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(self.path)/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            try #require(count > 0)
            rest = rest.dropFirst(count)
        }
        return path
    }

    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }
}
