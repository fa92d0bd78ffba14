/// Shows a configuration to a person. Pure.
public enum ConfigurationPrinter {
    /// The effective values, one a line, for `--print-config`: secrets masked, the origin behind each that is not the default.
    public static func effective(_ configuration: Configuration) -> String {
        var text = ""
        for setting in Setting.allCases {
            guard let known = configuration.known[setting] else {
                text += "# \(setting.rawValue) is not set\n"
                continue
            }
            text += "\(setting.rawValue)=\(masked(known.text, setting.entry.secrecy))\(note(known.origin))\n"
        }
        return text
    }

    /// The content of `ops/purser.env.example`: every variable with its meaning and default, commented out.
    public static func example() -> String {
        var text = """
            # Every variable of Purser with its meaning and default. Set it in the environment, or in a file that
            # PURSER_CONFIG names; the environment wins. Values that are secrets can also stand in a file of their own:
            # NAME_FILE holds its path. This file is written by `purser config example`; a test holds it against the code.

            """
        for group in SettingEntry.Group.allCases {
            text += "\n## \(group.rawValue)\n"
            for setting in Setting.allCases where setting.entry.group == group {
                let entry = setting.entry
                text += "\n# \(entry.meaning)"
                if let other = setting.otherName { text += " Another name: \(other)." }
                text += "\n"
                text += "#\(setting.rawValue)=\(entry.fallback ?? "")\n"
            }
        }
        return text
    }

    static func masked(_ text: String, _ secrecy: SettingEntry.Secrecy) -> String {
        switch secrecy {
        case .open: text
        case .secret: "***"
        case .passwordWithin: maskedURL(text)
        }
    }

    /// What stands between the first colon of the user part and the last `@` is the password; options may hold one too.
    private static func maskedURL(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return "***" }
        var rest = text[scheme.upperBound...]
        var options = ""
        if let question = rest.firstIndex(of: "?") {
            options = maskedOptions(rest[rest.index(after: question)...])
            rest = rest[..<question]
        }
        guard let at = rest.lastIndex(of: "@") else { return text[..<scheme.upperBound] + rest + options }
        let user = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let shown = user.count == 2 ? "\(user[0]):***" : String(user[0])
        return text[..<scheme.upperBound] + shown + rest[at...] + options
    }

    private static func maskedOptions(_ options: Substring) -> String {
        let shown = options.split(separator: "&", omittingEmptySubsequences: false).map { option in
            option.lowercased().hasPrefix("password=") || option.lowercased().hasPrefix("sslpassword=")
                ? option.prefix(while: { $0 != "=" }) + "=***" : option
        }
        return "?" + shown.joined(separator: "&")
    }

    private static func note(_ origin: Configuration.Origin) -> String {
        switch origin {
        case .fallback: ""
        case .environment: "  # environment"
        case .file: "  # file of PURSER_CONFIG"
        case .secretFile: "  # file of its own"
        case .argument: "  # command line"
        }
    }
}
