/// The A4 page in points, and what may be printed on.
enum PageGeometry {
    static let paperWidth = 210 * millimetre
    static let paperHeight = 297 * millimetre
    static let left = 20 * millimetre
    static let top = 20 * millimetre
    static let width = paperWidth - 2 * left
    static let bottom = paperHeight - 14 * millimetre
    /// Of the printed area, with the footer in it.
    static let height = bottom - top

    private static let millimetre = 72 / 25.4
}
