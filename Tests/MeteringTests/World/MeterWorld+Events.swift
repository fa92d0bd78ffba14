import FoundationEssentials
import Messages
import PurserTesting

/// The events that the steps have left in the outbox.
extension MeterWorld {
    /// The data of the events of a type.
    func events(_ type: String) throws -> [JSONValue] {
        try events().filter { $0.type == type }.compactMap { $0.event["data"] }
    }

    /// Every event has what its schema requires, and nothing that the schema does not know; only refusals without a row have no place
    /// in the ledger.
    func expectEventsOfTheContract() throws {
        for (type, event) in try events() {
            let schema = try MeterWorld.schema(type)
            let names = Set((event["data"]?.members ?? []).map(\.name))
            let required = Set((schema["required"]?.elements ?? []).compactMap(\.text))
            let known = Set((schema["properties"]?.members ?? []).map(\.name))
            guard required.isSubset(of: names), names.isSubset(of: known) else {
                throw Unsound(
                    description: "\(type) lacks \(required.subtracting(names)), and has \(names.subtracting(known)) too")
            }
            guard event["type"]?.text == type, event["source"]?.text == "/purser/meter" else {
                throw Unsound(description: "the envelope of \(type) is wrong")
            }
            for (name, allowed) in (schema["properties"]?.members ?? []).map({ ($0.name, $0.value["enum"]?.elements) }) {
                guard let allowed, let word = event["data"]?[name]?.text else { continue }
                guard allowed.contains(where: { $0.text == word }) else {
                    throw Unsound(description: "\(type) has \(name) \(word)")
                }
            }
        }
    }

    private static func schema(_ type: String) throws -> JSONValue {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        return try JSONReader.read([UInt8](try Data(contentsOf: URL(filePath: "\(root)/topology/schemas/\(type).json"))))
    }
}
