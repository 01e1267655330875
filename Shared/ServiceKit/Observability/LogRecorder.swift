import DequeModule
import FoundationEssentials
import Foundations
import Logging
import Synchronization
import TaskStore

/// Log lines on their way into the record. Whoever logs never waits for it: it holds so many, and counts what it has to
/// drop.
package final class LogRecorder: Sendable {
    private struct State {
        var lines: Deque<LogLine> = []
        var dropped = 0
    }

    let level: Logger.Level
    private let most: Int
    private let redactor: Redactor
    private let state = Mutex(State())

    /// - Parameters:
    ///   - level: From which on lines are recorded.
    ///   - most: How many lines may wait.
    package init(from level: Logger.Level, atMost most: Int = 5000, redactor: Redactor) {
        self.level = level
        self.most = most
        self.redactor = redactor
    }

    /// Takes a line, without the secrets in it. Lines that come while too many wait are dropped, so that those that tell
    /// how it began stay.
    func take(_ level: Logger.Level, _ message: String, _ facts: Logger.Metadata) {
        guard level >= self.level else { return }
        guard state.withLock({ $0.lines.count < most }) else { return state.withLock { $0.dropped += 1 } }
        let line = LogLine(
            time: Date(), level: level.rawValue, message: redactor.redact(message),
            facts: facts.mapValues { redactor.redact("\($0)") })
        state.withLock { $0.lines.append(line) }
    }

    /// The lines that waited longest, and how many were dropped since the last call.
    func next(atMost count: Int) -> (lines: [LogLine], dropped: Int) {
        state.withLock { state in
            let lines = Array(state.lines.prefix(count))
            state.lines.removeFirst(lines.count)
            defer { state.dropped = 0 }
            return (lines, state.dropped)
        }
    }

    /// Lines that could not be recorded wait again, before what came after them.
    func putBack(_ lines: [LogLine], dropped: Int) {
        state.withLock { state in
            state.lines.prepend(contentsOf: lines)
            state.dropped += dropped
        }
    }
}
