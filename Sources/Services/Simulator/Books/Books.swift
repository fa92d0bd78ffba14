import Messages
import Synchronization
import Telemetry

/// The books of the simulator: every object and every charge, in memory and in a file that survives a kill. Any thread may use them.
///
/// A change is on the disk before anybody is answered. Nothing slow happens inside the lock: delays and calls stay outside.
final class Books: Sendable {
    private let state: Mutex<BookState>
    private let file: BooksFile?
    private let time: TimeSource
    private let listener = Mutex<@Sendable ([BookState.Change]) -> Void>({ _ in })

    /// - Parameter path: the file; nil: the books end with the process.
    /// - Throws: why the file cannot be used.
    init(path: String?, time: TimeSource) throws(BooksFile.Problem) {
        self.time = time
        var loaded = BookState()
        var opened: BooksFile?
        if let path { opened = try BooksFile(path: path) }
        try opened?.readAll { Books.load($0, into: &loaded) }
        file = opened
        state = Mutex(loaded)
    }

    /// Who is told of changes once they are on the disk; called in the thread that made them.
    func whenChanged(_ tell: @escaping @Sendable ([BookState.Change]) -> Void) {
        listener.withLock { $0 = tell }
    }

    /// Runs `body` alone with the state. What it put is on the disk when the call returns.
    @discardableResult
    func change<R: Sendable>(_ body: @Sendable (inout BookState) -> R) -> R {
        let (result, changes, position) = state.withLock { state -> (R, [BookState.Change], Int?) in
            state.now = time.wallMicroseconds / 1000
            let result = body(&state)
            let changes = state.takeChanges()
            let position = changes.isEmpty ? nil : file.map { $0.append(Books.line(changes)) }
            return (result, changes, position)
        }
        if let file, let position { file.sync(upTo: position) }
        if !changes.isEmpty { listener.withLock { $0 }(changes) }
        return result
    }

    /// A look without a change.
    func read<R: Sendable>(_ body: @Sendable (BookState) -> R) -> R {
        state.withLock { body($0) }
    }

    private static func line(_ changes: [BookState.Change]) -> [UInt8] {
        let entries = changes.map { Node.list([.text($0.kind.rawValue), .text($0.id), $0.node]) }
        return Node.list(entries).json + [UInt8(ascii: "\n")]
    }

    private static func load(_ line: ArraySlice<UInt8>, into state: inout BookState) -> Bool {
        guard case .list(let entries)? = Node(json: Array(line)) else { return false }
        for entry in entries {
            let parts = entry.elements
            guard parts.count == 3, let kind = parts[0].text.flatMap({ Kind(rawValue: $0) }), let id = parts[1].text else { return false }
            state.apply(kind, id, parts[2])
        }
        return true
    }
}
