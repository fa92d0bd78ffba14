/// A finished file.
public struct RenderedPDF: Sendable, Equatable {
    /// The content of the file.
    public let bytes: [UInt8]
    /// The number of its pages.
    public let pages: Int
    /// How many characters no installed font has. They are shown as boxes with their code in them: worth a warning in the log.
    public let unknownGlyphs: Int
}
