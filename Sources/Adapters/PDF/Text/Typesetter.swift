import CCairo
import CPango

/// Makes layouts of texts, all for one document.
final class Typesetter {
    /// Characters so far that no font has.
    private(set) var unknownGlyphs = 0
    /// The accent of the document; nil for none.
    let accent: Ink?
    private let context: TextContext
    private let families: String

    init(fonts: borrowing FontMap, hanForms: HanForms, accent: PDFColor? = nil) throws(PDFError) {
        context = try TextContext(fonts: fonts)
        if let accent { self.accent = Ink(accent) } else { self.accent = nil }
        families = FontFamilies.list(hanForms)
    }

    func layout(_ text: String, _ style: TextStyle) -> TextLayout {
        let ink = style.isAccented ? accent ?? style.ink : style.ink
        let layout = TextLayout(LayoutHandle(context: context, text: PrintableText.of(text), families: families, style: style), ink)
        unknownGlyphs += layout.unknownGlyphs
        return layout
    }
}

/// Pango's settings for a number of layouts. Freed by `deinit`.
struct TextContext: ~Copyable {
    let context: OpaquePointer

    init(fonts: borrowing FontMap) throws(PDFError) {
        guard let options = cairo_font_options_create(), let made = pango_font_map_create_context(fonts.map) else {
            throw PDFError(CAIRO_STATUS_NO_MEMORY)
        }
        context = made
        // Glyphs are moved to whole dots for screens; paper has none to speak of, and a reader may magnify.
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(made, options)
        cairo_font_options_destroy(options)
        pango_context_set_round_glyph_positions(made, 0)
        // A language that Pango knows would make it take the language of other scripts from the environment of the process.
        pango_context_set_language(made, pango_language_from_string("und"))
        pango_context_set_base_dir(made, PANGO_DIRECTION_WEAK_LTR)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
    }
}
