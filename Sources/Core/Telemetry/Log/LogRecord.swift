/// One line before it is rendered.
struct LogRecord: Sendable {
    let level: LogLevel
    let microseconds: Int64
    let message: String
    let fields: [(key: LogKey, value: LogValue)]

    /// Text values are cut here, in bytes: a log line has a bound like everything else.
    static let longestText = 1024
}
