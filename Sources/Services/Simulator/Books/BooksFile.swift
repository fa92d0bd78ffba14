import Glibc
import Synchronization

/// The file behind the books: one line of JSON for each change, appended and never rewritten, so that a kill at any moment costs at
/// most a line whose request was not answered. Any thread may use it.
final class BooksFile: Sendable {
    /// Why the file cannot be used, in words.
    struct Problem: Error {
        let reason: String
        /// Whether it may be gone soon: another process that has the file may end.
        var isPassing = false
    }

    private let descriptor: Int32
    private let written = Atomic<Int>(0)
    private let synced = Mutex(0)

    /// Opens or makes the file; nobody else may have it open.
    init(path: String) throws(Problem) {
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Problem(reason: "cannot be opened (errno \(errno))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Problem(reason: "is in use by another simulator", isPassing: true) }
    }

    deinit {
        close(descriptor)
    }

    /// Calls `line` for every complete line, and cuts off what a kill left of the last one.
    func readAll(_ line: (ArraySlice<UInt8>) -> Bool) throws(Problem) {
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var good = 0
        var number = 0
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Problem(reason: "cannot be read (errno \(errno))") }
            if count == 0 { break }
            pending += chunk[..<count]
            var start = 0
            while let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                guard line(pending[start..<end]) else { throw Problem(reason: "has no books of ours in line \(number)") }
                good += end + 1 - start
                start = end + 1
            }
            pending.removeSubrange(..<start)
        }
        guard ftruncate(descriptor, good) == 0 else { throw Problem(reason: "cannot be mended (errno \(errno))") }
        written.store(good, ordering: .relaxed)
        synced.withLock { $0 = good }
    }

    /// Writes a line. Calls must come one at a time. - Returns: the position to which `sync` must get.
    func append(_ line: [UInt8]) -> Int {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { BooksFile.giveUp() }
            rest = rest.dropFirst(count)
        }
        return written.add(line.count, ordering: .releasing).newValue
    }

    /// Waits until everything up to a position is on the disk. Threads that wait together share one fsync.
    func sync(upTo position: Int) {
        synced.withLock { synced in
            guard synced < position else { return }
            let reached = written.load(ordering: .acquiring)
            guard fdatasync(descriptor) == 0 else { BooksFile.giveUp() }
            synced = reached
        }
    }

    /// An answer whose charge is in no book would be a lie, so the program ends here.
    private static func giveUp() -> Never {
        let words = Array("purser-paysim: the books cannot be written\n".utf8)
        _ = write(STDERR_FILENO, words, words.count)
        exit(74)
    }
}
