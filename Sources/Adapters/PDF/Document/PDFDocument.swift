/// A document of A4 pages: what stands in it, not where. The same value always gives the same file.
public struct PDFDocument: Sendable, Equatable {
    /// Shown by readers in the title of their window; not printed.
    public var title: String
    /// Who issued it; not printed.
    public var author: String
    /// What it is about; not printed.
    public var subject: String
    /// Written into the file as the moment of its making: seconds since 1970. The clock is never asked.
    public var created: Int64
    /// The national forms of Chinese characters.
    public var hanForms: HanForms
    /// The one colour beside black and grey: of headings, the mark and the lines that lead the eye. Nil for none.
    public var accent: PDFColor?
    /// What stands at the bottom of every page.
    public var footer: PDFFooter
    /// From top to bottom.
    public var blocks: [PDFBlock]

    /// Everything but title, moment and content has a default.
    public init(
        title: String, author: String = "", subject: String = "", created: Int64, hanForms: HanForms = .japanese,
        accent: PDFColor? = nil, footer: PDFFooter = PDFFooter(), blocks: [PDFBlock]
    ) {
        self.title = title
        self.author = author
        self.subject = subject
        self.created = created
        self.hanForms = hanForms
        self.accent = accent
        self.footer = footer
        self.blocks = blocks
    }
}

/// A colour of light. Text in it should stand out from white by at least 7 to 1, so that it survives a poor printer.
public struct PDFColor: Sendable, Equatable {
    /// 0 to 255.
    public var red: UInt8
    /// 0 to 255.
    public var green: UInt8
    /// 0 to 255.
    public var blue: UInt8

    /// All three 0 is black.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}

/// The last lines of every page.
public struct PDFFooter: Sendable, Equatable {
    /// At the left, at most three lines.
    public var text: String
    /// At the right, with `{page}` and `{pages}` in the places of the numbers; empty for none.
    public var numbering: String

    /// Page numbers in English where nothing else is given.
    public init(text: String = "", numbering: String = "Page {page} of {pages}") {
        self.text = text
        self.numbering = numbering
    }
}

/// Unicode has one code for a Chinese character that is written differently in these places: a text alone does not tell which is meant.
public enum HanForms: String, Sendable, CaseIterable {
    /// Japan.
    case japanese = "JP"
    /// Mainland China, Singapore.
    case simplifiedChinese = "SC"
    /// Taiwan.
    case traditionalChinese = "TC"
    /// Hong Kong.
    case hongKong = "HK"
    /// Korea.
    case korean = "KR"
}
