import CLibssl
import Glibc

/// OpenSSL's session over a connected socket. Certificate and name are verified unless the configuration says otherwise.
struct TLSSession: ~Copyable {
    private let ssl: OpaquePointer
    /// What the last operation waited for besides its own direction; TLS may have to write in order to read, and the other way round.
    private(set) var wantsToWrite = false

    /// Takes over the session.
    private init(owning ssl: OpaquePointer) { self.ssl = ssl }

    /// A session over the socket, hands shaken.
    /// - Throws: `.tls` for a bad certificate, name, key or handshake; `.unreachable` when the peer hangs up or is silent.
    static func open(
        over socket: borrowing Socket, host: String, options: BrokerConfiguration.TLS, until deadline: Deadline
    ) throws(BrokerError) -> TLSSession {
        // OpenSSL writes with write(2), which raises SIGPIPE on a broken connection; programs ignore it anyway.
        signal(SIGPIPE, SIG_IGN)
        let context = try TLSContext.load(options)
        guard let pointer = SSL_new(context.pointer) else { throw failure("no session") }
        // From here on the deinit frees it, on the error path too.
        let session = TLSSession(owning: pointer)
        guard SSL_set_fd(pointer, socket.descriptor) == 1 else { throw failure("no session") }
        try expect(host, of: pointer, options)
        try session.shakeHands(socket.descriptor, until: deadline)
        return session
    }

    private borrowing func shakeHands(_ descriptor: Int32, until deadline: Deadline) throws(BrokerError) {
        while true {
            ERR_clear_error()
            let status = SSL_connect(ssl)
            if status == 1 { return }
            let events: Int32
            switch SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ: events = POLLIN
            case SSL_ERROR_WANT_WRITE: events = POLLOUT
            case SSL_ERROR_SYSCALL, SSL_ERROR_ZERO_RETURN: throw BrokerError(.unreachable, "the peer hung up during the TLS handshake")
            default: throw Self.handshakeFailure(ssl)
            }
            guard Poll.wait(descriptor, events, until: deadline) else {
                throw BrokerError(.unreachable, "the TLS handshake did not end in time")
            }
        }
    }

    deinit { SSL_free(ssl) }

    /// Name for the server to choose its certificate by, and name or address that the certificate must carry.
    private static func expect(_ host: String, of ssl: OpaquePointer, _ options: BrokerConfiguration.TLS) throws(BrokerError) {
        SSL_set_verify(ssl, options.verifiesPeer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1 { return }
        ERR_clear_error()
        guard purser_ssl_set_server_name(ssl, host) == 1 else { throw failure("the server name is not accepted") }
        guard SSL_set1_host(ssl, host) == 1 else { throw failure("the server name is not accepted") }
    }

    /// Whether decrypted bytes wait inside OpenSSL, which `poll` does not see.
    var hasPending: Bool { SSL_pending(ssl) > 0 }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        ERR_clear_error()
        var count = 0
        let status = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
        return result(status, count)
    }

    mutating func write(_ buffer: UnsafeRawBufferPointer) -> IOResult {
        ERR_clear_error()
        var count = 0
        let status = SSL_write_ex(ssl, buffer.baseAddress, buffer.count, &count)
        return result(status, count)
    }

    private mutating func result(_ status: Int32, _ count: Int) -> IOResult {
        if status == 1 {
            wantsToWrite = false
            return .done(count)
        }
        let code = errno
        switch SSL_get_error(ssl, status) {
        case SSL_ERROR_WANT_READ: return .wouldBlock
        case SSL_ERROR_WANT_WRITE:
            wantsToWrite = true
            return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL:
            return code == 0 ? .ended : .failed(BrokerError(.unreachable, "the connection broke: \(Socket.errorText(code))"))
        default:
            // An alert is the peer's verdict (no certificate of ours, say, which TLS 1.3 reports only now); anything else is a broken line.
            let isAlert = ERR_GET_REASON(ERR_peek_error()) >= SSL_AD_REASON_OFFSET
            let error = Self.failure("the TLS connection broke")
            return .failed(isAlert ? error : BrokerError(.unreachable, error.message))
        }
    }

    private static func handshakeFailure(_ ssl: OpaquePointer) -> BrokerError {
        let verdict = SSL_get_verify_result(ssl)
        guard verdict == X509_V_OK else {
            ERR_clear_error()
            return BrokerError(.tls, "the certificate is not accepted: \(String(cString: X509_verify_cert_error_string(verdict)))")
        }
        return failure("the handshake failed")
    }

    static func failure(_ what: String) -> BrokerError {
        let code = ERR_get_error()
        ERR_clear_error()
        let reason = code == 0 ? nil : ERR_reason_error_string(code).map { String(cString: $0) }
        return BrokerError(.tls, reason.map { "\(what): \($0)" } ?? what)
    }
}

/// Trust, certificate and key for one session.
struct TLSContext: ~Copyable {
    let pointer: OpaquePointer

    private init(owning context: OpaquePointer) { pointer = context }

    static func load(_ options: BrokerConfiguration.TLS) throws(BrokerError) -> TLSContext {
        guard let pointer = SSL_CTX_new(TLS_client_method()) else { throw TLSSession.failure("no TLS context") }
        // From here on the deinit frees it, on the error path too.
        let context = TLSContext(owning: pointer)
        _ = purser_ssl_ctx_set_mode(pointer)
        _ = purser_ssl_ctx_ignore_unexpected_eof(pointer)
        _ = purser_ssl_ctx_require_tls12(pointer)
        try context.loadFiles(options)
        return context
    }

    private borrowing func loadFiles(_ options: BrokerConfiguration.TLS) throws(BrokerError) {
        if let file = options.certificateAuthorityFile {
            guard SSL_CTX_load_verify_locations(pointer, file, nil) == 1 else { throw TLSSession.failure("cacertfile cannot be used") }
        } else {
            guard SSL_CTX_set_default_verify_paths(pointer) == 1 else { throw TLSSession.failure("no certificate authorities") }
        }
        if let file = options.certificateFile {
            guard SSL_CTX_use_certificate_chain_file(pointer, file) == 1 else { throw TLSSession.failure("certfile cannot be used") }
        }
        if let file = options.keyFile {
            guard SSL_CTX_use_PrivateKey_file(pointer, file, SSL_FILETYPE_PEM) == 1 else {
                throw TLSSession.failure("keyfile cannot be used")
            }
        }
    }

    deinit { SSL_CTX_free(pointer) }
}
