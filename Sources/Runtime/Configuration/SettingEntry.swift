/// What is known of a variable before it is read.
struct SettingEntry: Sendable {
    /// Which part of the example file it stands in.
    enum Group: String, Sendable, CaseIterable {
        case rules = "The rules (domain.md)"
        case connections = "Connections"
        case programs = "The programs"
    }

    /// How much of the value may be shown.
    enum Secrecy: Sendable {
        /// All of it.
        case open
        /// All but the password within the URL.
        case passwordWithin
        /// Nothing.
        case secret
    }

    let group: Group
    let kind: SettingKind
    /// As it would be written; nil: not set.
    let fallback: String?
    let secrecy: Secrecy
    /// One or two sentences for the example file.
    let meaning: String

    init(_ group: Group, _ kind: SettingKind, _ fallback: String?, _ secrecy: Secrecy = .open, _ meaning: String) {
        self.group = group
        self.kind = kind
        self.fallback = fallback
        self.secrecy = secrecy
        self.meaning = meaning
    }
}
