import Glibc
import Synchronization

/// How many bytes may still pass, over all connections.
final class ByteBudget: Sendable {
    private let left: Mutex<Int>

    init(_ bytes: Int) { left = Mutex(bytes) }

    /// Whether there is room for `count` more.
    func take(_ count: Int) -> Bool {
        left.withLock { left in
            left -= count
            return left >= 0
        }
    }
}

/// Carries bytes between two connections until both are at their ends. It blocks.
struct Relay {
    /// Why a relay ended.
    enum End {
        case over, stopped, silent, overBudget
    }

    private struct Way {
        let source: Int32
        let sink: Int32
        var waiting: ArraySlice<UInt8> = []
        var isOpen = true

        var wantsMore: Bool { isOpen && waiting.isEmpty }

        /// Reads what there is, and returns how much. An end is passed on.
        mutating func read() -> Int {
            var isOver = false
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let received = recv(source, buffer.baseAddress, buffer.count, 0)
                isOver = received == 0 || received < 0 && errno != EAGAIN && errno != EINTR
                count = max(0, received)
            }
            waiting = bytes[...]
            if isOver {
                isOpen = false
                shutdown(sink, Int32(SHUT_WR))
            }
            return bytes.count
        }

        /// Writes what it can. Returns whether the connection still takes it.
        mutating func write() -> Bool {
            let sent = waiting.withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent >= 0 else { return errno == EAGAIN || errno == EINTR }
            waiting = waiting.dropFirst(sent)
            return true
        }
    }

    private var ways: [Way]
    private let stop: Int32
    private let silence: Duration
    private let budget: ByteBudget?

    /// - Parameters:
    ///   - answers: Whether bytes pass from the second to the first alone.
    ///   - stop: A descriptor that ends the relay when it can be read.
    ///   - silence: How long nothing may pass.
    init(
        _ first: Int32, _ second: Int32, answers: Bool = false, stop: Int32, silence: Duration,
        budget: ByteBudget? = nil
    ) {
        ways = [Way(source: second, sink: first)] + (answers ? [] : [Way(source: first, sink: second)])
        self.stop = stop
        self.silence = silence
        self.budget = budget
    }

    mutating func run() -> End {
        while ways.contains(where: { $0.isOpen || !$0.waiting.isEmpty }) {
            var entries = entries
            let ready = poll(&entries, nfds_t(entries.count), Sockets.milliseconds(silence))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return .silent }
            guard entries.last?.revents == 0 else { return .stopped }
            for index in ways.indices {
                if entries[index].revents != 0 {
                    let count = ways[index].read()
                    if budget?.take(count) == false { return .overBudget }
                }
                if entries[ways.count + index].revents != 0, !ways[index].write() { return .over }
            }
        }
        return .over
    }

    /// What is waited for: the sources, the sinks, the end.
    private var entries: [pollfd] {
        // `poll` passes over what is negative; it would tell of an end again and again.
        let sources = ways.map { pollfd(fd: $0.wantsMore ? $0.source : -1, events: Int16(POLLIN), revents: 0) }
        let sinks = ways.map { pollfd(fd: $0.waiting.isEmpty ? -1 : $0.sink, events: Int16(POLLOUT), revents: 0) }
        return sources + sinks + [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
    }
}
