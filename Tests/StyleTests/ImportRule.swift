/// Which module may import which. SwiftPM lets transitive imports through silently, so this table is held against the sources
/// (style.md, "Layout"). A C library is imported by exactly one adapter; the rules of the domain import nothing at all.
enum ImportRule {
    /// The C library of the system and the standard library's own modules: open to all but the domain.
    static let platform: Set<String> = ["Glibc", "Synchronization"]

    static let allowed: [String: Set<String>] = [
        "Domain": [],
        "Messages": ["Domain"],
        "Telemetry": [],
        "AMQP": ["CRabbitMQ", "CLibssl", "Telemetry"],
        "Postgres": ["CPostgreSQL", "Telemetry"],
        "Crypto": ["CLibcrypto"],
        "HTTP": ["CLibcurl", "CLibmicrohttpd", "Telemetry"],
        // The JSON of both gateways is read by the one strict reader that there is.
        "Payments": ["Domain", "Messages", "HTTP", "Crypto"],
        "PDF": ["CCairo", "CPango"],
        "Documents": ["Domain", "PDF"],
        "Store": ["Domain", "Postgres", "Crypto", "Telemetry"],
        "Runtime": ["Domain", "Messages", "AMQP", "Postgres", "Store", "Telemetry"],
        "Metering": service,
        "Billing": service.union(["Payments", "Crypto"]),
        "Simulator": ["Messages", "Runtime", "Telemetry", "HTTP", "Crypto"],
        "Operator": service.union(["Documents", "HTTP", "Crypto"]),
        "program meter": ["Metering", "Runtime"],
        "program billing": ["Billing", "Runtime"],
        "program paysim": ["Simulator", "Runtime"],
        "program purser": ["Operator", "Runtime"],
        "PurserTesting": ["Domain", "Messages", "AMQP", "HTTP", "Postgres", "Store", "Runtime", "Simulator", "Telemetry"],
    ]

    /// Services never import one another: they talk by messages.
    private static let service: Set<String> = ["Domain", "Messages", "Store", "Runtime", "Telemetry", "AMQP", "Postgres"]

    static func violations(in file: SourceFile) -> [Violation] {
        // Tests may look at whatever their target in Package.swift names.
        guard !file.isTest, let module = file.module else { return [] }
        guard let table = allowed[module] else {
            return [Violation(path: file.path, line: 1, rule: "module \(module) is not in the import table")]
        }
        let open = module == "Domain" ? table : table.union(platform)
        return imports(in: file.tokens).filter { !open.contains($0.text) }.map {
            Violation(path: file.path, line: $0.line, rule: "\(module) may not import \($0.text)")
        }
    }

    /// The modules named by import declarations: also by `import struct Foundation.Date`.
    static func imports(in tokens: [Token]) -> [Token] {
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "import", index + 1 < tokens.count else { return nil }
            let next = tokens[index + 1]
            return kinds.contains(next.text) && index + 2 < tokens.count ? tokens[index + 2] : next
        }
    }
}
