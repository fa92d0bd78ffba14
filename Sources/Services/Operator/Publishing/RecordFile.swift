import Glibc
import Runtime

/// An input of many records: a file, or standard input, which is set aside in a nameless file where it has to be read twice.
final class RecordFile {
    /// What one reading of the whole input tells.
    struct Survey {
        /// Records, the header of CSV not counted.
        var count: Int64 = 0
        var last: Record?
        /// Where each record begins, for reading them in another order; empty unless asked for.
        var places: [(offset: Int64, number: Int64)] = []
    }

    /// By which ids that are made up name it: the file's own, or one of this run alone for what comes by once.
    let name: String
    /// Whether it comes by once: standard input, a pipe, a terminal. Another one would have the same name.
    let isStream: Bool
    let format: RecordReader.Format
    private let descriptor: Int32
    /// Whether it can be read again from its beginning.
    let isSeekable: Bool
    /// The header of CSV.
    private(set) var header: Record?
    private var reader: RecordReader

    /// - Parameters:
    ///   - path: `-` is standard input.
    ///   - twice: whether it has to be read more than once.
    init(_ path: String, _ format: RecordReader.Format, twice: Bool) throws(CommandFailure) {
        self.format = format
        var descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(.noInput, "\(path) \(InputFile.reason(errno))") }
        var status = stat()
        fstat(descriptor, &status)
        if status.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw CommandFailure(.noInput, "\(path) is a folder")
        }
        isStream = path == "-" || path.hasPrefix("/dev/") || status.st_mode & S_IFMT != S_IFREG
        name = isStream ? "stdin-\(Identifier.word(10))" : InputFile.name(path)
        var isSeekable = lseek(descriptor, 0, SEEK_CUR) == 0
        if !isSeekable && twice {
            let copy = try RecordFile.setAside(descriptor)
            close(descriptor)
            descriptor = copy
            isSeekable = true
        }
        self.descriptor = descriptor
        self.isSeekable = isSeekable
        reader = RecordReader(descriptor, format)
        if format == .csv {
            header = try reader.next()
            guard header != nil else {
                close(descriptor)
                throw CommandFailure(.data, "\(path) is empty: a CSV file begins with the names of its columns")
            }
        }
    }

    deinit { close(descriptor) }

    /// The next record in the input's own order.
    func next() throws(CommandFailure) -> Record? { try reader.next() }

    /// The record at a place that a survey found.
    func record(at place: (offset: Int64, number: Int64)) throws(CommandFailure) -> Record? {
        lseek(descriptor, off_t(place.offset), SEEK_SET)
        return try RecordReader(descriptor, format, offset: place.offset, number: place.number - 1).next()
    }

    /// Reads everything once and goes back to the first record. - Parameter places: whether to remember where each begins.
    func survey(places: Bool) throws(CommandFailure) -> Survey {
        var survey = Survey()
        let start = reader.offset
        while let record = try reader.next() {
            survey.count += 1
            if places { survey.places.append((record.offset, record.number)) }
            survey.last = record
        }
        lseek(descriptor, off_t(start), SEEK_SET)
        reader = RecordReader(descriptor, format, offset: start, number: 0)
        return survey
    }

    /// Its size and the moment of its last change, by which a later run knows it again.
    var mark: String {
        var status = stat()
        fstat(descriptor, &status)
        return "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    private static func setAside(_ source: Int32) throws(CommandFailure) -> Int32 {
        var template = Array("/tmp/purser-input-XXXXXX".utf8CString)
        let copy = mkstemp(&template)
        guard copy >= 0 else { throw CommandFailure(.output, "standard input cannot be set aside in /tmp: \(InputFile.words(errno))") }
        unlink(template)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(source, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            guard write(copy, chunk, count) == count else {
                close(copy)
                throw CommandFailure(.output, "standard input cannot be set aside in /tmp: \(InputFile.words(errno))")
            }
        }
        lseek(copy, 0, SEEK_SET)
        return copy
    }
}
