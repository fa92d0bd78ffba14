import Messages

/// What `doctor` found about one thing.
struct Finding: Equatable {
    enum Level: String {
        case fine = "ok"
        /// It works, but not as well or as safely as it should.
        case warning
        /// Something will not work.
        case problem
    }

    let level: Level
    /// What was looked at.
    let subject: String
    let words: String
    /// How to mend it.
    let mend: String?

    static func fine(_ subject: String, _ words: String) -> Finding { Finding(level: .fine, subject: subject, words: words, mend: nil) }

    static func warning(_ subject: String, _ words: String, mend: String) -> Finding {
        Finding(level: .warning, subject: subject, words: words, mend: mend)
    }

    static func problem(_ subject: String, _ words: String, mend: String?) -> Finding {
        Finding(level: .problem, subject: subject, words: words, mend: mend)
    }

    /// What the failure itself advises, unless that is to ask the doctor.
    static func mend(_ failure: CommandFailure, otherwise own: String) -> String {
        failure.hint.flatMap { $0.contains("purser doctor") ? nil : $0 } ?? own
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("level", level.rawValue)
        writer.member("subject", subject)
        writer.member("words", words)
        writer.member("mend", ifPresent: mend)
        writer.endObject()
    }
}
