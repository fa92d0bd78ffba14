import Synchronization

@testable import Telemetry

/// Collects the lines of a log, and a clock that stands where the test puts it.
final class TestLines: Sendable {
    private let collected = Mutex<[String]>([])
    private let nanoseconds = Mutex<Int64>(0)

    var lines: [String] { collected.withLock { $0 } }

    func advance(seconds: Int64) { nanoseconds.withLock { $0 += seconds * 1_000_000_000 } }

    var time: TimeSource {
        TimeSource(wall: { 1_795_168_800_000_123 }, monotonic: { self.nanoseconds.withLock { $0 } })
    }

    func log(_ level: LogLevel = .debug, _ format: LogFormat = .json) -> Log {
        Log(
            LogSink(level: level, format: format, time: time) { bytes in
                self.collected.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            })
    }
}
