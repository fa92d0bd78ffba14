/// Which numbers a document takes: one series per kind and year (`domain.md` 14.1). The words are those of `invoice_counters.series`.
public enum InvoiceSeries: String, Hashable, Sendable, CaseIterable {
    case invoice = "INV"
    case creditNote = "CN"
}

/// The number of an invoice or a credit note: `INV-2026-000001`.
public struct InvoiceNumber: Hashable, Sendable {
    public let series: InvoiceSeries
    public let year: Int64
    /// 1, 2, 3, ... without gap within series and year.
    public let count: Int64

    /// - Parameters:
    ///   - issuedAt: the moment that was read after the counter was locked, so that numbers and moments have one order.
    ///   - count: what the locked counter says now.
    public init(_ series: InvoiceSeries, issuedAt: Moment, count: Int64) {
        self.series = series
        year = CivilDate(of: issuedAt).year
        self.count = count
    }

    /// At least six digits.
    public var text: String {
        let digits = String(count)
        return "\(series.rawValue)-\(year)-" + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }
}
