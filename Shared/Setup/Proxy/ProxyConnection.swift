import Glibc

/// The client's end of a connection through the proxy. It blocks.
struct ProxyConnection {
    private let client: Int32
    private let stop: Int32
    private let limits: ProxyLimits

    init(_ client: Int32, stop: Int32, _ limits: ProxyLimits) {
        self.client = client
        self.stop = stop
        self.limits = limits
    }

    /// What the client asks, and what it has sent after that.
    func request() throws(ProxyRefusal) -> (ProxyRequest, rest: ArraySlice<UInt8>) {
        let end = Array("\r\n\r\n".utf8)
        let deadline = ContinuousClock.now + limits.connecting
        var bytes: [UInt8] = []
        while bytes.count < ProxyRequest.maximumHead {
            let looked = max(0, bytes.count - 3)
            guard let more = next(until: deadline) else { throw ProxyRefusal(400, "a request that does not come") }
            bytes += more
            if let found = bytes[looked...].firstRange(of: end) {
                let head = String(decoding: bytes[..<found.lowerBound], as: UTF8.self)
                return (try ProxyRequest(head), bytes[found.upperBound...])
            }
        }
        throw ProxyRefusal(431, "a request that is too long")
    }

    /// The next bytes; `nil` at the end of the connection, of the time, or when all ends.
    private func next(until deadline: ContinuousClock.Instant) -> [UInt8]? {
        while true {
            var entries = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            ]
            let left = Sockets.milliseconds(max(.zero, deadline - .now))
            let ready = poll(&entries, 2, left)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, entries[1].revents == 0 else { return nil }
            var isAgain = false
            let bytes = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                let received = recv(client, buffer.baseAddress, buffer.count, 0)
                isAgain = received < 0 && (errno == EAGAIN || errno == EINTR)
                count = max(0, received)
            }
            if isAgain { continue }
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// Opens the tunnel, or asks for the document.
    func begin(_ request: ProxyRequest, _ rest: ArraySlice<UInt8>, _ server: Int32) {
        guard let head = request.head else {
            Self.write(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8), to: client)
            return Self.write(Array(rest), to: server)
        }
        // What comes after it would be another request, which nobody has looked at.
        Self.write(Array(head.utf8), to: server)
    }

    func send(_ text: String) { Self.write(Array(text.utf8), to: client) }

    /// Little enough for the buffers of a new connection.
    private static func write(_ bytes: [UInt8], to socket: Int32) {
        _ = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
