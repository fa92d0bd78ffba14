/// Finds the elements of a batch without reading them: it follows strings and brackets only. So an element that is not
/// JSON inside is unreadable by itself, and its neighbours are not.
enum BatchSplitter {
    /// The elements' ranges. Throws when the body is not an array, when the elements cannot be told apart, or when there
    /// are none or too many of them.
    static func elements(_ body: [UInt8]) throws(UnreadableMessage) -> [Range<Int>] {
        var scanner = JSONScanner(body, 0..<body.count)
        scanner.skipSpace()
        guard scanner.current == UInt8(ascii: "[") else { throw notABatch("the batch is not a JSON array") }
        var elements: [Range<Int>] = []
        var index = scanner.position + 1
        var closed = false
        while !closed {
            let element = try self.element(body, from: index)
            closed = body[element.upperBound] == UInt8(ascii: "]")
            index = element.upperBound + 1
            let trimmed = trim(body, element)
            if trimmed.isEmpty {
                // Nothing between brackets is an empty batch; nothing between commas is no array.
                guard closed, elements.isEmpty else { throw notABatch("the batch has an empty element") }
                throw UnreadableMessage(.emptyBatch, detail: "the batch has no elements")
            }
            if elements.count == EnvelopeReader.batchLimit {
                throw UnreadableMessage(.batchTooLong, detail: "the batch has more than \(EnvelopeReader.batchLimit) elements")
            }
            elements.append(trimmed)
        }
        guard trim(body, index..<body.count).isEmpty else { throw notABatch("something follows the batch") }
        return elements
    }

    private static func notABatch(_ detail: String) -> UnreadableMessage { UnreadableMessage(.notABatch, detail: detail) }

    /// From `start` up to the comma or bracket that ends the element.
    private static func element(_ body: [UInt8], from start: Int) throws(UnreadableMessage) -> Range<Int> {
        var depth = 0
        var index = start
        while index < body.count {
            switch body[index] {
            case UInt8(ascii: "\""): index = stringEnd(body, index)
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]") where depth == 0, UInt8(ascii: ",") where depth == 0: return start..<index
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { throw notABatch("the brackets of the batch do not match") }
            default: break
            }
            index += 1
        }
        throw notABatch("the batch ends too early")
    }

    /// The index of the quote that closes the string, or the last index when none does.
    private static func stringEnd(_ body: [UInt8], _ quote: Int) -> Int {
        var index = quote + 1
        while index < body.count, body[index] != UInt8(ascii: "\"") {
            index += body[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index
    }

    private static func trim(_ body: [UInt8], _ range: Range<Int>) -> Range<Int> {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(body[start]) { start += 1 }
        while start < end, isSpace(body[end - 1]) { end -= 1 }
        return start..<end
    }
}
