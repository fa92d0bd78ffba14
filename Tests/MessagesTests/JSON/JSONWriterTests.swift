import Testing

@testable import Messages

@Suite struct JSONWriterTests {
    @Test func commasAndKinds() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", 1)
        writer.member("none", ifPresent: String?.none)
        writer.name("b")
        writer.beginArray()
        writer.value("x")
        writer.value(Int64.min)
        writer.null()
        writer.value(true)
        writer.beginObject()
        writer.endObject()
        writer.raw(#"{"as":"it is"}"#.utf8)
        writer.endArray()
        writer.member("c", timeIfPresent: 0)
        writer.endObject()
        #expect(
            writer.text
                == #"{"a":1,"b":["x",-9223372036854775808,null,true,{},{"as":"it is"}],"c":"1970-01-01T00:00:00.000000Z"}"#)
    }

    @Test func everyCharacterComesBack() throws {
        var text = "\u{FFFF}\u{10FFFF}é😀</script>'; DROP TABLE x;--"
        for value in 0..<0x100 { text.unicodeScalars.append(Unicode.Scalar(UInt8(value))) }
        var writer = JSONWriter()
        writer.value(text)
        #expect(try JSONReader.read(writer.bytes).text == text)
        #expect(!writer.bytes.contains { $0 < 0x20 })
    }

    @Test(arguments: [
        (11600, 2, "116.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (-1234, 3, "-1.234"), (0, 2, "0.00"), (7, 0, "7"),
        (Int64.min, 2, "-92233720368547758.08"),
    ])
    func money(minorUnits: Int64, digits: Int, text: String) {
        var writer = JSONWriter()
        writer.money(minorUnits: minorUnits, fractionDigits: digits)
        #expect(writer.text == "\"\(text)\"")
    }

    @Test func canonicalBytesIgnoreOrderSpaceAndEscapes() throws {
        let one = try JSONReader.read(Array(#"{"b":[1.0,{"y":1,"x":null}],"a":"\u00e9"}"#.utf8))
        let other = try JSONReader.read(Array("{ \"a\" : \"é\", \"b\" : [1e0, {\"x\":null,\"y\":1}] }".utf8))
        #expect(JSONCanonical.bytes(one) == JSONCanonical.bytes(other))
        let different = try JSONReader.read(Array(#"{"b":[{"y":1,"x":null},1],"a":"é"}"#.utf8))
        #expect(JSONCanonical.bytes(one) != JSONCanonical.bytes(different))
    }
}
