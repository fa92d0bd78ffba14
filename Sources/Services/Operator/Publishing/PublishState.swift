import Crypto
import Glibc
import Messages
import Runtime

/// How far a publication has come, in a small file, so that a run that was interrupted goes on after the last confirmed row. One run at a
/// time holds it.
final class PublishState {
    private let descriptor: Int32
    let path: String
    /// Everything that decides what is sent and in which order; another value is another publication.
    private let fingerprint: String
    /// The moment to which times are shifted: kept, or a second try would send other events under the same ids.
    private(set) var moment: Int64
    /// Rows that are settled without a gap before them.
    private(set) var position: Int64 = 0
    private static let size = 1024

    /// - Throws: `temporary` when another run holds the file, `input` when it cannot be written.
    init(path: String, fingerprint: String, moment: Int64, restart: Bool) throws(CommandFailure) {
        self.path = path
        self.fingerprint = fingerprint
        self.moment = moment
        try PublishState.makeFolder(of: path)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure(.output, "\(path) cannot be written: \(InputFile.words(errno))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandFailure(.temporary, "another run publishes this input (it holds \(path))")
        }
        if !restart { load() }
    }

    deinit { close(descriptor) }

    /// The file's usual place: $XDG_STATE_HOME, `.run` of a clone, or the home folder.
    static func defaultPath(_ fingerprint: String, environment: [String: String]) -> String {
        let name = "publish-\(SHA256.hash(fingerprint).hex.prefix(16)).json"
        if let home = environment["XDG_STATE_HOME"], !home.isEmpty { return "\(home)/purser/\(name)" }
        if access(".run", W_OK | X_OK) == 0 { return ".run/publish/\(name)" }
        if let home = environment["HOME"], !home.isEmpty { return "\(home)/.local/state/purser/\(name)" }
        return "/tmp/purser-\(getuid())/\(name)"
    }

    /// Notes how far it has come. One write of one block, which a kill cannot cut in two.
    func save(_ position: Int64) {
        self.position = position
        var writer = JSONWriter(capacity: PublishState.size)
        writer.beginObject()
        writer.member("fingerprint", SHA256.hash(fingerprint).hex)
        writer.member("moment", moment)
        writer.member("position", position)
        writer.endObject()
        let block = writer.bytes + [UInt8](repeating: 0x20, count: max(0, PublishState.size - 1 - writer.bytes.count)) + [0x0A]
        _ = pwrite(descriptor, block, block.count, 0)
    }

    /// There is nothing left to go on with.
    func remove() { unlink(path) }

    private func load() {
        var block = [UInt8](repeating: 0, count: PublishState.size)
        let count = pread(descriptor, &block, block.count, 0)
        guard count > 0, let value = try? JSONReader.read(Array(block[..<count])),
            value["fingerprint"]?.text == SHA256.hash(fingerprint).hex, let moment = value["moment"]?.whole,
            let position = value["position"]?.whole, position >= 0
        else { return }
        self.moment = moment
        self.position = position
    }

    private static func makeFolder(of path: String) throws(CommandFailure) {
        var folder = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += part + "/"
            guard folder != "/", mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
            throw CommandFailure(.output, "\(folder) cannot be made: \(InputFile.words(errno))")
        }
    }
}
