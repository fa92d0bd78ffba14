/// Which dead letters a command means. Pure.
struct DeadLetterSelection: Equatable {
    let id: String?
    let reason: String?

    /// - Throws: a usage failure where it would be all of them without having been asked for.
    init(_ invocation: Invocation) throws(CommandFailure) {
        id = invocation.text("id")
        reason = invocation.text("reason")
        let isAll = invocation.flag("all")
        guard isAll || id != nil || reason != nil else {
            throw .usage("one of --id, --reason and --all is needed", hint: "purser dead list shows ids and reasons")
        }
        guard !isAll || (id == nil && reason == nil) else { throw .usage("--all excludes --id and --reason") }
    }

    func contains(_ letter: DeadLetter) -> Bool {
        (id == nil || id == letter.id) && (reason == nil || reason == letter.reason)
    }
}
