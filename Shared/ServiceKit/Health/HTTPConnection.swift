import Glibc

/// One connection to the health endpoints: a request comes in, its answer goes out, and it ends. Never blocks.
final class HTTPConnection {
    /// What reading or writing led to.
    enum Progress {
        case waiting
        case request(HTTPRequestLine)
        case ended
    }

    private enum Phase {
        case reading
        case answering
        case writing
        /// The answer is out; what the client still sends is thrown away, as closing at once would take it back.
        case draining
    }

    /// The largest head of a request, in bytes.
    static let headLimit = 8192
    private static let drainLimit = 1 << 20
    private static let headEnd = Array("\r\n\r\n".utf8)

    let descriptor: Int32
    let start = ContinuousClock.now
    private var phase = Phase.reading
    private var isHead = false
    private var received: [UInt8] = []
    private var outgoing: ArraySlice<UInt8> = []
    private var drained = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// What to ask `poll` for.
    var events: Int16 {
        switch phase {
        case .reading, .draining: Int16(POLLIN)
        case .writing: Int16(POLLOUT)
        case .answering: 0
        }
    }

    /// Does what `poll` said is possible.
    func advance() -> Progress {
        switch phase {
        case .reading: read()
        case .writing: write()
        case .draining: drain()
        // Nothing was asked for, so the client is gone.
        case .answering: .ended
        }
    }

    func answer(_ answer: HTTPAnswer) -> Progress {
        phase = .writing
        outgoing = answer.bytes(toHead: isHead)[...]
        return write()
    }

    private func read() -> Progress {
        guard let bytes = receive() else { return .waiting }
        if bytes.isEmpty { return .ended }
        received += bytes
        let unseen = max(0, received.count - bytes.count - Self.headEnd.count)
        guard received.count <= Self.headLimit else { return answer(HTTPAnswer(.headTooLarge, "too large\n")) }
        guard received[unseen...].firstRange(of: Self.headEnd) != nil else { return .waiting }
        guard let line = HTTPRequestLine(received) else { return answer(HTTPAnswer(.malformed, "not HTTP\n")) }
        phase = .answering
        isHead = line.method == "HEAD"
        return .request(line)
    }

    private func write() -> Progress {
        while !outgoing.isEmpty {
            let count = outgoing.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else { return Self.mayGoOn ? .waiting : .ended }
            outgoing = outgoing.dropFirst(count)
        }
        shutdown(descriptor, Int32(SHUT_WR))
        phase = .draining
        return .waiting
    }

    private func drain() -> Progress {
        guard let bytes = receive() else { return .waiting }
        drained += bytes.count
        return bytes.isEmpty || drained > Self.drainLimit ? .ended : .waiting
    }

    /// What has come, empty at the end, `nil` if nothing has come yet.
    private func receive() -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.headLimit) { buffer, size in
            count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            size = max(0, count)
        }
        return count < 0 && Self.mayGoOn ? nil : bytes
    }

    private static var mayGoOn: Bool { [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) }
}
