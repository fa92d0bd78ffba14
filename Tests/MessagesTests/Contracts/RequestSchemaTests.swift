import Testing

@testable import Messages

/// The structs of requests against their JSON Schemas: the same fields, types, bounds and required fields.
@Suite struct RequestSchemaTests {
    private static let codecs = RequestSamples.all

    @Test func everyRequestHasASchema() throws {
        let names = try ContractFiles.schemaNames()
        for codec in Self.codecs { #expect(names.contains(codec.type.rawValue)) }
        #expect(Set(Self.codecs.map(\.type)).count == Self.codecs.count)
    }

    @Test(arguments: codecs.indices) func examplesAreReadAndWrittenAgain(index: Int) throws {
        let codec = Self.codecs[index]
        let text = Array(try ContractFiles.text("schemas/\(codec.type.rawValue).json").utf8)
        let schema = try JSONReader.read(text)
        var written = Set<String>()
        for example in try #require(schema["examples"]?.elements) {
            #expect(SchemaValidator(root: schema).errors(example) == [])
            let again = try codec.rewrite(example.received(in: text))
            #expect(JSONCanonical.bytes(again) == JSONCanonical.bytes(example))
            written.formUnion(again.members!.map(\.name))
        }
        // What the struct can write is what the schema describes.
        #expect(written == Set(schema["properties"]!.members!.map(\.name)))
    }

    @Test(arguments: codecs.indices) func requiredFields(index: Int) throws {
        let codec = Self.codecs[index]
        let (schema, fields, document) = try example(codec)
        let required = Set(schema["required"]!.elements!.compactMap(\.text))
        for field in fields {
            let rest = fields.filter { $0.name != field.name }.map { $0.json(in: document) }
            for absent in [rest, rest + ["\"\(field.name)\":null"]] {
                let refusal = codec.refusal(Array("{\(absent.joined(separator: ","))}".utf8))
                if required.contains(field.name) {
                    #expect(refusal?.field == field.name && refusal?.detail == "\(field.name) is missing")
                } else if ![RequestType.meterRateSet, .walletSettings, .purchase, .paymentMethodAdd, .dueWork].contains(codec.type) {
                    // Those have fields that need one another; they have tests of their own.
                    #expect(refusal == nil, "\(codec.type) without \(field.name)")
                }
            }
        }
    }

    @Test(arguments: codecs.indices) func typesOfFields(index: Int) throws {
        let codec = Self.codecs[index]
        let (schema, fields, document) = try example(codec)
        for field in fields {
            let property = schema["properties"]![field.name]!
            for value in ["true", "7.5", "\"x\\u0000\"", "\"\\ud800\"", "[{}]", "{}", "\"\\u0000\"", "1e99", "\"NaN\"", "-1e400"] {
                if try SchemaValidator(root: property).errors(JSONReader.read(Array(value.utf8))).isEmpty, !value.contains("0000") {
                    continue
                }
                let json = fields.map { $0.name == field.name ? "\"\($0.name)\":\(value)" : $0.json(in: document) }
                let refusal = codec.refusal(Array("{\(json.joined(separator: ","))}".utf8))
                let isNumber = try JSONReader.read(Array(value.utf8)).kind.isNumber
                if property["x-refusal"] != nil, isNumber {
                    #expect(refusal == nil, "\(codec.type).\(field.name) = \(value) is readable")
                } else {
                    // Inside an object the field at fault is the inner one.
                    let named = refusal?.field.prefix { $0 != "." }
                    #expect(named.map(String.init) == field.name, "\(codec.type).\(field.name) = \(value)")
                    #expect(refusal?.detail.contains("x\0") != true)
                }
            }
        }
    }

    @Test(arguments: codecs.indices) func boundsOfFields(index: Int) throws {
        let codec = Self.codecs[index]
        let (schema, fields, document) = try example(codec)
        for field in fields {
            let property = schema["properties"]![field.name]!
            if property["x-refusal"] != nil { continue }
            for (value, isWithin) in Bounds.cases(property, field: field.name) {
                let json = fields.map { $0.name == field.name ? "\"\($0.name)\":\(value)" : $0.json(in: document) }
                let refusal = codec.refusal(Array("{\(json.joined(separator: ","))}".utf8))
                #expect((refusal == nil) == isWithin, "\(codec.type).\(field.name) = \(value.prefix(40))")
                if !isWithin { #expect(refusal?.field == field.name) }
            }
        }
    }

    @Test(arguments: codecs.indices) func unknownAndRepeatedFields(index: Int) throws {
        let codec = Self.codecs[index]
        let (_, fields, document) = try example(codec)
        let json = fields.map { $0.json(in: document) }
        let unknown = [#""x":[{"y":null}]"#, #""Tokens":-1"#, #""":1"#, #""x":2"#]
        #expect(codec.refusal(Array("{\((unknown + json).joined(separator: ","))}".utf8)) == nil)
        for field in fields {
            let twice = codec.refusal(Array("{\((json + [field.json(in: document)]).joined(separator: ","))}".utf8))
            #expect(twice?.field == field.name && twice?.detail == "\(field.name) stands twice")
        }
    }

    @Test(arguments: codecs.indices) func dataIsAnObject(index: Int) {
        for data in ["[]", "7", "\"x\"", "true"] { #expect(Self.codecs[index].refusal(Array(data.utf8))?.field == "data") }
    }

    /// The schema and the members of its first example, which has as many fields as can stand together.
    private func example(_ codec: RequestSamples.Codec) throws -> (JSONValue, [JSONMember], [UInt8]) {
        let text = Array(try ContractFiles.text("schemas/\(codec.type.rawValue).json").utf8)
        let schema = try JSONReader.read(text)
        return (schema, try #require(schema["examples"]?.elements?.first?.members), text)
    }
}

/// Values at and just beyond the bounds that a schema names.
enum Bounds {
    static func cases(_ property: JSONValue, field: String) -> [(String, Bool)] {
        let text = { (count: Int64) in "\"\(Self.text(field: field, Int(count)))\"" }
        var cases: [(String, Bool)] = []
        if let minimum = property["minimum"]?.whole { cases += [("\(minimum)", true), ("\(minimum).0", true), ("\(minimum - 1)", false)] }
        if let maximum = property["maximum"]?.whole {
            cases += [("\(maximum)", true), ("\(maximum + 1)", false), ("9223372036854775808", false)]
        }
        if let longest = property["maxLength"]?.whole { cases += [(text(longest), true), (text(longest + 1), false)] }
        if property["type"]?.text == "string", property["enum"] == nil, property["format"] == nil {
            cases.append(("\"\"", property["minLength"] == nil))
        }
        if property["format"]?.text == "date-time" {
            cases += [("\"2027-06-01T00:00:00+02:00\"", true), ("\"soon\"", false), ("1795168800", false)]
        }
        for word in property["enum"]?.elements ?? [] { cases.append(("\"\(word.text!)\"", true)) }
        if property["enum"] != nil { cases.append(("\"PAID\"", false)) }
        return cases
    }

    /// A text of that length that a field takes, as far as its length is concerned.
    private static func text(field: String, _ count: Int) -> String {
        let (start, fill, end) =
            switch field {
            case "email": ("a@", "x", "")
            case "purchase_reference_id": ("REF-", "X", "")
            case "price": (String(repeating: "1", count: max(0, count - 5)), "", ".0001")
            case "body": ("", "x", "==")
            default: ("", "x", "")
            }
        return start + String(repeating: fill, count: max(0, count - start.utf8.count - end.utf8.count)) + end
    }
}

extension JSONValue.Kind {
    var isNumber: Bool {
        switch self {
        case .whole, .decimal: true
        default: false
        }
    }
}
