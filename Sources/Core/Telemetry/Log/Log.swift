/// What code writes log lines with: a sink and the fields that every line of this part of the program carries. Cheap to copy.
///
/// Messages are constant text, what varies goes into the fields: `log.warning("broker lost", [.error: .string(text)])`. Lines of one
/// message that repeat too often are left out and counted. Any thread may use it. Fields are only built when the level is on.
public struct Log: Sendable {
    private let sink: LogSink
    private let context: [(key: LogKey, value: LogValue)]

    /// A log without fields of its own.
    public init(_ sink: LogSink) {
        self.sink = sink
        context = []
    }

    private init(_ sink: LogSink, _ context: [(key: LogKey, value: LogValue)]) {
        self.sink = sink
        self.context = context
    }

    /// The same log with further fields in every line.
    public func adding(_ fields: KeyValuePairs<LogKey, LogValue>) -> Log {
        Log(sink, context + fields.map { ($0.key, $0.value) })
    }

    /// Writes nothing. For tests and tools.
    public static let silent = Log(LogSink(level: .error, format: .json, output: { _ in }))

    /// For a developer. - Parameter fields: built only when the level is on.
    public func debug(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<LogKey, LogValue> = [:]) {
        write(.debug, message, fields)
    }

    /// What an operator wants to see of a healthy program. - Parameter fields: built only when the level is on.
    public func info(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<LogKey, LogValue> = [:]) {
        write(.info, message, fields)
    }

    /// Something went wrong and is dealt with. - Parameter fields: built only when the level is on.
    public func warning(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<LogKey, LogValue> = [:]) {
        write(.warning, message, fields)
    }

    /// Something went wrong that a person must look at. - Parameter fields: built only when the level is on.
    public func error(_ message: StaticString, _ fields: @autoclosure () -> KeyValuePairs<LogKey, LogValue> = [:]) {
        write(.error, message, fields)
    }

    private func write(_ level: LogLevel, _ message: StaticString, _ fields: () -> KeyValuePairs<LogKey, LogValue>) {
        guard level >= sink.least else { return }
        sink.write(level, message, context, fields())
    }
}
