import Glibc

/// A policy's regular expression over queue names. The broker uses PCRE; ours are written so that POSIX reads them alike.
enum NamePattern {
    /// Whether a name matches; nil where the pattern cannot be judged here.
    static func matches(_ pattern: String, _ name: String) -> Bool? {
        // PCRE's own words, which POSIX would take for something else.
        if pattern.contains("(?") || pattern.contains("\\d") || pattern.contains("\\w") { return nil }
        var compiled = regex_t()
        guard regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
        defer { regfree(&compiled) }
        return regexec(&compiled, name, 0, nil, 0) == 0
    }
}
