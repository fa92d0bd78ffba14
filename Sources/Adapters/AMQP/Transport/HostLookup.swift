import Glibc

/// Name lookup with a deadline. `getaddrinfo` has none, so it runs on a thread of its own; one that is given up on ends by itself.
enum HostLookup {
    struct Address: Sendable {
        var family: Int32
        var bytes: [UInt8]
    }

    static func addresses(of host: String, port: UInt16, until deadline: Deadline) throws(BrokerError) -> [Address] {
        if case .found(let addresses) = resolve(host, port, numeric: true) { return addresses }
        let request = LookupRequest(host: host, port: port)
        guard request.start() else { throw BrokerError(.unreachable, "no thread for a name lookup") }
        switch request.wait(until: deadline) {
        case .found(let addresses): return addresses
        case .failed(let reason): throw BrokerError(.unreachable, "\(host): \(reason)")
        case nil: throw BrokerError(.unreachable, "\(host): the name lookup did not end in time")
        }
    }

    enum Result: Sendable {
        case found([Address])
        case failed(String)
    }

    fileprivate static func resolve(_ host: String, _ port: UInt16, numeric: Bool) -> Result {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (numeric ? AI_NUMERICHOST : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else { return .failed(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let entry = next {
            let bytes = UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
            found.append(Address(family: entry.pointee.ai_family, bytes: Array(bytes)))
            next = entry.pointee.ai_next
        }
        return found.isEmpty ? .failed("the name has no address") : .found(found)
    }
}

/// One lookup, shared by the thread that asks and the thread that waits.
// Unchecked: `result` is only touched with `mutex` held.
private final class LookupRequest: @unchecked Sendable {
    private let host: String
    private let port: UInt16
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var result: HostLookup.Result?

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func start() -> Bool {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, lookUpOnThread, argument.toOpaque()) == 0 else {
            argument.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    func run() {
        let answer = HostLookup.resolve(host, port, numeric: false)
        pthread_mutex_lock(mutex)
        result = answer
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func wait(until deadline: Deadline) -> HostLookup.Result? {
        var moment = timespec()
        moment.tv_sec = Int(deadline.moment / 1_000_000_000)
        moment.tv_nsec = Int(deadline.moment % 1_000_000_000)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while result == nil {
            if pthread_cond_timedwait(condition, mutex, &moment) == ETIMEDOUT { break }
        }
        return result
    }
}

/// Entry of the lookup thread.
private func lookUpOnThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<LookupRequest>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
