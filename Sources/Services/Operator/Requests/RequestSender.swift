import AMQP
import Messages
import Runtime

/// Sends one request for a command, waits unless told not to, and prints the answer.
enum RequestSender {
    static func send(
        _ message: OutgoingMessage, title: String, waits: Bool, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> ExitCode {
        let deadline = try invocation.seconds("deadline", fallback: 30)
        let requester = try Requester(session, answers: waits, deadline: deadline)
        guard waits else {
            try requester.tell(message)
            if session.wantsJSON {
                session.print { writer in
                    writer.beginObject()
                    writer.member("ok", true)
                    writer.member("id", message.properties.messageID ?? "")
                    writer.endObject()
                }
            } else {
                session.console.line("\(session.console.colored("sent", .green))  \(title) (id \(message.properties.messageID ?? ""))")
            }
            return .done
        }
        let answer = try requester.ask(message)
        if session.wantsJSON {
            session.console.write(bytes: answer.body + [0x0A])
        } else {
            for line in answer.lines(title, session.console) { session.console.line(line) }
        }
        return answer.exitCode
    }

    /// The id that an option names, or a new one.
    static func identifier(_ option: String, _ invocation: Invocation, _ session: Session) throws(CommandFailure) -> String {
        guard let id = invocation.text(option) else { return Identifier.make(at: session.now) }
        guard (1...128).contains(id.utf8.count) else { throw .usage("--\(option) must be 1 to 128 bytes long") }
        return id
    }

    /// JSON that this program wrote itself.
    static func parsed(_ bytes: [UInt8]) -> JSONValue {
        // Only JSONWriter's output comes here; unreadable, it becomes an empty value, which every schema refuses.
        (try? JSONReader.read(bytes)) ?? JSONValue(.null, at: 0..<0)
    }
}
