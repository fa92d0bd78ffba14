import Testing

@testable import AMQP

@Suite("Frames and properties")
struct WireTests {
    @Test("Frames come out whole and in order, however the bytes are cut", arguments: [1, 2, 7, 8, 100, 5_000])
    func cutAnywhere(_ piece: Int) throws {
        let payloads = [0, 1, 50, 4_088, 3].map { [UInt8](repeating: UInt8($0 & 255), count: $0) }
        var bytes: [UInt8] = []
        for _ in 0..<200 { for payload in payloads { bytes += ScriptedPeer.frame(3, 1, payload) } }
        var reader = FrameReader(frameMax: 4_096)
        var got: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let result = reader.fill { buffer in
                let count = min(piece, rest.count, buffer.count)
                buffer.copyBytes(from: rest.prefix(count))
                rest = rest.dropFirst(count)
                return .done(count)
            }
            guard case .done(let count) = result, count > 0 else { throw BrokerError.violation("no room") }
            try reader.forEachFrame { (frame) throws(BrokerError) in got.append(Array(frame.payload)) }
        }
        #expect(got == (0..<200).flatMap { _ in payloads })
    }

    @Test("Memory for one large message is given back, that for the usual ones kept")
    func outputMemory() {
        var output = OutputBuffer()
        let usual = output.capacity
        for size in [1_000, 100_000, 3_000_000] {
            [UInt8](repeating: 7, count: size).withUnsafeBytes { output.append(contentsOf: $0) }
            output.consume(size - 1)
            #expect(output.pending == 1)
            output.consume(1)
            #expect(output.isEmpty && output.capacity == usual)
        }
    }

    @Test("What cannot be a frame is a violation")
    func badFrames() {
        var noEnd = ScriptedPeer.frame(1, 1, [1, 2, 3])
        noEnd[noEnd.count - 1] = 0
        for bytes in [noEnd, Array("HTTP/1.1 400".utf8), ScriptedPeer.frame(3, 1, [UInt8](repeating: 0, count: 4_089))] {
            var reader = FrameReader(frameMax: 4_096)
            _ = reader.fill { buffer in
                buffer.copyBytes(from: bytes)
                return .done(bytes.count)
            }
            #expect(throws: BrokerError.self) { try reader.forEachFrame { (_) throws(BrokerError) in } }
        }
    }

    private func read(_ bytes: [UInt8]) throws -> Properties {
        var reader = PropertiesReader()
        return try bytes.withUnsafeBytes { (raw) throws(BrokerError) in try reader.read(raw) }
    }

    @Test("Every scalar type of header is read, nested ones are stepped over")
    func headerTypes() throws {
        var table: [UInt8] = []
        func add(_ name: String, _ kind: Character, _ bytes: [UInt8]) {
            table += ScriptedPeer.short(name) + [kind.asciiValue ?? 0] + bytes
        }
        add("t", "t", [1])
        add("b", "b", [0xFF])
        add("B", "B", [0xFF])
        add("s", "s", [0xFF, 0xFE])
        add("u", "u", [0xFF, 0xFE])
        add("I", "I", [0xFF, 0xFF, 0xFF, 0xFD])
        add("i", "i", [0xFF, 0xFF, 0xFF, 0xFD])
        add("l", "l", [UInt8](repeating: 0xFF, count: 8))
        add("f", "f", ScriptedPeer.four(Float(1.5).bitPattern))
        add("A", "A", ScriptedPeer.four(3) + [1, 2, 3])
        add("F", "F", ScriptedPeer.four(2) + [1, 2])
        add("D", "D", [2, 0, 0, 0, 9])
        add("S", "S", ScriptedPeer.four(2) + [0xC3, 0x28])
        add("V", "V", [])
        let properties = try read([0x20, 0] + ScriptedPeer.four(UInt32(table.count)) + table)
        let values = properties.headers.entries.map(\.value)
        #expect(
            values == [
                .bool(true), .int(-1), .int(255), .int(-2), .int(65_534), .int(-3), .int(4_294_967_293), .int(-1), .double(1.5),
                .unsupported,
                .unsupported, .unsupported, .bytes([0xC3, 0x28]), .void,
            ])
        #expect(properties.deliveryMode == nil)
    }

    @Test("A spoiled table of headers ends early and does no harm")
    func spoiledHeaders() throws {
        let good = ScriptedPeer.short("good") + [UInt8(ascii: "t"), 1]
        for bad in [ScriptedPeer.short("bad") + [UInt8(ascii: "?"), 1, 2], ScriptedPeer.short("bad") + [UInt8(ascii: "l"), 1, 2]] {
            let properties = try read([0x20, 0] + ScriptedPeer.four(UInt32((good + bad).count)) + good + bad)
            #expect(properties.headers.entries == [.init("good", .bool(true)), .init("bad", .unsupported)])
        }
        #expect(throws: BrokerError.self) { try read([0x20, 0] + ScriptedPeer.four(99) + good) }
        #expect(throws: BrokerError.self) { try read([0x80]) }
    }

    @Test("Headers nested 26,000 deep do not cost the stack")
    func deepHeaders() throws {
        let depth = 26_000
        var table: [UInt8] = ScriptedPeer.short("deep")
        for level in 0..<depth { table += [UInt8(ascii: "A")] + ScriptedPeer.four(UInt32((depth - level - 1) * 5)) }
        let properties = try read([0x20, 0] + ScriptedPeer.four(UInt32(table.count)) + table)
        #expect(properties.headers.entries == [.init("deep", .unsupported)])
    }

    @Test("Headers keep order, replace the first of a name and remove all of it")
    func headersAsTable() {
        var headers: Headers = ["a": 1, "b": "two", "a": 3]
        headers["a"] = 4
        headers["c"] = true
        #expect(headers.entries.map(\.name) == ["a", "b", "a", "c"])
        #expect(headers.int("a") == 4 && headers.string("b") == "two" && headers.string("a") == nil)
        headers["a"] = nil
        #expect(headers == ["b": "two", "c": true])
    }
}
