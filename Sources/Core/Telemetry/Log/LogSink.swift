import Glibc
import Synchronization

/// Where the lines of a process end up. One per process; any thread may write. Each line is one `write(2)`, so lines of several
/// threads, and of several processes on one pipe, never mix.
public final class LogSink: Sendable {
    let least: LogLevel
    private let format: LogFormat
    private let time: TimeSource
    private let output: @Sendable ([UInt8]) -> Void
    private let repeats: Mutex<RepeatLimit>

    /// - Parameters:
    ///   - level: the least level that is written.
    ///   - output: takes one whole line; by default written to standard error.
    public init(
        level: LogLevel, format: LogFormat, time: TimeSource = .system,
        output: @escaping @Sendable ([UInt8]) -> Void = LogSink.writeToStandardError
    ) {
        least = level
        self.format = format
        self.time = time
        self.output = output
        repeats = Mutex(RepeatLimit())
    }

    /// JSON unless standard error is a terminal; colours there unless `NO_COLOR` is set.
    public static func formatOfStandardError() -> LogFormat {
        guard isatty(STDERR_FILENO) == 1 else { return .json }
        return .terminal(colours: getenv("NO_COLOR") == nil)
    }

    func write(
        _ level: LogLevel, _ message: StaticString, _ context: [(key: LogKey, value: LogValue)], _ fields: KeyValuePairs<LogKey, LogValue>
    ) {
        let identity = message.hasPointerRepresentation ? UInt(bitPattern: message.utf8Start) : UInt(message.unicodeScalar.value)
        let now = time.monotonicNanoseconds
        let verdict = repeats.withLock { $0.admit(identity, now: now) }
        guard case .write(let suppressed) = verdict else { return }
        var all = context
        all.reserveCapacity(context.count + fields.count + 1)
        for (key, value) in fields { all.append((key, value)) }
        if suppressed > 0 { all.append((.suppressed, .number(suppressed))) }
        output(format.render(LogRecord(level: level, microseconds: time.wallMicroseconds, message: "\(message)", fields: all)))
    }

    /// Writes a line to standard error. A log that cannot be written must not stop the work: errors are ignored.
    public static let writeToStandardError: @Sendable ([UInt8]) -> Void = { line in
        line.withUnsafeBytes { bytes in
            var rest = bytes
            while rest.count > 0 {
                let written = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
