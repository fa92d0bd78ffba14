import Glibc

/// Where a command prints: results to standard output, everything else to standard error. Used by one thread.
final class Console {
    /// A stream of text, to a terminal or not.
    struct Stream {
        /// Whether a person looks at it.
        var isTerminal: Bool
        /// Takes bytes; false when nobody reads them any more.
        var write: ([UInt8]) -> Bool
    }

    private let output: Stream
    private let errors: Stream
    private let usesColor: Bool
    /// Characters in a line of the terminal.
    let width: Int
    /// What is drawn over at the next line on standard error.
    private var transient = false
    /// False once standard output is closed by its reader, as `| head` does.
    private(set) var isRead = true

    init(output: Stream, errors: Stream, usesColor: Bool, width: Int = 100) {
        self.output = output
        self.errors = errors
        self.usesColor = usesColor
        self.width = width
    }

    /// The process's own streams. Colour only on a terminal, and never with NO_COLOR.
    static func standard(environment: [String: String]) -> Console {
        let isTerminal = isatty(1) == 1
        let wantsColor = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        return Console(
            output: Stream(isTerminal: isTerminal) { Console.writeAll(1, $0) },
            errors: Stream(isTerminal: isatty(2) == 1) { Console.writeAll(2, $0) },
            usesColor: isTerminal && isatty(2) == 1 && wantsColor, width: Console.terminalWidth())
    }

    /// Whether a person watches standard error, where progress is shown.
    var showsProgress: Bool { errors.isTerminal }
    /// Whether a person watches standard output.
    var isInteractive: Bool { output.isTerminal }

    /// A line of the result.
    func line(_ text: String = "") {
        write(text + "\n")
    }

    /// Text of the result as it is.
    func write(_ text: String) {
        write(bytes: Array(text.utf8))
    }

    /// Bytes of the result as they are.
    func write(bytes: [UInt8]) {
        clearTransient()
        if isRead { isRead = output.write(bytes) }
    }

    /// A line beside the result: a note, a warning.
    func note(_ text: String) {
        clearTransient()
        _ = errors.write(Array((text + "\n").utf8))
    }

    /// A line on the terminal that the next one replaces; nothing where nobody watches.
    func progress(_ text: String) {
        guard errors.isTerminal else { return }
        transient = true
        _ = errors.write(Array(("\r" + String(text.prefix(max(20, width - 1))) + "\u{1B}[K").utf8))
    }

    /// Takes the progress line away.
    func clearTransient() {
        guard transient else { return }
        transient = false
        _ = errors.write(Array("\r\u{1B}[K".utf8))
    }

    /// Clears the screen for a view that repeats.
    func clearScreen() {
        if output.isTerminal { write("\u{1B}[H\u{1B}[2J") }
    }

    enum Color: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case bold = "1"
        case faint = "2"
    }

    /// The text in a colour where colours are shown.
    func colored(_ text: String, _ color: Color) -> String {
        usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    private static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }
}
