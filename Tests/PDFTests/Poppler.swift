import Glibc
import PDF
import Testing

/// The command line programs of a PDF reader that is not ours.
enum Poppler {
    /// What `tool options file -` prints of a file with these bytes.
    static func output(of tool: String, _ file: RenderedPDF, _ options: String = "") throws -> String {
        var path = [CChar]("/tmp/purser-pdf-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        defer { unlink(path) }
        #expect(file.bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == file.bytes.count)
        close(descriptor)
        let name = path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let target = tool == "pdftotext" ? " -" : ""
        let pipe = try #require(popen("\(tool) \(options) \(name)\(target)", "r"))
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&part, 1, part.count, pipe), count > 0 { output += part[..<count] }
        #expect(pclose(pipe) == 0)
        return String(decoding: output, as: UTF8.self)
    }

    /// The text, without the marks with which the reader notes the direction of right-to-left words.
    static func text(_ file: RenderedPDF, page: Int) throws -> String {
        let text = try output(of: "pdftotext", file, "-layout -f \(page) -l \(page)")
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { !(0x202A...0x202E).contains($0.value) }))
    }

    /// The right edges, in points, of every word that is written like this.
    static func rightEdges(of word: String, _ file: RenderedPDF) throws -> [Double] {
        try output(of: "pdftotext", file, "-bbox").split(separator: "\n").filter { $0.contains(">\(word)</word>") }.map { line in
            let parts = line.split(separator: "\"")
            let name = try #require(parts.firstIndex { $0.hasSuffix("xMax=") })
            return try #require(Double(parts[name + 1]))
        }
    }
}
