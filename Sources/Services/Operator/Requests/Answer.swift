import Messages
import Runtime

/// An answer to a request (messages.md, "Answers").
struct Answer {
    let body: [UInt8]
    /// `{"ok":…}`, or an array of them for a batch.
    let value: JSONValue

    init(_ body: [UInt8]) throws(CommandFailure) {
        do {
            value = try JSONReader.read(body)
        } catch {
            throw CommandFailure(.software, "the answer cannot be read: \(error.detail)")
        }
        self.body = body
    }

    var isOK: Bool { value["ok"]?.bool ?? false }

    /// Whether a rule said no: an error, or a check that would not be paid for.
    var isRefusal: Bool { !isOK || value["result"]?["enough"]?.bool == false }

    /// The exit code of a command that got it.
    var exitCode: ExitCode { isRefusal ? .differences : .done }

    /// The lines for a person.
    /// - Parameters:
    ///   - title: what was asked, such as `wallet grant org-1`.
    ///   - sent: members of the request that were obeyed and that the answer does not repeat.
    func lines(_ title: String, sent: [JSONMember] = [], _ console: Console) -> [String] {
        guard isOK else {
            let error = value["error"]
            let detail = error?["detail"]?.text.map { ": \($0)" } ?? ""
            let rest = Answer.members(error, leavingOut: ["code", "detail"])
            return [console.colored("refused", .red) + "  \(title): \(error?["code"]?.text ?? "unknown")\(detail)"] + rest
        }
        let word = isRefusal ? console.colored("no", .yellow) : console.colored("done", .green)
        return ["\(word)  \(title)"] + Answer.members(value["result"], also: sent)
    }

    private static func members(_ value: JSONValue?, leavingOut names: Set<String> = [], also sent: [JSONMember] = []) -> [String] {
        let own = (value?.members ?? []).filter { !names.contains($0.name) }
        let shown = own + sent.filter { member in !own.contains { $0.name == member.name } }
        let width = shown.map(\.name.count).max() ?? 0
        return shown.map { member in
            "  " + member.name + String(repeating: " ", count: width - member.name.count) + "  " + Answer.text(member.value)
        }
    }

    static func text(_ value: JSONValue) -> String {
        switch value.kind {
        case .null: "-"
        case .bool(let flag): flag ? "yes" : "no"
        case .whole(let number): Figures.grouped(number)
        case .decimal(let text): text
        case .text(let text): TextTable.printable(text)
        case .array(let elements) where elements.isEmpty: "none"
        case .array(let elements) where elements.allSatisfy { $0.text != nil }: elements.map(Answer.text).joined(separator: ", ")
        default: TextTable.printable(String(decoding: JSONCanonical.bytes(value), as: UTF8.self))
        }
    }
}
