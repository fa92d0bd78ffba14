import Messages

extension WalletView {
    /// For a person.
    var lines: [String] {
        let width = fields.map(\.name.count).max() ?? 0
        var lines = ["wallet of \(organization)"]
        for (name, value) in fields { lines.append("  " + name + String(repeating: " ", count: width - name.count) + "  " + value.shown) }
        if !covers.isEmpty { lines += ["", "covered services: they cost nothing"] + indented(coverTable) }
        if !lots.isEmpty { lines += ["", "lots, in the order in which they pay"] + indented(lotTable) }
        if !holds.isEmpty { lines += ["", "open holds"] + indented(holdTable) }
        if !ledger.isEmpty { lines += ["", "newest ledger rows"] + indented(LedgerLine.table(ledger)) }
        return lines
    }

    private func indented(_ table: TextTable) -> [String] { table.lines.map { "  " + $0 } }

    private var coverTable: TextTable {
        var table = TextTable(["services", "origin", "from", "until"])
        for cover in covers {
            table.add([
                cover.services.joined(separator: ", "), cover.origin, EventTime.secondsText(microseconds: cover.startsAt),
                cover.endsAt.map { EventTime.secondsText(microseconds: $0) } ?? "further notice",
            ])
        }
        return table
    }

    private var lotTable: TextTable {
        let headers = ["lot", "kind", "origin", "remaining", "held", "granted", "priority", "from", "until"]
        var table = TextTable(headers, right: [0, 3, 4, 5, 6])
        for lot in lots {
            table.add([
                String(lot.id), lot.kind, lot.origin, Figures.grouped(lot.remaining), Figures.grouped(lot.held),
                Figures.grouped(lot.granted),
                String(lot.priority), EventTime.secondsText(microseconds: lot.effectiveAt),
                lot.expiresAt.map { EventTime.secondsText(microseconds: $0) } ?? "never",
            ])
        }
        return table
    }

    private var holdTable: TextTable {
        var table = TextTable(["hold", "service", "outcome", "tokens", "until"], right: [3])
        for hold in holds {
            table.add([hold.id, hold.service, hold.outcome, Figures.grouped(hold.tokens), EventTime.secondsText(microseconds: hold.endsAt)])
        }
        return table
    }

    /// For a program.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("organization", organization)
        for (name, value) in fields {
            switch value {
            case .text(let text): writer.member(name, text)
            case .number(let number): writer.member(name, ifPresent: number)
            case .time(let time): writer.member(name, timeIfPresent: time)
            }
        }
        array("covers", covers, &writer) { cover, writer in
            writer.name("services")
            writer.beginArray()
            for service in cover.services { writer.value(service) }
            writer.endArray()
            writer.member("origin", cover.origin)
            writer.member("starts_at", timeIfPresent: cover.startsAt)
            writer.member("ends_at", timeIfPresent: cover.endsAt)
        }
        array("lots", lots, &writer) { lot, writer in
            writer.member("lot", lot.id)
            writer.member("kind", lot.kind)
            writer.member("origin", lot.origin)
            writer.member("granted", lot.granted)
            writer.member("remaining", lot.remaining)
            writer.member("held", lot.held)
            writer.member("priority", lot.priority)
            writer.member("effective_at", timeIfPresent: lot.effectiveAt)
            writer.member("expires_at", timeIfPresent: lot.expiresAt)
        }
        array("holds", holds, &writer) { hold, writer in
            writer.member("hold_id", hold.id)
            writer.member("service", hold.service)
            writer.member("outcome", hold.outcome)
            writer.member("tokens", hold.tokens)
            writer.member("placed_at", timeIfPresent: hold.placedAt)
            writer.member("ends_at", timeIfPresent: hold.endsAt)
        }
        writer.name("ledger")
        writer.beginArray()
        for line in ledger { line.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    private func array<Item>(
        _ name: String, _ items: [Item], _ writer: inout JSONWriter, _ members: (Item, inout JSONWriter) -> Void
    ) {
        writer.name(name)
        writer.beginArray()
        for item in items {
            writer.beginObject()
            members(item, &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension WalletView.JSONField {
    fileprivate var shown: String {
        switch self {
        case .text(let text): TextTable.printable(text)
        case .number(let number): number.map(Figures.grouped) ?? "-"
        case .time(let time): EventTime.secondsText(microseconds: time)
        }
    }
}
