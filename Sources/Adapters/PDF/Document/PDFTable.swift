/// Rows under a head. Columns are as wide as their content; where the page is too narrow, texts wrap and numbers do not.
public struct PDFTable: Sendable, Equatable {
    /// At which edge of its column a text stands.
    public enum Alignment: Sendable, Equatable {
        /// At the left edge: texts.
        case leading
        /// At the right edge: numbers.
        case trailing
    }

    /// A column.
    public struct Column: Sendable, Equatable {
        /// Its text in the head.
        public var title: String
        /// Of the head and the cells.
        public var alignment: Alignment

        /// A column of texts unless told otherwise.
        public init(_ title: String, _ alignment: Alignment = .leading) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// From left to right.
    public var columns: [Column]
    /// A text for each column; missing ones are empty, ones too many are left out.
    public var rows: [[String]]

    /// A table may have no rows: the head is shown alone.
    public init(columns: [Column], rows: [[String]]) {
        self.columns = columns
        self.rows = rows
    }
}
