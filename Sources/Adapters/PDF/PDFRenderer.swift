/// Makes PDF files of documents. Text is selectable, fonts are embedded as far as they are used.
///
/// Only the fonts of the given folders are looked at, and no setting of the machine or of the user: the same document and the same
/// versions of fonts and libraries give the same bytes on every machine, however often they are asked for.
/// Not `Sendable`: one thread owns it. It keeps opened fonts, so use one for many documents.
public final class PDFRenderer {
    /// Where Debian's packages fonts-noto-core and fonts-noto-cjk put their fonts.
    public static let fontFolders = ["/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto"]

    private let fonts: FontMap

    /// - Throws: `noFonts` where the folders hold none.
    public init(fontFolders: [String] = PDFRenderer.fontFolders) throws(PDFError) {
        fonts = try FontMap(folders: fontFolders)
    }

    /// Lays the document out and draws it.
    /// - Throws: `library`; the text of a document is never the reason.
    public func render(_ document: PDFDocument) throws(PDFError) -> RenderedPDF {
        let typesetter = try Typesetter(fonts: fonts, hanForms: document.hanForms, accent: document.accent)
        let footer = Footer(document.footer, typesetter)
        let strips = Composer(typesetter: typesetter, width: PageGeometry.width).strips(of: document.blocks)
        let pages = Paginator(height: PageGeometry.height - footer.height).pages(of: strips)
        let sink = ByteSink()
        let canvas = try Canvas(sink: sink, document: document)
        for (index, page) in pages.enumerated() {
            if index > 0 { canvas.beginPage() }
            for placed in page { canvas.draw(placed.strip, x: PageGeometry.left, y: PageGeometry.top + placed.y) }
            let numbered = footer.strip(page: index + 1, of: pages.count)
            canvas.draw(numbered, x: PageGeometry.left, y: PageGeometry.bottom - numbered.height)
        }
        try canvas.close()
        return RenderedPDF(bytes: sink.bytes, pages: pages.count, unknownGlyphs: typesetter.unknownGlyphs)
    }
}
