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

    /// What is told when nothing is selected.
    var nothingFound: String {
        switch (id, reason) {
        case (let id?, let reason?): "no dead letter has the id \(id) and the reason \(reason)"
        case (let id?, nil): "no dead letter has the id \(id)"
        case (nil, let reason?): "no dead letter has the reason \(reason)"
        case (nil, nil): "there are no dead letters"
        }
    }

    func contains(_ letter: DeadLetter) -> Bool {
        (id == nil || id == letter.id) && (reason == nil || reason == letter.reason)
    }
}
