import HTTP

/// Plain HTML for a customer's browser: no script, no style from elsewhere.
enum Page {
    struct Button: Sendable {
        let name: String
        let label: String
    }

    /// A page with a form that posts one of a few buttons to its own address.
    static func form(title: String, lines: [String], buttons: [Button], status: Int = 200) -> ServerResponse {
        let text = lines.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
        let inputs = buttons.map { "<button type=\"submit\" name=\"action\" value=\"\($0.name)\">\(escaped($0.label))</button>" }
        let form = buttons.isEmpty ? "" : "<form method=\"post\">\n\(inputs.joined(separator: "\n"))\n</form>"
        return html(status, title: title, "<h1>\(escaped(title))</h1>\n\(text)\n\(form)")
    }

    static func message(_ status: Int, title: String, _ text: String) -> ServerResponse {
        html(status, title: title, "<h1>\(escaped(title))</h1>\n<p>\(escaped(text))</p>")
    }

    /// The browser goes on by itself.
    static func redirect(to url: String) -> ServerResponse {
        var response = html(303, title: "Going on", "<p><a href=\"\(escaped(url))\">Go on</a></p>")
        response.headers.append(HTTPHeader("Location", url))
        return response
    }

    private static func html(_ status: Int, title: String, _ body: String) -> ServerResponse {
        let style = "body{font-family:sans-serif;max-width:32em;margin:3em auto}button{font-size:1em;margin-right:1em;padding:.5em 1em}"
        return ServerResponse(
            status, "text/html; charset=utf-8",
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title><style>\(style)</style></head>
            <body>
            \(body)
            </body></html>

            """)
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// An address with a parameter more.
    static func adding(_ name: String, _ value: String, to url: String) -> String {
        let parts = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let sign = parts[0].contains("?") ? "&" : "?"
        return parts[0] + "\(sign)\(name)=\(PercentEncoding.encoded(value))" + (parts.count == 2 ? "#" + parts[1] : "")
    }
}
