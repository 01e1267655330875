import CCURL
import FoundationEssentials
import Foundations

/// A transfer on its easy handle, with all that libcurl points to while it runs. Only the loop's thread touches it.
///
/// The loop keeps it from before the handle is added until after it is removed, so the callbacks may hold it unretained.
final class ActiveTransfer {
    let exchange: Exchange
    let easy: UnsafeMutableRawPointer
    /// Whether libcurl accepted every option.
    private(set) var isConfigured = false

    private let errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var head = ResponseHead(status: 0)
    private var headIsWhole = false
    private var headIsDelivered = false
    private let arrivals: Arrivals
    private var hasArrivals = false
    private var headBytes = 0
    private var bodyBytes = 0
    private var sentBytes = 0
    private var isPaused = false
    private var failure: TransferError?
    private var progress = 0
    private var lastProgress = ContinuousClock.now

    private var bodyLimit: Int
    private var drainDeadline: ContinuousClock.Instant?

    private static let maxHeadBytes = 256 << 10
    private static let drainTime = Duration.milliseconds(100)
    private static let drainBytes = 64 << 10

    init(
        _ exchange: Exchange, easy: UnsafeMutableRawPointer, configuration: HTTPClientConfiguration, arrivals: Arrivals
    ) {
        self.exchange = exchange
        self.easy = easy
        self.arrivals = arrivals
        bodyLimit = exchange.request.maxBodyBytes
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let context = Unmanaged.passUnretained(self).toOpaque()
        var options = EasyOptions(easy)
        headerList = options.set(exchange.request, configuration, context: context)
        options.pointer(CURLOPT_ERRORBUFFER, errorBuffer)
        isConfigured = options.areAccepted
    }

    deinit {
        curl_slist_free_all(headerList)
        errorBuffer.deallocate()
    }

    /// The transfer that runs on `easy`.
    static func of(_ easy: UnsafeMutableRawPointer) -> ActiveTransfer? {
        var context: UnsafeMutableRawPointer?
        guard ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK else { return nil }
        return of(context: context)
    }

    static func of(context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
        context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What the exchange ends with: `nil` is success. What a callback found wrong explains libcurl's code best.
    func error(for result: CURLcode) -> TransferError? {
        if result == CURLE_OK { return nil }
        if let failure { return failure }
        return TransferError(result, detail: String(cString: errorBuffer))
    }

    /// Hands over what came since the last time: whoever waits is woken once for all of it.
    func deliver() {
        hasArrivals = false
        if let head = takeHead() { exchange.head.succeed(head) }
        exchange.body.flush()
    }

    /// The head, once it is here and was not handed over.
    func takeHead() -> ResponseHead? {
        guard headIsWhole, !headIsDelivered else { return nil }
        headIsDelivered = true
        return head
    }

    private func noteArrival() {
        if !hasArrivals { arrivals.transfers.append(self) }
        hasArrivals = true
    }

    /// Lets a paused connection go on.
    func resume() {
        isPaused = false
        lastProgress = .now
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// Gives the rest of an abandoned body a moment to arrive, so that its connection can be used again.
    func drain() {
        drainDeadline = .now + Self.drainTime
        bodyLimit = min(bodyLimit, bodyBytes + Self.drainBytes)
        resume()
    }

    /// Whether no byte came or went for the idle time, or draining takes too long. A connection that waits for its
    /// reader is not idle.
    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        if let drainDeadline, now > drainDeadline { return true }
        let progress = headBytes + bodyBytes + sentBytes
        if isPaused || progress != self.progress {
            self.progress = progress
            lastProgress = now
        }
        return now - lastProgress > exchange.request.idleTimeout
    }
}

// MARK: Called back by libcurl, on the loop's thread, inside `curl_multi_perform` or `curl_easy_pause`

extension ActiveTransfer {
    /// One line of the head, with its line end. Returns `false` to end the transfer.
    func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headBytes += bytes.count
        guard headBytes <= Self.maxHeadBytes else {
            failure = TransferError(.tooLarge, "the headers are larger than \(Self.maxHeadBytes) bytes")
            return false
        }
        if headIsWhole { return true }
        let line = String(decoding: bytes, as: UTF8.self).trimmed
        if line.hasPrefix("HTTP/") {
            head = ResponseHead(status: line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmed
            head.headers.append(String(line[..<colon]), value)
        } else if line.isEmpty, isFinalHead {
            headIsWhole = true
            noteArrival()
        }
        return true
    }

    /// Whether no other head follows: neither after a provisional one nor after a redirect that is followed.
    private var isFinalHead: Bool {
        let isFollowed =
            exchange.request.followRedirects && (300..<400).contains(head.status) && head.headers["Location"] != nil
        return head.status >= 200 && !isFollowed
    }

    /// A piece of the body. Returns what the write callback must return.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bodyBytes + bytes.count <= bodyLimit else {
            failure = TransferError(.tooLarge, "the body is larger than \(bodyLimit) bytes")
            return 0
        }
        guard exchange.body.offer(bytes) else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        bodyBytes += bytes.count
        noteArrival()
        return bytes.count
    }

    /// Fills `target` with the next bytes of the request's body.
    func sendBody(into target: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = exchange.request.body else { return 0 }
        let piece = body.dropFirst(sentBytes).prefix(target.count)
        target.copyBytes(from: piece)
        sentBytes += piece.count
        return piece.count
    }

    /// Starts the request's body over at `offset`, when libcurl sends it again on a new connection.
    func rewindBody(to offset: Int) { sentBytes = offset }

    /// Whether the policy allows `address`; `nil` is an address of a family that it cannot judge.
    func allows(_ address: IPAddress?) -> Bool {
        guard let policy = exchange.request.addressPolicy else { return true }
        if let address = address?.unmapped, policy(address) {
            failure = nil  // another address of the host may have been refused before this one
            return true
        }
        failure = TransferError(
            .forbiddenAddress, "the address \(address?.description ?? "of the host") is not allowed")
        return false
    }
}

/// The transfers of which something arrived that nobody was told of yet.
final class Arrivals {
    var transfers: [ActiveTransfer] = []

    /// Tells of all of it.
    func deliver() {
        for transfer in transfers { transfer.deliver() }
        transfers.removeAll(keepingCapacity: true)
    }
}
