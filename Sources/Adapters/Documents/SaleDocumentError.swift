public import PDF

/// Why a document was not made. Holds nothing of what stands in it, so it can be logged as it is.
public enum SaleDocumentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A receipt of an invoice that is not paid.
    case unpaid
    /// The invoice that came along is not the one that the credit note names.
    case anotherInvoice
    /// The file could not be drawn.
    case drawing(PDFError)

    /// Whether the same document may succeed later.
    public var isRetriable: Bool {
        if case .drawing(let error) = self { error.isRetriable } else { false }
    }

    /// Whether every other document will fail too, until somebody mends this machine.
    public var isFatal: Bool {
        if case .drawing(let error) = self { error.isFatal } else { false }
    }

    /// Constant words, and the code of the drawing library.
    public var description: String {
        switch self {
        case .unpaid: "the invoice is not paid: there is no receipt yet"
        case .anotherInvoice: "the credit note is of another invoice"
        case .drawing(let error): error.description
        }
    }
}
