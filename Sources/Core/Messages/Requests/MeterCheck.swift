/// `meter.check`: would this use be paid for? Changes nothing.
public struct MeterCheck: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.meterCheck

    /// What would be used, and how much of it.
    public var use: ServiceUse

    /// A question about a use.
    public init(_ use: ServiceUse) {
        self.use = use
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        use = try readFields(data) { fields throws(FieldProblem) in try ServiceUse(fields, document: document) }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        use.write(to: &writer)
    }
}
