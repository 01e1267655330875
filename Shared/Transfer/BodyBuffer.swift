import FoundationEssentials
import Synchronization

/// A bounded buffer of bytes between the loop's thread and the one task that reads a body.
final class BodyBuffer: Sendable {
    typealias Next = Result<Data?, TransferError>

    private struct State {
        var bytes = Data()
        var isPaused = false
        var end: Result<Void, TransferError>?
        var reader: CheckedContinuation<Next, Never>?
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Takes `bytes`, or returns `false` if the reader is behind: the connection must pause until it is resumed.
    /// After the end bytes are thrown away. Whoever waits for them is woken by ``flush()``.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return true }
            guard state.bytes.isEmpty || state.bytes.count + bytes.count <= capacity else {
                state.isPaused = true
                return false
            }
            state.bytes.append(contentsOf: bytes)
            return true
        }
    }

    /// Gives whoever waits what came since, in one piece.
    func flush() {
        guard let (reader, next) = state.withLock({ Self.takeReader(&$0) }) else { return }
        reader.resume(returning: next)
    }

    /// Ends the body; bytes that are already here are still delivered after success or failure, not after a
    /// cancellation. Returns whether it was the first end.
    @discardableResult
    func end(_ end: Result<Void, TransferError>) -> Bool {
        let isFirst = state.withLock { state in
            guard state.end == nil else { return false }
            state.end = end
            if case .failure(let error) = end, error.code == .cancelled { state.bytes = Data() }
            return true
        }
        if isFirst { flush() }
        return isFirst
    }

    /// Whether the end has come.
    var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// Waits for bytes; `nil` is the end. `resume` is called when a paused connection may go on.
    func next(resume: () -> Void) async -> Next {
        let (ready, wasPaused) = state.withLock { state -> (Next?, Bool) in
            defer { state.isPaused = false }
            return (Self.take(&state), state.isPaused)
        }
        if wasPaused { resume() }
        if let ready { return ready }
        return await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Next? in
                if let ready = Self.take(&state) { return ready }
                guard state.reader == nil else {
                    return .failure(TransferError(.invalidRequest, "a body has one reader at a time"))
                }
                state.reader = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Whoever waits, and what for, if it is here.
    private static func takeReader(_ state: inout State) -> (reader: CheckedContinuation<Next, Never>, next: Next)? {
        guard let reader = state.reader, let next = take(&state) else { return nil }
        state.reader = nil
        return (reader, next)
    }

    private static func take(_ state: inout State) -> Next? {
        guard state.bytes.isEmpty else {
            defer { state.bytes = Data() }
            return .success(state.bytes)
        }
        return state.end?.map { nil }
    }
}
