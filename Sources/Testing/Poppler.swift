import Glibc

/// The command line programs of a PDF reader that is not ours.
public enum Poppler {
    /// A program of the reader failed, or printed what it never prints.
    public struct Failure: Error, CustomStringConvertible {
        /// Which program, and at what.
        public let description: String
    }

    /// A word on a page and where it stands, in points.
    public struct Word: Hashable, Sendable {
        public let text: String
        public let left: Double
        public let right: Double
    }

    /// What `tool options file` prints of a file with these bytes.
    /// - Throws: `Failure`.
    public static func output(of tool: String, _ file: [UInt8], _ options: String = "") throws -> String {
        var path = [CChar]("/tmp/purser-pdf-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Failure(description: "no file for \(tool)") }
        defer { unlink(path) }
        let written = file.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        guard written == file.count else { throw Failure(description: "the file for \(tool) was not written") }
        let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Without a target this one writes a file beside its source.
        let target = tool == "pdftotext" ? " -" : ""
        guard let pipe = popen("\(tool) \(options) \(name)\(target)", "r") else { throw Failure(description: "\(tool) did not start") }
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, pipe), count > 0 { output += part[..<count] }
        guard pclose(pipe) == 0 else { throw Failure(description: "\(tool) ended with an error") }
        return String(decoding: output, as: UTF8.self)
    }

    /// The text of a page, without the marks with which the reader notes the direction of right-to-left words.
    /// - Throws: `Failure`.
    public static func text(_ file: [UInt8], page: Int) throws -> String {
        let text = try output(of: "pdftotext", file, "-layout -f \(page) -l \(page)")
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { !(0x202A...0x202E).contains($0.value) }))
    }

    /// The lines of a page that are not empty, with single spaces between their words.
    /// - Throws: `Failure`.
    public static func lines(_ file: [UInt8], page: Int) throws -> [String] {
        try text(file, page: page).split { $0.isNewline || $0 == "\u{0C}" }
            .map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty }
    }

    /// Every word of the file, page by page.
    /// - Throws: `Failure`.
    public static func words(_ file: [UInt8]) throws -> [Word] {
        try output(of: "pdftotext", file, "-bbox").split(separator: "\n").filter { $0.contains("<word ") }.map { line in
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            // <word xMin="1" yMin="2" xMax="3" yMax="4">text</word>
            guard parts.count >= 9, let left = Double(parts[1]), let right = Double(parts[5]), line.hasSuffix("</word>") else {
                throw Failure(description: "pdftotext prints words in another form")
            }
            let text = parts[8...].joined(separator: "\"").dropFirst().dropLast("</word>".count)
            return Word(text: String(text), left: left, right: right)
        }
    }

    /// The right edges, in points, of every word that is written like this.
    /// - Throws: `Failure`.
    public static func rightEdges(of word: String, _ file: [UInt8]) throws -> [Double] {
        try words(file).filter { $0.text == word }.map(\.right)
    }

    /// How many pages the file has.
    /// - Throws: `Failure`.
    public static func pages(_ file: [UInt8]) throws -> Int {
        let line = try output(of: "pdfinfo", file).split(separator: "\n").first { $0.hasPrefix("Pages:") }
        guard let number = line?.split(separator: " ").last, let count = Int(number) else {
            throw Failure(description: "pdfinfo tells no number of pages")
        }
        return count
    }
}
