import Foundation
import Synchronization

/// Cuts a connection to Postgres when a commit is done and its confirmation is on its way.
///
/// Counted are the transactions that have to last: with `synchronous_commit` on, and holding `text` if one is given.
/// A transaction begins in one message with its first statement, and `commit` is a message of its own.
final class CommitWatcher: TCPProxy.Watcher {
    private struct State {
        var seen = Data()
        var isWatching = false
    }

    private let countdown: Countdown
    private let text: Data
    private let state = Mutex(State())

    init(_ countdown: Countdown, holding text: String = "") {
        self.countdown = countdown
        self.text = Data(text.utf8)
    }

    func fromClient(_ bytes: Data) {
        state.withLock { state in
            if bytes.range(of: Data("begin isolation level".utf8)) != nil { state.seen = Data() }
            state.seen += bytes
            guard bytes.range(of: Data("commit\0".utf8)) != nil,
                state.seen.range(of: Data("synchronous_commit = off".utf8)) == nil,
                text.isEmpty || state.seen.range(of: text) != nil
            else { return }
            state.isWatching = countdown.isChosen()
        }
    }

    func cuts(fromServer bytes: Data) -> Bool {
        state.withLock { $0.isWatching && bytes.range(of: Data("COMMIT\0".utf8)) != nil }
    }
}

/// Cuts a connection when an answer of the server holds `text`.
final class AnswerWatcher: TCPProxy.Watcher {
    private let countdown: Countdown
    private let text: Data
    /// The end of what came before: the text may come in two pieces.
    private let tail = Mutex(Data())

    init(_ countdown: Countdown, holding text: String) {
        self.countdown = countdown
        self.text = Data(text.utf8)
    }

    func fromClient(_ bytes: Data) {}

    func cuts(fromServer bytes: Data) -> Bool {
        let all = tail.withLock { tail -> Data in
            defer { tail = Data((tail + bytes).suffix(text.count - 1)) }
            return tail + bytes
        }
        return all.range(of: text) != nil && countdown.isChosen()
    }
}
