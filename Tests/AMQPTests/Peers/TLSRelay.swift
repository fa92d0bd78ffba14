import Glibc

@testable import AMQP

/// A listener that ends TLS and passes the bytes to the real broker, with a certificate authority of its own.
final class TLSRelay {
    let port: UInt16
    let authorityFile: String
    private let folder: String
    private let process: ChildProcess

    /// - Parameter name: what the certificate is made out to, `DNS:localhost` or `IP:127.0.0.1`.
    init(certificateFor name: String) throws {
        var template = Array("/tmp/amqp-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ChildProcess.Failed(description: "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        authorityFile = "\(folder)/ca.pem"
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-batch", "-days", "2"]
        let authority = ["-x509", "-subj", "/CN=test authority", "-keyout", "\(folder)/ca.key", "-out", authorityFile]
        try ChildProcess.run(["openssl", "req"] + key + authority)
        let leaf = ["-x509", "-subj", "/CN=broker", "-addext", "subjectAltName=\(name)", "-addext", "basicConstraints=critical,CA:FALSE"]
        let signed = ["-CA", authorityFile, "-CAkey", "\(folder)/ca.key", "-keyout", "\(folder)/leaf.key", "-out", "\(folder)/leaf.pem"]
        try ChildProcess.run(["openssl", "req"] + key + leaf + signed)
        let broker = try TestBroker.configuration()
        let arguments = ["\(folder)/leaf.pem", "\(folder)/leaf.key", broker.host, String(broker.port)]
        process = try ChildProcess(["python3", "-c", Self.program] + arguments)
        guard let number = UInt16(try process.readLine()) else { throw ChildProcess.Failed(description: "the relay has no port") }
        port = number
    }

    /// Kills the relay.
    func end() { process.end() }

    deinit {
        for file in ["ca.pem", "ca.key", "leaf.pem", "leaf.key"] { unlink("\(folder)/\(file)") }
        rmdir(folder)
    }

    private static let program = """
        import socket, ssl, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        def copy(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
            except OSError:
                pass
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        def serve(raw):
            try:
                client = context.wrap_socket(raw, server_side=True)
            except OSError:
                return
            broker = socket.create_connection((sys.argv[3], int(sys.argv[4])))
            threading.Thread(target=copy, args=(client, broker), daemon=True).start()
            copy(broker, client)
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=serve, args=(raw,), daemon=True).start()
        """
}
