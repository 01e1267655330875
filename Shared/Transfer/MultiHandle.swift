import CCURL

/// Owns libcurl's multi handle: the connections and the transfers that run on them.
///
/// ``wakeUp()`` may be called from any thread, everything else belongs to the thread of ``TransferLoop``. Every easy
/// handle must be removed before the last reference goes.
final class MultiHandle: Sendable {
    nonisolated(unsafe) let raw: UnsafeMutableRawPointer

    /// Initialised once for the process, before the first handle; thread-safe as libcurl 7.84 and later.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// `nil` when there is no memory.
    init?(maxIdleConnections: Int) {
        guard Self.isReady, let raw = curl_multi_init() else { return nil }
        self.raw = raw
        _ = ccurl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, maxIdleConnections)
    }

    /// Ends a wait in ``wait(milliseconds:)``, also the next one if none is under way.
    func wakeUp() { curl_multi_wakeup(raw) }

    /// Moves all transfers on without blocking.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(raw, &running)
    }

    /// Blocks until a connection is ready, a timer is due or ``wakeUp()`` is called.
    func wait(milliseconds: Int32) { curl_multi_poll(raw, nil, 0, milliseconds, nil) }

    /// The next transfer that has ended, by its easy handle.
    func nextCompleted() -> (easy: UnsafeMutableRawPointer, result: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(raw, &left) {
            if message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle {
                return (easy, ccurl_message_result(message))
            }
        }
        return nil
    }

    deinit { curl_multi_cleanup(raw) }
}
