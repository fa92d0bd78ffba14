import Messages

/// An option that becomes a field of a request's data.
struct FieldOption: Sendable {
    /// How the text on the command line becomes JSON.
    enum Kind: Sendable {
        case text
        case whole
        case flag
        /// A switch that says no.
        case off
        /// `yes` or `no`, where neither is as good as leaving it open.
        case choice
        /// An object, kept as it is typed.
        case object
        case time
        /// Tokens, or the word `unlimited`.
        case limit
        /// Words with commas between them; empty: an empty list.
        case list
    }

    let option: String
    /// Its name in the data; `checkout.success_url` is a member of the object `checkout`.
    var field: String
    let kind: Kind
    let placeholder: String
    let summary: String
    var isRequired = false

    /// - Parameter field: nil where it is the option's name with other hyphens.
    init(
        _ option: String, _ kind: Kind, _ placeholder: String, _ summary: String, isRequired: Bool = false, field: String? = nil
    ) {
        self.option = option
        self.field = field ?? String(option.map { $0 == "-" ? "_" : $0 })
        self.kind = kind
        self.placeholder = placeholder
        self.summary = summary
        self.isRequired = isRequired
    }

    /// The object that the field is a member of; nil for the data itself.
    var object: String? {
        let parts = field.split(separator: ".")
        return parts.count == 2 ? String(parts[0]) : nil
    }

    /// The field's own name.
    private var member: String { String(field.split(separator: ".").last ?? "") }

    private var isSwitch: Bool { kind == .flag || kind == .off }

    var commandOption: CommandOption {
        if isSwitch { return .flag(option, summary) }
        return .value(option, placeholder, summary, isRequired: isRequired, choices: kind == .choice ? ["yes", "no"] : [])
    }

    func isGiven(_ invocation: Invocation) -> Bool { isSwitch ? invocation.flag(option) : invocation.text(option) != nil }

    /// Writes the member when the option is given.
    /// - Throws: a usage failure that names the option.
    func write(_ invocation: Invocation, now: Int64, to writer: inout JSONWriter) throws(CommandFailure) {
        if isSwitch {
            if invocation.flag(option) { writer.member(member, kind == .flag) }
            return
        }
        guard let text = invocation.text(option) else { return }
        switch kind {
        case .text, .flag, .off: writer.member(member, text)
        case .choice: writer.member(member, text == "yes")
        case .object:
            guard let value = try? JSONReader.read(Array(text.utf8)), value.members != nil else {
                throw .usage("--\(option) must be a JSON object")
            }
            writer.member(member, rawIfPresent: text)
        case .whole:
            // Its bounds are the schema's.
            guard let number = Invocation.whole(text) else { throw .usage("--\(option) must be a whole number \(Invocation.bounds64)") }
            writer.member(member, number)
        case .time: writer.member(member, timeIfPresent: try invocation.moment(option, now: now))
        case .limit:
            if let number = Invocation.whole(text) { writer.member(member, number) } else { writer.member(member, text) }
        case .list:
            writer.name(member)
            writer.beginArray()
            for word in text.split(separator: ",") { writer.value(String(word)) }
            writer.endArray()
        }
    }

    /// Writes all that are given, those of one object together.
    static func write(_ fields: [FieldOption], _ invocation: Invocation, now: Int64, to writer: inout JSONWriter) throws(CommandFailure) {
        for field in fields where field.object == nil { try field.write(invocation, now: now, to: &writer) }
        let inner = fields.filter { $0.object != nil && $0.isGiven(invocation) }
        for object in Set(inner.compactMap(\.object)).sorted() {
            writer.name(object)
            writer.beginObject()
            for field in inner where field.object == object { try field.write(invocation, now: now, to: &writer) }
            writer.endObject()
        }
    }
}
