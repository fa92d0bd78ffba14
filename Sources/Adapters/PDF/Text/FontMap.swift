import CPango

/// The fonts of some folders, and no others. Freed by `deinit`.
struct FontMap: ~Copyable {
    let map: UnsafeMutablePointer<PangoFontMap>

    init(folders: [String]) throws(PDFError) {
        let fonts = FontList(folders: folders)
        guard fonts.count > 0, let made = pango_cairo_font_map_new() else { throw PDFError(.noFonts) }
        // The map keeps a reference of its own to the list.
        purser_pango_set_fonts(made, fonts.list)
        // A unit is a point.
        purser_pango_set_resolution(made, 72)
        map = made
    }

    deinit {
        g_object_unref(map)
    }
}

/// fontconfig's list of the fonts in some folders, made without the settings of machine and user. Freed by `deinit`.
private struct FontList: ~Copyable {
    let list: OpaquePointer

    init(folders: [String]) {
        list = FcConfigCreate()
        var settings = "<?xml version=\"1.0\"?><fontconfig>"
        for folder in folders { settings += "<dir>\(FontList.escaped(folder))</dir>" }
        // What the packages' own installation has found out about the fonts; reading them all would take seconds.
        settings += "<cachedir>/var/cache/fontconfig</cachedir></fontconfig>"
        let isRead = settings.withCString { text in
            text.withMemoryRebound(to: FcChar8.self, capacity: settings.utf8.count) {
                FcConfigParseAndLoadFromMemory(list, $0, FcTrue)
            }
        }
        if isRead == FcTrue { FcConfigBuildFonts(list) }
    }

    deinit {
        FcConfigDestroy(list)
    }

    var count: Int32 {
        FcConfigGetFonts(list, FcSetSystem)?.pointee.nfont ?? 0
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
