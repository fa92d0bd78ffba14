/// Where tokens of a debit came from, or where returned tokens went (`domain.md` 3.7).
public enum DrawSource: Hashable, Sendable {
    case lot(Int64)
    case debt
}

/// One part of a debit: so many tokens of one lot, or of the overdraft.
public struct Draw: Hashable, Sendable {
    public let source: DrawSource
    /// At least 1.
    public let tokens: Int64

    public init(_ source: DrawSource, _ tokens: Int64) {
        self.source = source
        self.tokens = tokens
    }
}

/// The text of a ledger row's draws: `lot:tokens` comma-joined in the order drawn, overdraft as `debt:tokens` (`domain.md` 4.5).
public enum Draws {
    public static func text(_ draws: [Draw]) -> String {
        var text = ""
        for draw in draws {
            if !text.isEmpty { text += "," }
            switch draw.source {
            case .lot(let id): text += String(id)
            case .debt: text += "debt"
            }
            text += ":"
            text += String(draw.tokens)
        }
        return text
    }

    /// Reads what `text` wrote; nil when the text is anything else.
    public static func parse(_ text: String) -> [Draw]? {
        var draws: [Draw] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: text.isEmpty) {
            let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
            guard pieces.count == 2, let tokens = Int64(pieces[1]), tokens > 0 else { return nil }
            if pieces[0] == "debt" {
                draws.append(Draw(.debt, tokens))
            } else if let id = Int64(pieces[0]), id > 0 {
                draws.append(Draw(.lot(id), tokens))
            } else {
                return nil
            }
        }
        return draws
    }
}
