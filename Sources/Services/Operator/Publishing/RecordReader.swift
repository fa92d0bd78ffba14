import Glibc
import Runtime

/// One record of an input: a line, or a row of CSV whose quoted fields may hold line feeds.
struct Record: Sendable {
    /// Counted from 1: lines for NDJSON; for CSV rows, the header being 0.
    let number: Int64
    /// Without the line end.
    let bytes: [UInt8]
    /// Where it begins in the file.
    let offset: Int64
    /// It was longer than the limit; `bytes` is its beginning.
    let isTooLong: Bool
}

/// Cuts an open file into records, in constant memory. The last record may end without a newline. One thread.
final class RecordReader {
    enum Format: Sendable {
        case lines
        case csv
    }

    /// A record that is longer is no event (messages.md, "Envelope": a message has at most 1 MiB).
    static let limit = 1 << 20

    private let descriptor: Int32
    private let format: Format
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var position = 0
    private var end = 0
    private var isAtEnd = false
    private var number: Int64
    /// Where the next record begins.
    private(set) var offset: Int64

    /// - Parameters:
    ///   - descriptor: open for reading, standing at `offset`; stays the caller's.
    ///   - number: of the record before the first that is read.
    init(_ descriptor: Int32, _ format: Format, offset: Int64 = 0, number: Int64? = nil) {
        self.descriptor = descriptor
        self.format = format
        self.offset = offset
        self.number = number ?? (format == .csv ? -1 : 0)
    }

    /// The next record that is not blank; nil at the end.
    /// - Throws: `noInput` when the file cannot be read on.
    func next() throws(CommandFailure) -> Record? {
        while let record = try cut() {
            if format == .lines { number += 1 }
            if record.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            if format == .csv { number += 1 }
            return Record(number: number, bytes: record.bytes, offset: record.offset, isTooLong: record.isTooLong)
        }
        return nil
    }

    private func cut() throws(CommandFailure) -> (bytes: [UInt8], offset: Int64, isTooLong: Bool)? {
        let start = offset
        var bytes: [UInt8] = []
        var isTooLong = false
        var quotes = QuoteState.fieldStart
        while true {
            if position == end {
                guard try fill() else {
                    guard offset > start else { return nil }
                    return (RecordReader.trimmed(bytes), start, isTooLong)
                }
            }
            var index = position
            var isEnded = false
            buffer.withUnsafeBufferPointer { buffer in
                while index < end {
                    let byte = buffer[index]
                    index += 1
                    if byte == 0x0A && (format == .lines || quotes != .quoted) {
                        isEnded = true
                        return
                    }
                    if format == .csv { quotes = quotes.after(byte) }
                }
            }
            let taken = buffer[position..<(isEnded ? index - 1 : index)]
            let room = RecordReader.limit - bytes.count
            bytes += taken.prefix(room)
            if taken.count > room { isTooLong = true }
            offset += Int64(index - position)
            position = index
            if isEnded { return (RecordReader.trimmed(bytes), start, isTooLong) }
        }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        bytes.last == 0x0D ? Array(bytes.dropLast()) : bytes
    }

    private func fill() throws(CommandFailure) -> Bool {
        while !isAtEnd {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(.noInput, "the input \(InputFile.reason(errno))") }
            position = 0
            end = count
            isAtEnd = count == 0
            return count > 0
        }
        return false
    }
}

/// Where a byte of CSV stands as to quotes (RFC 4180): a quote means something only at the start of a field and within a quoted one.
enum QuoteState {
    case fieldStart
    case plain
    case quoted
    /// After a quote within a quoted field: its end, or the first half of a doubled quote.
    case closed

    func after(_ byte: UInt8) -> QuoteState {
        switch (self, byte) {
        case (.fieldStart, 0x22): .quoted
        case (.quoted, 0x22): .closed
        case (.quoted, _): .quoted
        case (.closed, 0x22): .quoted
        case (_, 0x2C): .fieldStart
        default: .plain
        }
    }
}
