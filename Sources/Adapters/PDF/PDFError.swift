import CCairo

/// A document that could not be made. Holds none of its text, so it can be logged as it is.
public struct PDFError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Kind: String, Sendable {
        /// No font lies in the font folders.
        case noFonts = "no fonts installed"
        /// The drawing library failed; the code says how.
        case library = "cannot draw"
    }

    /// What went wrong.
    public let kind: Kind
    /// cairo's status, 0 where cairo was not asked.
    public let code: Int32

    /// Whether the same document may succeed later: only where memory was short.
    public var isRetriable: Bool { kind == .library && UInt32(bitPattern: code) == CAIRO_STATUS_NO_MEMORY.rawValue }

    /// Whether every other document will fail too, until somebody installs fonts.
    public var isFatal: Bool { kind == .noFonts }

    /// Constant words and the code.
    public var description: String { code == 0 ? "PDF: \(kind.rawValue)" : "PDF: \(kind.rawValue) (cairo \(code))" }

    init(_ kind: Kind, code: Int32 = 0) {
        self.kind = kind
        self.code = code
    }

    init(_ status: cairo_status_t) {
        self.init(.library, code: Int32(bitPattern: status.rawValue))
    }
}
