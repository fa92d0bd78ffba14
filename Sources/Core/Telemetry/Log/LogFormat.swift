/// How lines look. Rendering is pure: the same record always gives the same bytes.
public enum LogFormat: Sendable, Equatable {
    /// One JSON object a line: `time`, `level`, `message`, then the fields.
    case json
    /// For a person: time of day, level, message, `key=value`.
    case terminal(colours: Bool)

    /// The line with its newline. Control characters in values are escaped, so a value can never forge a line of its own.
    func render(_ record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch self {
        case .json: renderJSON(record, into: &line)
        case .terminal(let colours): renderText(record, colours, into: &line)
        }
        line.append(0x0A)
        return line
    }

    private func renderJSON(_ record: LogRecord, into line: inout [UInt8]) {
        line += #"{"time":""#.utf8
        line += Timestamp.text(record.microseconds).utf8
        line += #"","level":""#.utf8
        line += record.level.name.utf8
        line += #"","message":"#.utf8
        appendQuoted(record.message, to: &line)
        for (key, value) in record.fields {
            line += #",""#.utf8
            line += key.rawValue.utf8
            line += #"":"#.utf8
            append(value, to: &line)
        }
        line += "}".utf8
    }

    private func renderText(_ record: LogRecord, _ colours: Bool, into line: inout [UInt8]) {
        let level = record.level.name.uppercased()
        let padded = level + String(repeating: " ", count: max(0, 7 - level.count))
        line += Timestamp.timeOfDay(record.microseconds).utf8
        line += " ".utf8
        line += (colours ? "\u{1B}[\(colour(record.level))m\(padded)\u{1B}[0m" : padded).utf8
        line += " ".utf8
        line += record.message.utf8
        for (key, value) in record.fields {
            line += " \(key.rawValue)=".utf8
            append(value, to: &line)
        }
    }

    private func colour(_ level: LogLevel) -> Int {
        switch level {
        case .debug: 90
        case .info: 32
        case .warning: 33
        case .error: 31
        }
    }

    private func append(_ value: LogValue, to line: inout [UInt8]) {
        switch value {
        case .int(let number): line += String(number).utf8
        case .double(let number) where number.isFinite: line += String(number).utf8
        case .double(let number): appendQuoted(String(number), to: &line)
        case .bool(let flag): line += (flag ? "true" : "false").utf8
        case .string(let text): appendQuoted(text, to: &line)
        }
    }

    private func appendQuoted(_ text: String, to line: inout [UInt8]) {
        line.append(0x22)
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= LogRecord.longestText else {
                line += "…".utf8
                break
            }
            switch scalar.value {
            case 0x22: line += #"\""#.utf8
            case 0x5C: line += #"\\"#.utf8
            case 0x0A: line += #"\n"#.utf8
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: appendEscape(scalar.value, to: &line)
            default: line += String(scalar).utf8
            }
        }
        line.append(0x22)
    }

    private func appendEscape(_ value: UInt32, to line: inout [UInt8]) {
        let digits = String(value, radix: 16)
        line += (#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8
    }
}
