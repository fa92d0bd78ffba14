import AMQP
import Messages
import Runtime

/// Sends one request for a command, waits unless told not to, and prints the answer.
enum RequestSender {
    /// How long an answer is waited for unless told otherwise, in seconds. A refund whose debit is not there is tried again after 10 s and
    /// after 1 min, for the usage may still wait in its queue: only then comes the answer that there is none.
    /// A purchase may close the page of another one and charge a card before it is answered, each a call of up to 15 s.
    static func patience(_ type: RequestType) -> Int64 {
        switch type {
        case .meterUsageRefund: 90
        case .purchase, .purchaseExecute, .purchaseCancel, .purchaseRefund: 60
        default: 30
        }
    }

    /// - Parameter beside: what is told beside the answer, where the answer does not say what it is about.
    static func send(
        _ message: OutgoingMessage, title: String, waits: Bool, patience: Int64 = 30, beside: [JSONMember] = [], _ invocation: Invocation,
        _ session: Session
    ) throws(CommandFailure) -> ExitCode {
        let deadline = try invocation.seconds("deadline", fallback: patience)
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
            write(answer, beside, session)
        } else {
            for line in answer.lines(title, sent: beside.flatMap { $0.value.members ?? [] }, session.console) { session.console.line(line) }
        }
        return answer.exitCode
    }

    private static func write(_ answer: Answer, _ beside: [JSONMember], _ session: Session) {
        guard !beside.isEmpty, let members = answer.value.members else { return session.console.write(bytes: answer.body + [0x0A]) }
        session.print { writer in
            writer.beginObject()
            for member in beside + members {
                writer.name(member.name)
                writer.raw(JSONCanonical.bytes(member.value))
            }
            writer.endObject()
        }
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

extension JSONMember {
    /// A member that is text.
    static func text(_ name: String, _ text: String) -> JSONMember { JSONMember(name: name, value: JSONValue(.text(text), at: 0..<0)) }
}
