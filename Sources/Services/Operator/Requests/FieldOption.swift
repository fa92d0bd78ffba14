import Messages

/// An option that becomes a field of a request's data.
struct FieldOption: Sendable {
    /// How the text on the command line becomes JSON.
    enum Kind: Sendable {
        case text
        case whole
        case flag
        case time
        /// Tokens, or the word `unlimited`.
        case limit
        /// Words with commas between them; empty: an empty list.
        case list
    }

    let option: String
    var field: String
    let kind: Kind
    let placeholder: String
    let summary: String
    var isRequired = false

    init(_ option: String, _ kind: Kind, _ placeholder: String, _ summary: String, isRequired: Bool = false) {
        self.option = option
        field = String(option.map { $0 == "-" ? "_" : $0 })
        self.kind = kind
        self.placeholder = placeholder
        self.summary = summary
        self.isRequired = isRequired
    }

    var commandOption: CommandOption {
        kind == .flag ? .flag(option, summary) : .value(option, placeholder, summary, isRequired: isRequired)
    }

    /// Writes the member when the option is given.
    /// - Throws: a usage failure that names the option.
    func write(_ invocation: Invocation, now: Int64, to writer: inout JSONWriter) throws(CommandFailure) {
        if kind == .flag {
            if invocation.flag(option) { writer.member(field, true) }
            return
        }
        guard let text = invocation.text(option) else { return }
        switch kind {
        case .text, .flag: writer.member(field, text)
        case .whole:
            // Its bounds are the schema's.
            guard let number = Invocation.whole(text) else { throw .usage("--\(option) must be a whole number \(Invocation.bounds64)") }
            writer.member(field, number)
        case .time: writer.member(field, timeIfPresent: try invocation.moment(option, now: now))
        case .limit:
            if let number = Invocation.whole(text) { writer.member(field, number) } else { writer.member(field, text) }
        case .list:
            writer.name(field)
            writer.beginArray()
            for word in text.split(separator: ",") { writer.value(String(word)) }
            writer.endArray()
        }
    }
}
