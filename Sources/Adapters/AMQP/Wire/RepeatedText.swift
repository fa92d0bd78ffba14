/// A text that is the same from message to message (exchange, content type), so that it is made into a String once.
struct RepeatedText {
    private var bytes: [UInt8] = []
    private var text = ""

    mutating func callAsFunction(_ raw: UnsafeRawBufferPointer) -> String {
        let same = bytes.withUnsafeBytes { $0.count == raw.count && $0.elementsEqual(raw) }
        if !same {
            bytes = Array(raw)
            text = String(decoding: raw, as: UTF8.self)
        }
        return text
    }
}
