/// The data of one type of request: typed, read strictly, and written for those who publish it.
public protocol Request: Sendable {
    /// The type in the envelope, which is also the routing key of a command.
    static var type: RequestType { get }

    /// Reads the data. `document` is the bytes in which its ranges count (`Envelope.document`).
    ///
    /// Throws `InvalidRequest`, which names the field; trying again cannot help.
    init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest)

    /// Writes the members of the data object. Fields without a value are left out.
    func write(to writer: inout JSONWriter)
}

extension Request {
    /// Reads the data of an event.
    public init(_ envelope: Envelope) throws(InvalidRequest) {
        try self.init(data: envelope.data, document: envelope.document)
    }

    /// The whole request as structured JSON, to be published with its type as routing key.
    ///
    /// `subject` is the organization, where the request concerns one; `time` is in microseconds since 1970.
    public func structured(id: String, source: String, subject: String?, time: Int64?, traceparent: String? = nil) -> [UInt8] {
        EnvelopeWriter.structured(
            id: id, source: source, type: Self.type.rawValue, subject: subject, time: time, traceparent: traceparent, data: write)
    }
}

/// Reads fields and turns what is wrong with one into the refusal that a caller is answered.
func readFields<Result>(
    _ data: JSONValue?, _ read: (FieldReader) throws(FieldProblem) -> Result
) throws(InvalidRequest) -> Result {
    do throws(FieldProblem) {
        return try read(try FieldReader(data))
    } catch { throw InvalidRequest(error) }
}
