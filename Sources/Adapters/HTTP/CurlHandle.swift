import CLibcurl

// libcurl wants its global set-up once per process; a global constant is made once, whatever the threads.
private let globalSetUp: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

/// An easy handle with its connection cache. Freed by `deinit`; used by one thread.
struct CurlHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer

    init() throws(HTTPError) {
        guard globalSetUp == CURLE_OK, let made = curl_easy_init() else { throw HTTPError(CURLE_FAILED_INIT, mayHaveArrived: false) }
        handle = made
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    /// Forgets every option; open connections stay for the next exchange.
    func reset() {
        curl_easy_reset(handle)
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try check(purser_curl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, bytes value: Int) throws(HTTPError) {
        try check(purser_curl_set_offset(handle, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try check(value.withCString { purser_curl_set_string(handle, option, $0) })
    }

    /// libcurl keeps the pointer: it must stay valid until `perform` returns.
    func set(_ option: CURLoption, unretained value: UnsafeRawPointer?) throws(HTTPError) {
        try check(purser_curl_set_pointer(handle, option, value))
    }

    /// libcurl keeps the list: it must outlive `perform`.
    func set(_ option: CURLoption, list: borrowing HeaderList) throws(HTTPError) {
        try check(purser_curl_set_list(handle, option, list.first))
    }

    func set(_ option: CURLoption, sink: @escaping purser_curl_sink) throws(HTTPError) {
        try check(purser_curl_set_sink(handle, option, sink))
    }

    func perform() -> CURLcode {
        curl_easy_perform(handle)
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return purser_curl_get_long(handle, info, &value) == CURLE_OK ? value : 0
    }

    private func check(_ result: CURLcode) throws(HTTPError) {
        guard result == CURLE_OK else { throw HTTPError(result, mayHaveArrived: false) }
    }
}

/// libcurl's list of header lines. Freed by `deinit`.
struct HeaderList: ~Copyable {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    init() {
        first = nil
    }

    deinit {
        curl_slist_free_all(first)
    }

    mutating func append(_ line: String) throws(HTTPError) {
        // The list copies the text; on failure it returns null and leaves the old list to us.
        guard let grown = curl_slist_append(first, line) else { throw HTTPError(CURLE_OUT_OF_MEMORY, mayHaveArrived: false) }
        first = grown
    }
}
