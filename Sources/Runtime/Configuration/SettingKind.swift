/// What a value must look like. Reading is pure and says in words what is wrong.
enum SettingKind: Sendable {
    /// `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`.
    case flag
    case integer(ClosedRange<Int64>)
    /// A number of at least 0 with up to four decimals.
    case decimal(upTo: Int64)
    /// One of these words.
    case word([String])
    /// Printable text without a space at either end.
    case text(longest: Int)
    /// Three capital letters.
    case currency
    /// Tokens (`100`) or a share of a reference (`25%`).
    case level
    /// Whole numbers separated by commas, such as `7,1`.
    case integers(ClosedRange<Int64>)
    case url(schemes: [String])
    /// An IP address and a port to listen on, such as `127.0.0.1:8080` or `[::1]:8080`.
    case address
    /// `i/n`: part i of n.
    case shard
    /// `name` or `name:count`.
    case crashPoint

    /// A value that was read.
    enum Value: Sendable, Equatable {
        case flag(Bool)
        case integer(Int64)
        case text(String)
        case level(BalanceLevel)
        case integers([Int64])
        case shard(Shard)
        case crashPoint(CrashPoint.Trap)
        case address(ListenAddress)
    }

    /// Why a text is not a value of this kind; never quotes the text, which may be a secret.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    func read(_ text: String) throws(Refusal) -> Value {
        switch self {
        case .flag: return .flag(try flag(text))
        case .integer(let range): return .integer(try integer(text, range))
        case .decimal(let most): return .integer(try decimal(text, most))
        case .word(let words):
            guard words.contains(text) else { throw Refusal(reason: "must be one of \(words.joined(separator: ", "))") }
            return .text(text)
        case .text(let longest): return .text(try printable(text, longest))
        case .currency:
            guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw Refusal(reason: "must be a currency of three capital letters, such as USD")
            }
            return .text(text)
        case .level: return .level(try level(text))
        case .integers(let range):
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            return .integers(try parts.map { part throws(Refusal) in try integer(trimmed(part), range) })
        case .url(let schemes): return .text(try url(text, schemes))
        case .address:
            guard let address = ListenAddress(text) else {
                throw Refusal(reason: "must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080")
            }
            return .address(address)
        case .shard:
            guard let shard = Shard(text) else {
                throw Refusal(reason: "must be i/n with 1 <= i <= n (0 is another name of n) and n from 1 to 64, such as 1/2")
            }
            return .shard(shard)
        case .crashPoint:
            guard let trap = CrashPoint.Trap(text) else {
                throw Refusal(reason: "must be name or name:count, with a name of \(CrashPoint.allNames)")
            }
            return .crashPoint(trap)
        }
    }

    private func flag(_ text: String) throws(Refusal) -> Bool {
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw Refusal(reason: "must be true or false")
        }
    }

    private func integer(_ text: String, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64 {
        guard let value = Int64(text), range.contains(value), text.utf8.first != 0x2B else {
            throw Refusal(reason: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// In ten-thousandths.
    private func decimal(_ text: String, _ most: Int64) throws(Refusal) -> Int64 {
        let refusal = Refusal(reason: "must be a number from 0 to \(most) with at most four decimals, such as 0.16")
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = parts[0]
        let fraction = parts.count == 2 ? parts[1] : "0"
        let isDigits = (whole + fraction).utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isDigits, (1...12).contains(whole.utf8.count), (1...4).contains(fraction.utf8.count),
            let units = Int64(whole), let rest = Int64(fraction + String(repeating: "0", count: 4 - fraction.utf8.count))
        else { throw refusal }
        let value = units * 10_000 + rest
        guard value <= most * 10_000 else { throw refusal }
        return value
    }

    private func printable(_ text: String, _ longest: Int) throws(Refusal) -> String {
        guard !text.isEmpty, text.utf8.count <= longest, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw Refusal(reason: "must be text of 1 to \(longest) bytes without control characters")
        }
        return text
    }

    private func level(_ text: String) throws(Refusal) -> BalanceLevel {
        if text.hasSuffix("%") { return .percent(try integer(String(text.dropLast()), 0...100)) }
        guard let tokens = Int64(text), tokens >= 0 else { throw Refusal(reason: "must be tokens, such as 100, or a share, such as 25%") }
        return .tokens(tokens)
    }

    private func url(_ text: String, _ schemes: [String]) throws(Refusal) -> String {
        let scheme = schemes.first { text.lowercased().hasPrefix($0 + "://") }
        guard let scheme, text.utf8.count > scheme.utf8.count + 3, text.utf8.count <= 2048,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw Refusal(reason: "must be a URL that starts with \(schemes.map { $0 + "://" }.joined(separator: " or "))") }
        return text
    }

    private func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
