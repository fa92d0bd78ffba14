import Glibc

/// A program started by a test; ended with it.
final class ChildProcess {
    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    private var pid: pid_t = 0
    private let output: Int32

    /// Starts a program from the search path; its standard output can be read with `readLine`.
    init(_ arguments: [String]) throws {
        var pipeEnds: [Int32] = [0, 0]
        guard pipe(&pipeEnds) == 0 else { throw Failed(description: "no pipe") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], 1)
        posix_spawn_file_actions_addclose(&actions, pipeEnds[0])
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let status = posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
        close(pipeEnds[1])
        output = pipeEnds[0]
        guard status == 0 else {
            close(output)
            throw Failed(description: "\(arguments[0]) cannot be started")
        }
    }

    deinit {
        end()
        close(output)
    }

    /// Kills it and waits for that.
    func end() {
        guard pid > 0 else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        pid = 0
    }

    /// One line of its output, bounded by ten seconds of silence.
    func readLine() throws -> String {
        var line = ""
        var byte: UInt8 = 0
        while true {
            var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 10_000) > 0, read(output, &byte, 1) == 1 else { throw Failed(description: "a program said nothing") }
            if byte == UInt8(ascii: "\n") { return line }
            line.unicodeScalars.append(Unicode.Scalar(byte))
        }
    }

    /// Runs a program to its end.
    static func run(_ arguments: [String]) throws {
        let process = try ChildProcess(arguments)
        var status: Int32 = 0
        waitpid(process.pid, &status, 0)
        process.pid = 0
        guard status == 0 else { throw Failed(description: "\(arguments.prefix(2).joined(separator: " ")) failed") }
    }
}
