public import Domain

/// `billing.due_work`: internal: reminds of a purchase or refund whose moment has come; a no-op when it came too early or twice.
///
/// What is to be done stands in the database; the message only wakes (domain.md 0.2).
public struct BillingDueWork: Request, Equatable {
    /// The type in the envelope and the routing key.
    public static let type = RequestType.dueWork

    /// What is due.
    public enum Work: Equatable, Sendable {
        /// A purchase.
        case purchase(PurchaseReference)
        /// A refund, by its number from 1.
        case refund(Int64)

        init(_ fields: FieldReader) throws(FieldProblem) {
            let purchase = try fields.reference()
            let refund = try fields.whole("refund_id", RequestRule.rowID)
            switch (purchase, refund) {
            case (let purchase?, nil): self = .purchase(purchase)
            case (nil, let refund?): self = .refund(refund)
            case (nil, nil): throw .missing(FieldReader.referenceField)
            case (_?, _?): throw .invalid(FieldReader.referenceField, "absent where refund_id is present")
            }
        }

        func write(to writer: inout JSONWriter) {
            switch self {
            case .purchase(let reference): writer.member(FieldReader.referenceField, reference.text)
            case .refund(let id): writer.member("refund_id", id)
            }
        }
    }

    /// What is due.
    public var work: Work
    /// For whom the change is made.
    public var actor: String?

    /// A request to send.
    public init(work: Work, actor: String? = nil) {
        self.work = work
        self.actor = actor
    }

    /// Reads the data; throws with the field at fault, and trying again cannot help.
    public init(data: JSONValue?, document: [UInt8]) throws(InvalidRequest) {
        self = try readFields(data) { fields throws(FieldProblem) in
            BillingDueWork(
                work: try Work(fields), actor: try fields.text("actor", RequestRule.actor))
        }
    }

    /// Writes the members of the data; fields without a value are left out.
    public func write(to writer: inout JSONWriter) {
        work.write(to: &writer)
        writer.member("actor", ifPresent: actor)
    }
}
