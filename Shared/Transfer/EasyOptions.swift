import CCURL
import Foundations
import Glibc

/// Sets the options of an easy handle and remembers whether libcurl accepted them all.
struct EasyOptions {
    private let easy: UnsafeMutableRawPointer
    private(set) var areAccepted = true

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    /// Sets all that `request` asks for. Returns the list of headers, which must live until the handle is removed.
    mutating func set(
        _ request: HTTPRequest, _ configuration: HTTPClientConfiguration, context: UnsafeMutableRawPointer
    ) -> UnsafeMutablePointer<curl_slist>? {
        setTarget(request, configuration)
        setLimits(request)
        setCallbacks(context)
        setMethod(request, context)
        let list = headerList(request)
        check(ccurl_set_list(easy, CURLOPT_HTTPHEADER, list))
        return list
    }

    private mutating func setTarget(_ request: HTTPRequest, _ configuration: HTTPClientConfiguration) {
        string(CURLOPT_URL, request.url)
        string(CURLOPT_PROTOCOLS_STR, "http,https")
        string(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        string(CURLOPT_USERAGENT, configuration.userAgent)
        long(CURLOPT_FOLLOWLOCATION, request.followRedirects ? 1 : 0)
        long(CURLOPT_MAXREDIRS, 5)
        long(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // One transfer per connection: a paused body then never holds up another one.
        long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        long(CURLOPT_TCP_KEEPALIVE, 1)
        switch configuration.proxy {
        case .none: string(CURLOPT_PROXY, "")
        case .environment: break
        }
    }

    private mutating func setLimits(_ request: HTTPRequest) {
        func milliseconds(_ duration: Duration) -> Int {
            max(1, Int(min(duration.seconds * 1000, Double(Int32.max))))
        }
        long(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout))
        long(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
        check(ccurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maxBodyBytes))))
        long(CURLOPT_NOSIGNAL, 1)
        // A cancelled transfer must not wait for the thread that resolves its host's name: the loop would stand still.
        long(CURLOPT_QUICK_EXIT, 1)
    }

    private mutating func setMethod(_ request: HTTPRequest, _ context: UnsafeMutableRawPointer) {
        if request.body != nil || ["POST", "PUT", "PATCH"].contains(request.method) {
            long(CURLOPT_POST, 1)
            check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body?.count ?? 0)))
            check(ccurl_set_read_callback(easy, sendBody))
            check(ccurl_set_seek_callback(easy, rewindBody))
            pointer(CURLOPT_READDATA, context)
            pointer(CURLOPT_SEEKDATA, context)
            long(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
        } else if request.method == "HEAD" {
            long(CURLOPT_NOBODY, 1)
        }
        string(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private mutating func setCallbacks(_ context: UnsafeMutableRawPointer) {
        check(ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody))
        check(ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader))
        check(ccurl_set_open_socket(easy, openSocket))
        check(ccurl_set_before_request(easy, beforeRequest))
        for option in [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA, CURLOPT_PRIVATE,
        ] { pointer(option, context) }
    }

    private mutating func headerList(_ request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
        // Without these two libcurl would wait for "100 Continue" and call every body a form.
        let defaults = ["Expect", "Content-Type"].filter { name in
            !request.headers.contains { $0.0.lowercased() == name.lowercased() }
        }
        // libcurl's notation: "Name;" is an empty value, "Name:" takes the header away.
        let lines = request.headers.map { $0.1.isEmpty ? "\($0.0);" : "\($0.0): \($0.1)" } + defaults.map { "\($0):" }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                areAccepted = false
                return list
            }
            list = longer
        }
        return list
    }

    mutating func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        check(ccurl_set_pointer(easy, option, value))
    }

    private mutating func long(_ option: CURLoption, _ value: Int) { check(ccurl_set_long(easy, option, value)) }

    private mutating func string(_ option: CURLoption, _ value: String) {
        check(ccurl_set_string(easy, option, value))
    }

    private mutating func check(_ result: CURLcode) { areAccepted = areAccepted && result == CURLE_OK }
}

// MARK: Callbacks. Each gets the ``ActiveTransfer`` of its handle, on the loop's thread, while the handle is added.

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = ActiveTransfer.of(context: context) else { return 0 }
    return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = ActiveTransfer.of(context: context) else { return 0 }
    return transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func sendBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = ActiveTransfer.of(context: context) else { return Int(CURL_READFUNC_ABORT) }
    return transfer.sendBody(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private func rewindBody(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard origin == SEEK_SET, let transfer = ActiveTransfer.of(context: context) else { return CURL_SEEKFUNC_CANTSEEK }
    transfer.rewindBody(to: Int(offset))
    return CURL_SEEKFUNC_OK
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let transfer = ActiveTransfer.of(context: context),
        transfer.allows(IPAddress(ccurl_address(address)))
    else { return CURL_SOCKET_BAD }
    // Close-on-exec: a command that the process starts must not inherit the connection.
    let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, type, address.pointee.protocol)
}

/// Judges the address again: on a reused connection `openSocket` was not asked, or by another policy.
private func beforeRequest(
    _ context: UnsafeMutableRawPointer?, _ remote: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    guard let remote, let transfer = ActiveTransfer.of(context: context),
        transfer.allows(IPAddress(String(cString: remote)))
    else { return CURL_PREREQFUNC_ABORT }
    return CURL_PREREQFUNC_OK
}
