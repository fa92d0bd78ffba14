import Glibc

/// An `https` server on a free loopback port that answers every request with `ok`, with a self-signed certificate made for it.
final class TLSServer {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    let port: UInt16
    /// The certificate, which is its own authority.
    let certificateFile: String
    private let folder: String
    private let process: pid_t

    /// - Parameter name: what the certificate is made out to, such as `IP:127.0.0.1`.
    init(certificateFor name: String) throws {
        var template = Array("/tmp/http-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(description: "no temporary folder") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.folder = folder
        certificateFile = "\(folder)/certificate.pem"
        let make = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-batch", "-days", "2",
        ]
        let into = ["-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", "\(folder)/key.pem", "-out", certificateFile]
        let (maker, _) = try TLSServer.start(make + into)
        var status: Int32 = 0
        waitpid(maker, &status, 0)
        guard status == 0 else { throw Failed(description: "openssl made no certificate") }
        let (server, output) = try TLSServer.start(
            ["python3", "-c", TLSServer.program, certificateFile, "\(folder)/key.pem"], readable: true)
        process = server
        defer { close(output) }
        let digits = TLSServer.line(of: output)
        guard let port = UInt16(digits) else {
            kill(server, SIGKILL)
            waitpid(server, nil, 0)
            throw Failed(description: "the TLS server did not start")
        }
        self.port = port
    }

    /// Ends the server and removes its files. Called by hand: a test's last use of the port would otherwise end the server too early.
    func end() {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        for file in ["certificate.pem", "key.pem"] { unlink("\(folder)/\(file)") }
        rmdir(folder)
    }

    /// The one line that the server prints once it listens, whole, however many writes it takes; ten seconds of silence end it.
    private static func line(of output: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 10_000) > 0, read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    /// Starts a program from the search path; its output is dropped unless it is to be read.
    private static func start(_ arguments: [String], readable: Bool = false) throws -> (pid: pid_t, output: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failed(description: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
        close(ends[1])
        if status != 0 || !readable { close(ends[0]) }
        guard status == 0 else { throw Failed(description: "\(arguments[0]) cannot be started") }
        return (pid, ends[0])
    }

    private static let program = """
        import http.server, ssl, sys
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}
