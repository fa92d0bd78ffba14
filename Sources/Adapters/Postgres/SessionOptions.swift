import CPostgreSQL

/// libpq's connection parameters for one host of the URL.
struct SessionOptions {
    /// Keyword and value, each keyword once.
    private(set) var values: [String: String]

    /// One set per host of the URL, in the URL's order: libpq keeps to a frozen first host when it is driven without blocking.
    /// - Throws: `unusable` when the URL cannot be read. The reason is left out, since libpq quotes the URL with its password.
    static func hosts(_ configuration: DatabaseConfiguration) throws(DatabaseError) -> [SessionOptions] {
        guard let parsed = parse(configuration.url) else {
            throw DatabaseError(kind: .unusable, message: "the database URL cannot be read")
        }
        let common = SessionOptions(values: parsed).merged(configuration)
        let names = list(parsed["host"])
        let addresses = list(parsed["hostaddr"])
        let ports = list(parsed["port"])
        let count = max(names.count, addresses.count)
        guard count > 1 else { return [common] }
        return (0..<count).map { index in
            var options = common
            options.values["host"] = index < names.count ? names[index] : nil
            options.values["hostaddr"] = index < addresses.count ? addresses[index] : nil
            options.values["port"] = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : nil
            return options
        }
    }

    /// Calls `body` with the two arrays of C strings that PQconnectStartParams takes, each ended by a null pointer.
    func withArrays<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> R
    ) -> R {
        var bytes: [CChar] = []
        var keywordOffsets: [Int] = []
        var valueOffsets: [Int] = []
        for (keyword, value) in values {
            keywordOffsets.append(bytes.count)
            bytes += keyword.utf8CString
            valueOffsets.append(bytes.count)
            bytes += value.utf8CString
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let keys: [UnsafePointer<CChar>?] = keywordOffsets.map { buffer.baseAddress! + $0 } + [nil]
            let texts: [UnsafePointer<CChar>?] = valueOffsets.map { buffer.baseAddress! + $0 } + [nil]
            return keys.withUnsafeBufferPointer { keys in
                texts.withUnsafeBufferPointer { texts in body(keys.baseAddress!, texts.baseAddress!) }
            }
        }
    }
}

extension SessionOptions {
    private func merged(_ configuration: DatabaseConfiguration) -> SessionOptions {
        // The URL wins over these: a dead peer is noticed after about 25 s of silence, or 15 s of unanswered data.
        var merged = [
            "gssencmode": "disable", "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
            "tcp_user_timeout": "15000",
        ]
        merged.merge(values) { _, url in url }
        merged["application_name"] = configuration.applicationName
        merged["client_encoding"] = "UTF8"
        merged["connect_timeout"] = nil

        // The server ends a query within 5 s when its client is gone. DateStyle matters to casts between texts and dates.
        let defaults = ["client_connection_check_interval": "5000", "DateStyle": "ISO"]
        var settings = defaults.merging(configuration.settings) { _, given in given }
        settings["statement_timeout"] = String(configuration.statementTimeout.milliseconds)
        settings["TimeZone"] = "UTC"
        let arguments = settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\(SessionOptions.escaped($0.value))" }
        merged["options"] = ([values["options"]].compactMap { $0 } + arguments).joined(separator: " ")
        return SessionOptions(values: merged)
    }

    /// The server splits the options at white space, unless a backslash stands before it.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            if scalar == "\\" || scalar.properties.isWhitespace { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    private static func list(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private static func parse(_ url: String) -> [String: String]? {
        var reason: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &reason) else {
            PQfreemem(reason)
            return nil
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
