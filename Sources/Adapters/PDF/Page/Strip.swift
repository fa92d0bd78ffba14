/// A strip across the page that cannot be divided: mostly one line of text, or the lines of a table's cells that stand side by side.
struct Strip {
    /// Something to be drawn, its place counted from the strip's upper left corner.
    struct Piece {
        enum Shape {
            /// A line of a text; the place is that of its base line's left end.
            case text(TextLayout, line: Int)
            /// A filled rectangle.
            case fill(width: Double, height: Double, Ink)
            /// The outline of a rectangle.
            case frame(width: Double, height: Double, Ink)
        }

        var x: Double
        var y: Double
        let shape: Shape
    }

    var height: Double
    var pieces: [Piece] = []
    /// Not to be parted from the next strip by the end of a page.
    var staysWithNext = false
    /// What stands above it again where it begins a page.
    var head: [Strip] = []

    var isSpace: Bool { pieces.isEmpty }

    static func space(_ height: Double, staysWithNext: Bool = false) -> Strip {
        Strip(height: max(height, 0), staysWithNext: staysWithNext)
    }

    mutating func move(right: Double, down: Double) {
        for index in pieces.indices {
            pieces[index].x += right
            pieces[index].y += down
        }
    }
}
