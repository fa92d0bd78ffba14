@testable import Messages

/// As much of JSON Schema 2020-12 as our schemas use. A keyword that it does not know is a failure, so that none is passed over.
struct SchemaValidator {
    let root: JSONValue

    private static let annotations: Set = [
        "$schema", "$id", "$defs", "title", "description", "default", "examples", "format", "contentEncoding", "x-refusal",
        "x-leap-seconds",
    ]

    /// What is wrong with the value; nothing when it is valid.
    func errors(_ value: JSONValue, _ schema: JSONValue? = nil, at path: String = "$") -> [String] {
        (schema ?? root).members!.flatMap { keyword in self.errors(value, keyword.name, keyword.value, schema ?? root, path) }
    }

    private func isValid(_ value: JSONValue, _ schema: JSONValue) -> Bool { errors(value, schema).isEmpty }

    private func errors(_ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        switch keyword {
        case "$ref":
            return errors(value, rule.text == "#/$defs/answer" ? root["$defs"]!["answer"]! : rule, at: path)
        case "properties":
            return (value.members ?? []).flatMap { member in
                rule[member.name].map { errors(member.value, $0, at: "\(path).\(member.name)") } ?? []
            }
        case "additionalProperties":
            let described = schema["properties"]
            return (value.members ?? []).filter { described?[$0.name] == nil }.flatMap { errors($0.value, rule, at: "\(path).\($0.name)") }
        case "propertyNames":
            return (value.members ?? []).flatMap { errors(JSONValue(.text($0.name), at: 0..<0), rule, at: "\(path) names") }
        case "items":
            return (value.elements ?? []).flatMap { errors($0, rule, at: "\(path)[]") }
        case "required":
            guard value.members != nil else { return [] }
            return rule.elements!.compactMap { value[$0.text!] == nil ? "\(path) has no \($0.text!)" : nil }
        case "dependentRequired":
            return rule.members!.flatMap { member in
                value[member.name] == nil ? [] : errors(value, "required", member.value, schema, path)
            }
        case "oneOf":
            return rule.elements!.filter { isValid(value, $0) }.count == 1 ? [] : ["\(path) fits not one of oneOf"]
        case "not":
            return isValid(value, rule) ? ["\(path) fits what it must not"] : []
        default:
            return Self.annotations.contains(keyword) || holds(value, keyword, rule) ? [] : ["\(path) breaks \(keyword)"]
        }
    }

    private func holds(_ value: JSONValue, _ keyword: String, _ rule: JSONValue) -> Bool {
        switch keyword {
        case "type": Self.isType(value, rule.text!)
        case "const": JSONCanonical.bytes(value) == JSONCanonical.bytes(rule)
        case "enum": rule.elements!.contains { JSONCanonical.bytes(value) == JSONCanonical.bytes($0) }
        case "minimum": value.whole.map { $0 >= rule.whole! } ?? true
        case "maximum": value.whole.map { $0 <= rule.whole! } ?? true
        case "minLength": value.text.map { $0.unicodeScalars.count >= Int(rule.whole!) } ?? true
        case "maxLength": value.text.map { $0.unicodeScalars.count <= Int(rule.whole!) } ?? true
        case "pattern": value.text.map { Self.matches($0, rule.text!) } ?? true
        case "maxProperties": value.members.map { $0.count <= Int(rule.whole!) } ?? true
        case "maxItems": value.elements.map { $0.count <= Int(rule.whole!) } ?? true
        default: false
        }
    }

    /// A pattern that cannot be read matches nothing, so that it is noticed.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let regex = try? Regex(pattern) else { return false }
        return text.firstMatch(of: regex) != nil
    }

    private static func isType(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value.kind) {
        case ("object", .object), ("array", .array), ("string", .text), ("integer", .whole), ("boolean", .bool): true
        default: false
        }
    }
}
