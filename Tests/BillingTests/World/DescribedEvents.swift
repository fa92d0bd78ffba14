import FoundationEssentials
import Messages
import PurserTesting
import Testing

/// Holds the events that a test caused against their schemas (`topology/schemas`): what has to be there, what may be, its types, its words
/// and its patterns.
extension Shop {
    /// Four steps up from this file is the repository.
    private static let schemas = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/topology/schemas"

    func expectDescribedEvents() throws {
        var known: [String: JSONValue] = [:]
        for (type, event) in try world.events() where !type.hasPrefix("billing.") {
            let schema = try known[type] ?? JSONReader.read(Array(Data(contentsOf: URL(filePath: "\(Self.schemas)/\(type).json"))))
            known[type] = schema
            let data = try #require(event["data"], "\(type)")
            #expect(Self.faults(of: data, by: schema).isEmpty, "\(type): \(Self.faults(of: data, by: schema))")
        }
    }

    private static func faults(of data: JSONValue, by schema: JSONValue) -> [String] {
        let missing = (schema["required"]?.elements ?? []).compactMap(\.text).filter { data[$0] == nil }.map { "\($0) is missing" }
        return (data.members ?? []).reduce(into: missing) { faults, member in
            guard let rule = schema["properties"]?[member.name] else { return faults.append("\(member.name) is not described") }
            if !fits(member.value, rule) { faults.append("\(member.name) is not as described") }
        }
    }

    private static func fits(_ value: JSONValue, _ rule: JSONValue) -> Bool {
        if let words = rule["enum"]?.elements, !words.contains(where: { $0.text == value.text }) { return false }
        if let pattern = rule["pattern"]?.text {
            guard let text = value.text, let regex = try? Regex(pattern), text.firstMatch(of: regex) != nil else { return false }
        }
        switch rule["type"]?.text {
        case "string": return value.text != nil
        case "integer": return value.whole != nil
        case "boolean": return value.bool != nil
        case "array": return value.elements != nil
        case "object": return value.members != nil
        default: return true
        }
    }
}
