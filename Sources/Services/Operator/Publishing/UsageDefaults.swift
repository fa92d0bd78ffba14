import Messages

/// What an event is held against before it is sent, and what stands where nothing is given.
enum UsageDefaults {
    /// The source of events that name none.
    static let source = "/purser/cli"
    /// From the year 1 to 9999: what a time on the wire can say.
    static let times: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// The event, when the meter would find it readable.
    /// - Throws: the field at fault, by the name that it has in a row or an option: on the wire the organization is the subject.
    static func checked(_ event: UsageRecorded) throws(RowProblem) -> UsageRecorded {
        if event.organization.isEmpty { throw RowProblem("organization", "is missing") }
        if event.service.isEmpty { throw RowProblem("service", "is missing") }
        guard Invocation.isOrganization(event.organization) else {
            throw RowProblem("organization", "must be 1 to 128 printable ASCII characters")
        }
        try checkReadable(event.structured())
        return event
    }

    /// - Throws: the field at fault, in the words of the meter's own reader.
    static func checkReadable(_ body: [UInt8]) throws(RowProblem) {
        do throws(UnreadableMessage) {
            _ = try UsageEventReader.structured(body)
        } catch {
            let field = error.field ?? "event"
            let detail = error.detail
            throw RowProblem(field, detail.hasPrefix(field) ? String(detail.dropFirst(field.count).drop { $0 == " " }) : detail)
        }
    }
}
