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
    /// - Parameter title: what was asked, such as `wallet grant org-1`.
    func lines(_ title: String, _ console: Console) -> [String] {
        guard isOK else {
            let error = value["error"]
            let detail = error?["detail"]?.text.map { ": \($0)" } ?? ""
            let rest = Answer.members(error, without: ["code", "detail"])
            return [console.colored("refused", .red) + "  \(title): \(error?["code"]?.text ?? "unknown")\(detail)"] + rest
        }
        let word = isRefusal ? console.colored("no", .yellow) : console.colored("done", .green)
        return ["\(word)  \(title)"] + Answer.members(value["result"], without: [])
    }

    private static func members(_ value: JSONValue?, without names: Set<String>) -> [String] {
        let shown = (value?.members ?? []).filter { !names.contains($0.name) }
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
        default: TextTable.printable(String(decoding: JSONCanonical.bytes(value), as: UTF8.self))
        }
    }
}
