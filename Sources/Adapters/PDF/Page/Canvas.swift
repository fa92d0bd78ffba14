import CCairo
import CPango
import Glibc

/// What cairo has written. A class, because cairo holds its address.
final class ByteSink {
    fileprivate(set) var bytes: [UInt8] = []
}

/// cairo's callback: a top-level function, because a closure may inherit the isolation of where it is written.
private func collect(context: UnsafeMutableRawPointer?, bytes: UnsafePointer<UInt8>?, count: UInt32) -> cairo_status_t {
    guard let context, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(context).takeUnretainedValue()
    sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
}

/// The pages of a file being written. Freed by `deinit`; the file is complete after `close`.
struct Canvas: ~Copyable {
    private let surface: OpaquePointer
    private let context: OpaquePointer
    // Keeps the sink until cairo has written its last byte, which may be in `deinit`.
    private let sink: ByteSink

    init(sink: ByteSink, document: PDFDocument) throws(PDFError) {
        let address = Unmanaged.passUnretained(sink).toOpaque()
        // cairo never returns null: on failure its objects are inert and say why, and are freed like any other.
        surface = cairo_pdf_surface_create_for_stream(collect, address, PageGeometry.paperWidth, PageGeometry.paperHeight)
        context = cairo_create(surface)
        self.sink = sink
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, PrintableText.of(document.title))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, PrintableText.of(document.author))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, PrintableText.of(document.subject))
        let moment = Canvas.text(of: document.created)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, moment)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, moment)
        try check()
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func beginPage() {
        cairo_show_page(context)
    }

    func draw(_ strip: Strip, x: Double, y: Double) {
        for piece in strip.pieces {
            switch piece.shape {
            case .text(let layout, let line): draw(layout, line: line, x: x + piece.x, y: y + piece.y)
            case .fill(let width, let height, let ink):
                set(ink)
                cairo_rectangle(context, x + piece.x, y + piece.y, width, height)
                cairo_fill(context)
            case .frame(let width, let height, let ink):
                set(ink)
                // The line is drawn on both sides of its path: the path lies half its width inside of the rectangle.
                cairo_set_line_width(context, 0.8)
                cairo_rectangle(context, x + piece.x + 0.4, y + piece.y + 0.4, width - 0.8, height - 0.8)
                cairo_stroke(context)
            }
        }
    }

    /// Writes what is still to be written.
    consuming func close() throws(PDFError) {
        try check()
        cairo_surface_finish(surface)
        let status = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS else { throw PDFError(status) }
    }

    private func draw(_ layout: TextLayout, line: Int, x: Double, y: Double) {
        set(layout.ink)
        cairo_move_to(context, x, y)
        pango_cairo_show_layout_line(context, pango_layout_get_line_readonly(layout.handle.layout, Int32(line)))
    }

    private func set(_ ink: Ink) {
        cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
    }

    private func check() throws(PDFError) {
        let status = cairo_status(context)
        guard status == CAIRO_STATUS_SUCCESS else { throw PDFError(status) }
    }

    /// ISO 8601 in UTC. A text that cairo cannot read would leave the time of day in the file: years outside of four digits are bounded.
    private static func text(of seconds: Int64) -> String {
        var time = Int(min(max(seconds, -62_135_596_800), 253_402_300_799))
        var parts = tm()
        gmtime_r(&time, &parts)
        let year = String(parts.tm_year + 1900)
        let date = String(repeating: "0", count: 4 - year.utf8.count) + year + "-" + pair(parts.tm_mon + 1) + "-" + pair(parts.tm_mday)
        return date + "T" + pair(parts.tm_hour) + ":" + pair(parts.tm_min) + ":" + pair(parts.tm_sec) + "Z"
    }

    private static func pair(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
