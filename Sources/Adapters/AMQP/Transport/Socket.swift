import Glibc

/// A connected, non-blocking TCP socket.
struct Socket: ~Copyable {
    let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Tries the host's addresses in turn, each with its share of the time, so that a dead one does not use it all up.
    static func connect(to host: String, port: UInt16, until deadline: Deadline) throws(BrokerError) -> Socket {
        var reason = "no address"
        let addresses = try HostLookup.addresses(of: host, port: port, until: deadline)
        for (index, address) in addresses.enumerated() {
            let now = Deadline.now()
            let share = Deadline(moment: now + max(0, deadline.moment - now) / Int64(addresses.count - index))
            let descriptor = Glibc.socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else {
                reason = errorText(errno)
                continue
            }
            let socket = Socket(descriptor: descriptor)
            if let failure = socket.connect(to: address, until: share) {
                reason = failure
                continue
            }
            socket.set(IPPROTO_TCP, TCP_NODELAY)
            socket.set(Int(SOL_SOCKET), SO_KEEPALIVE)
            return socket
        }
        throw BrokerError(.unreachable, "\(host):\(port): \(reason)")
    }

    /// Nil, or why it failed.
    private borrowing func connect(to address: HostLookup.Address, until deadline: Deadline) -> String? {
        let status = address.bytes.withUnsafeBytes { raw in
            Glibc.connect(descriptor, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
        if status == 0 { return nil }
        guard errno == EINPROGRESS || errno == EINTR else { return Self.errorText(errno) }
        guard Poll.wait(descriptor, POLLOUT, until: deadline) else { return "no answer in time" }
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)
        return failure == 0 ? nil : Self.errorText(failure)
    }

    private borrowing func set(_ level: Int, _ option: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(level), option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    borrowing func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .done(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(BrokerError(.unreachable, "the connection broke: \(Self.errorText(errno))"))
            }
        }
    }

    borrowing func write(_ buffer: UnsafeRawBufferPointer) -> IOResult {
        while true {
            let count = send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .done(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed(BrokerError(.unreachable, "the connection broke: \(Self.errorText(errno))"))
            }
        }
    }

    static func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }
}
