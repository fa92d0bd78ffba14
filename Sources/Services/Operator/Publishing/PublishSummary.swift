import Messages

/// Tells what a publication came to.
enum PublishSummary {
    /// Refusals that a person sees one by one.
    private static let shown = 20

    static func print(_ report: PublishReport, of event: UsageRecorded?, seconds: Double, _ session: Session) {
        let console = session.console
        guard !session.wantsJSON else { return session.print { report.write(of: event, to: &$0) } }
        for refusal in report.refusals.prefix(shown) {
            console.line("\(console.colored("refused", .red))  row \(refusal.row): \(refusal.field) \(refusal.reason)")
        }
        if report.refused > Int64(shown) {
            console.line("         and \(Figures.grouped(report.refused - Int64(shown))) more; --json lists up to \(PublishReport.told)")
        }
        let rate = Figures.grouped(Int64(Double(report.confirmed) / max(seconds, 0.001)))
        var line = "\(Figures.count(report.confirmed, "event")) published in \(Figures.tenths(seconds)) s (\(rate)/s)"
        if report.tokens > 0 { line += ", \(Figures.count(report.tokens, "token"))" }
        console.line(line + ", \(Figures.grouped(report.refused)) refused")
        if report.isClean && report.confirmed > 0 {
            console.line(console.colored("what the meter refuses later stands in purser refusals list", .faint))
        }
        if let event { console.line("id \(TextTable.printable(event.id)), source \(TextTable.printable(event.source))") }
    }
}
