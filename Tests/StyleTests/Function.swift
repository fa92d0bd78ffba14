/// A function, initializer or deinitializer with a body, as found in a file's tokens.
struct Function {
    let name: String
    let firstLine: Int
    let lastLine: Int
    /// Names of the attributes before it, without the sign.
    let attributes: Set<String>
    let body: Range<Int>

    var length: Int { lastLine - firstLine + 1 }

    static func all(in tokens: [Token]) -> [Function] {
        tokens.indices.compactMap { function(at: $0, in: tokens) }
    }

    private static func function(at index: Int, in tokens: [Token]) -> Function? {
        let keyword = tokens[index].text
        guard keyword == "func" || keyword == "init" || keyword == "deinit" else { return nil }
        // `.init(` is a call.
        if index > 0, tokens[index - 1].text == "." { return nil }
        guard let opening = bodyOpening(after: index, in: tokens), let closing = bodyClosing(from: opening, in: tokens) else { return nil }
        return Function(
            name: keyword == "func" ? tokens[index + 1].text : keyword,
            firstLine: tokens[index].line,
            lastLine: tokens[closing].line,
            attributes: attributes(before: index, in: tokens),
            body: opening..<closing)
    }

    /// The brace that opens the body; nil for a requirement of a protocol, which has none.
    private static func bodyOpening(after index: Int, in tokens: [Token]) -> Int? {
        let nextDeclaration: Set<String> = [
            "func", "init", "deinit", "var", "let", "subscript", "static", "associatedtype", "mutating", "case",
        ]
        var depth = 0
        for position in tokens.indices[(index + 1)...] {
            let text = tokens[position].text
            switch text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return position
            case "}" where depth == 0: return nil
            case _ where depth == 0 && nextDeclaration.contains(text): return nil
            default: break
            }
        }
        return nil
    }

    private static func bodyClosing(from opening: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        for position in tokens.indices[opening...] {
            if tokens[position].text == "{" { depth += 1 }
            if tokens[position].text == "}" { depth -= 1 }
            if depth == 0 { return position }
        }
        return nil
    }

    /// Backwards to the end of what stands before, over the attributes' arguments.
    private static func attributes(before index: Int, in tokens: [Token]) -> Set<String> {
        var found: Set<String> = []
        var depth = 0
        for position in tokens.indices[..<index].reversed() {
            switch tokens[position].text {
            case ")", "]": depth += 1
            case "(", "[": depth -= 1
            case "{" where depth == 0, "}" where depth == 0, ";" where depth == 0: return found
            case "@" where depth == 0: found.insert(tokens[position + 1].text)
            default: break
            }
            if depth < 0 { return found }
        }
        return found
    }
}
