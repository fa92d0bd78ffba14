import CPango

/// A text broken into lines, each of which can be drawn by itself.
final class TextLayout {
    /// A line's measures, from its base line.
    struct Line: Equatable {
        let ascent: Double
        let descent: Double
        let width: Double
    }

    let ink: Ink
    let handle: LayoutHandle
    private(set) var lines: [Line]

    init(_ handle: consuming LayoutHandle, _ ink: Ink) {
        self.handle = handle
        self.ink = ink
        lines = []
        lines = self.handle.measuredLines()
    }

    var unknownGlyphs: Int { handle.unknownGlyphs }

    /// Without breaks but those of the text: ask before `wrap`.
    var naturalWidth: Double { lines.lazy.map(\.width).max() ?? 0 }

    /// Breaks lines so that none is wider, between words where that is possible.
    func wrap(at width: Double) {
        guard naturalWidth > width else { return }
        handle.setWidth(width)
        lines = handle.measuredLines()
    }
}

/// Pango's layout of a text. Freed by `deinit`.
struct LayoutHandle: ~Copyable {
    let layout: OpaquePointer

    init(context: borrowing TextContext, text: String, families: String, style: TextStyle) {
        layout = pango_layout_new(context.context)
        pango_layout_set_text(layout, text, Int32(clamping: text.utf8.count))
        // Each paragraph runs in the direction of its first letter; at which edge it stands is ours to say.
        pango_layout_set_auto_dir(layout, 1)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        let font = FontDescription(families: families, style: style)
        pango_layout_set_font_description(layout, font.description)
        let attributes = TextAttributes()
        pango_layout_set_attributes(layout, attributes.list)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(layout))
    }

    var unknownGlyphs: Int { Int(pango_layout_get_unknown_glyphs_count(layout)) }

    func setWidth(_ points: Double) {
        // Never below a point: a negative width means "do not wrap".
        pango_layout_set_width(layout, Int32(max(points, 1) * Double(PANGO_SCALE)))
    }

    func measuredLines() -> [TextLayout.Line] {
        (0..<pango_layout_get_line_count(layout)).map { index in
            var logical = PangoRectangle()
            pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, index), nil, &logical)
            let ascent = Double(-logical.y) / Double(PANGO_SCALE)
            return TextLayout.Line(
                ascent: ascent, descent: Double(logical.height) / Double(PANGO_SCALE) - ascent,
                width: Double(logical.width) / Double(PANGO_SCALE))
        }
    }
}

/// Pango's name for a font; layouts copy it. Freed by `deinit`.
private struct FontDescription: ~Copyable {
    let description: OpaquePointer

    init(families: String, style: TextStyle) {
        description = pango_font_description_new()
        pango_font_description_set_family(description, families)
        pango_font_description_set_size(description, Int32(style.size * Double(PANGO_SCALE)))
        pango_font_description_set_weight(description, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    }

    deinit {
        pango_font_description_free(description)
    }
}

/// What holds for the whole of a text; layouts keep a reference of their own. Freed by `deinit`.
private struct TextAttributes: ~Copyable {
    let list: OpaquePointer

    init() {
        list = pango_attr_list_new()
        // The list owns what is inserted. A hyphen put into a broken identifier would be copied along with it.
        pango_attr_list_insert(list, pango_attr_insert_hyphens_new(0))
        // Figures of one width, so that they stand below each other.
        pango_attr_list_insert(list, pango_attr_font_features_new("tnum=1"))
    }

    deinit {
        pango_attr_list_unref(list)
    }
}
