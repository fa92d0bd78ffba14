import Testing

@testable import Messages

/// The envelope's reader against its schema: what one refuses the other does too.
@Suite struct EnvelopeSchemaTests {
    @Test func exampleIsRead() throws {
        let text = Array(try ContractFiles.text("schemas/envelope.json").utf8)
        let schema = try JSONReader.read(text)
        let example = try #require(schema["examples"]?.elements?.first)
        #expect(SchemaValidator(root: schema).errors(example) == [])
        #expect(try UsageEventReader.structured(example.received(in: text)).service == "ai.chat")
    }

    @Test func attributesAgree() throws {
        let schema = try ContractFiles.schema("envelope")
        #expect(schema["required"]?.elements?.map(\.text) == ["specversion", "id", "source", "type"])
        for (name, bytes) in [("id", TextRule.id), ("source", TextRule.source), ("type", TextRule.type), ("subject", TextRule.subject)] {
            let property = try #require(schema["properties"]?[name])
            #expect(property["minLength"]?.whole == Int64(bytes.lowerBound))
            #expect(property["maxLength"]?.whole == Int64(bytes.upperBound))
        }
        let read = Set(UsageEventKey.allCases.map(\.rawValue)).subtracting(["service", "quantity", "tokens", "metadata", "data_base64"])
        #expect(Set(schema["properties"]!.members!.map(\.name)) == read)
    }
}
