/// The W3C trace context's `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>`.
enum Traceparent {
    /// Whether a reader of version 00 may go on with it: ids in lower case and not all zero, version not `ff`; a later
    /// version may have more after a dash.
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, bytes.count <= 512 else { return false }
        for index in 0..<55 {
            switch index {
            case 2, 35, 52:
                guard bytes[index] == UInt8(ascii: "-") else { return false }
            default:
                guard 0x30...0x39 ~= bytes[index] || 0x61...0x66 ~= bytes[index] else { return false }
            }
        }
        let version = bytes[0..<2]
        if version.elementsEqual("ff".utf8) { return false }
        if version.elementsEqual("00".utf8) ? bytes.count != 55 : bytes.count > 55 && bytes[55] != UInt8(ascii: "-") { return false }
        let isZero = { (range: Range<Int>) in bytes[range].allSatisfy { $0 == UInt8(ascii: "0") } }
        return !isZero(3..<35) && !isZero(36..<52)
    }
}
