/// `application/x-www-form-urlencoded` as Stripe reads it, in bodies and behind `?`: `a[b]=v`, `a[]=v`, `a[0]=v`, brackets encoded or not.
///
/// Leaves are texts; maps whose keys are all indices become lists. Pure.
enum FormDecoder {
    /// Why a form cannot be read.
    enum Refusal: Error, Equatable {
        /// A percent sign without two hexadecimal digits, or bytes that are no UTF-8.
        case encoding
        /// A name such as `a[b` or `[a]`.
        case name
        /// More parameters or deeper ones than anybody needs.
        case tooMuch
    }

    private static let longest = 4000
    private static let deepest = 10

    static func decode(_ text: some StringProtocol) throws(Refusal) -> Node {
        var root: Node = [:]
        let pairs = text.utf8.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= longest else { throw .tooMuch }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try plain(parts[0])
            let value = parts.count == 2 ? try plain(parts[1]) : ""
            try insert(value, at: try path(name)[...], into: &root)
        }
        return listed(root)
    }

    /// Every pair in order, decoded: what tells one request from another.
    static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.utf8.split(separator: UInt8(ascii: "&")).compactMap { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = try? plain(parts[0]), let value = parts.count == 2 ? try? plain(parts[1]) : "" else { return nil }
            return (name, value)
        }
    }

    private static func plain(_ bytes: some Collection<UInt8>) throws(Refusal) -> String {
        var output: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): output.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { throw .encoding }
                output.append(high << 4 | low)
            default: output.append(byte)
            }
        }
        guard let text = String(validating: output, as: UTF8.self) else { throw .encoding }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// `a[b][]` is `a`, `b` and an empty segment.
    private static func path(_ name: String) throws(Refusal) -> [String] {
        guard let open = name.firstIndex(of: "[") else {
            guard !name.isEmpty else { throw .name }
            return [name]
        }
        guard open != name.startIndex else { throw .name }
        var segments = [String(name[..<open])]
        var rest = name[open...]
        while !rest.isEmpty {
            guard rest.first == "[", let close = rest.firstIndex(of: "]") else { throw .name }
            segments.append(String(rest[rest.index(after: rest.startIndex)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        guard segments.count <= deepest else { throw .tooMuch }
        return segments
    }

    private static func insert(_ value: String, at path: ArraySlice<String>, into node: inout Node) throws(Refusal) {
        guard let first = path.first else {
            node = .text(value)
            return
        }
        let rest = path.dropFirst()
        let key = first.isEmpty ? nextIndex(in: node, for: rest.first) : first
        var child = node[key]
        if !rest.isEmpty, !child.isObject { child = [:] }
        try insert(value, at: rest, into: &child)
        node[key] = child
    }

    /// `a[][b]=1&a[][c]=2` is one element, `a[][b]=1&a[][b]=2` are two.
    private static func nextIndex(in node: Node, for next: String?) -> String {
        let count = node.fields.count
        if let next, !next.isEmpty, count > 0, node[String(count - 1)].isObject, !node[String(count - 1)].has(next) {
            return String(count - 1)
        }
        return String(count)
    }

    private static func listed(_ node: Node) -> Node {
        guard case .object(let fields) = node else { return node }
        let inner = fields.map { Node.Field(name: $0.name, value: listed($0.value)) }
        let indices = inner.compactMap { Int($0.name) }
        guard !inner.isEmpty, indices.count == inner.count, Set(indices).count == indices.count else { return .object(inner) }
        return .list(zip(indices, inner).sorted { $0.0 < $1.0 }.map { $0.1.value })
    }
}
