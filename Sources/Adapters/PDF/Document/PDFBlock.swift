/// A part of a document. Texts are plain, of any script; a line feed in them begins a new line.
public enum PDFBlock: Sendable, Equatable {
    /// The large line at the top; `mark` stands framed at its right, nil for none.
    case title(String, mark: String? = nil)
    /// A small heading, never the last line of a page.
    case heading(String)
    /// Running text.
    case paragraph(String, PDFTone = .plain)
    /// Names at the left, their values in a column beside them.
    case pairs([PDFPair])
    /// Blocks side by side in columns of the same width. Together they should fit on a page.
    case columns([[PDFBlock]])
    /// Rows under a head that is repeated on every page.
    case table(PDFTable)
    /// Sums at the right, below a table.
    case totals([PDFTotal])
    /// Empty space of so many points; none at the top of a page.
    case space(Double)
}

/// How loud a paragraph is.
public enum PDFTone: Sendable, Equatable {
    /// Ordinary text.
    case plain
    /// Bold.
    case strong
    /// Small and grey.
    case quiet
}

/// A name and its value.
public struct PDFPair: Sendable, Equatable {
    /// At the left, grey.
    public var name: String
    /// Beside it.
    public var value: String

    /// In reading order.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A line of the sums.
public struct PDFTotal: Sendable, Equatable {
    /// What is summed.
    public var name: String
    /// The sum, as it is to be printed.
    public var value: String
    /// Bold, under a line.
    public var isStrong: Bool

    /// A plain line unless told otherwise.
    public init(_ name: String, _ value: String, isStrong: Bool = false) {
        self.name = name
        self.value = value
        self.isStrong = isStrong
    }
}
