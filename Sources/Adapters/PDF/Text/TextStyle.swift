/// Size, weight and colour of a text.
struct TextStyle: Equatable {
    /// In points.
    let size: Double
    let isBold: Bool
    let ink: Ink
    /// Takes the accent of the document, where it has one.
    var isAccented = false

    static let title = TextStyle(size: 20, isBold: true, ink: .black)
    static let mark = TextStyle(size: 10, isBold: true, ink: .grey, isAccented: true)
    static let heading = TextStyle(size: 9, isBold: true, ink: .grey, isAccented: true)
    static let plain = TextStyle(size: 9.5, isBold: false, ink: .black)
    static let strong = TextStyle(size: 9.5, isBold: true, ink: .black)
    static let name = TextStyle(size: 9.5, isBold: false, ink: .grey)
    static let quiet = TextStyle(size: 8, isBold: false, ink: .grey)
    static let tableHead = TextStyle(size: 8.5, isBold: true, ink: .black)
    static let total = TextStyle(size: 11, isBold: true, ink: .black)
}

/// A colour. Greys of text stand out from white by at least 7 to 1, so that they survive a poor printer.
struct Ink: Equatable {
    let red: Double
    let green: Double
    let blue: Double

    init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    init(_ color: PDFColor) {
        self.init(red: Double(color.red) / 255, green: Double(color.green) / 255, blue: Double(color.blue) / 255)
    }

    static let black = Ink(red: 0.10, green: 0.11, blue: 0.13)
    static let grey = Ink(red: 0.33, green: 0.35, blue: 0.38)
    static let rule = Ink(red: 0.80, green: 0.81, blue: 0.83)
    static let shade = Ink(red: 0.945, green: 0.95, blue: 0.955)
}
