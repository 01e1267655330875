import Synchronization
import SystemPackage

/// What the thread of the health endpoints is told from elsewhere; a byte in a pipe wakes it.
final class HTTPInbox: Sendable {
    private struct State {
        var answers: [(id: Int, answer: HTTPAnswer)] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let reader: FileDescriptor
    private let writer: FileDescriptor

    init() throws {
        (reader, writer) = try FileDescriptor.pipe()
    }

    deinit {
        try? reader.close()
        try? writer.close()
    }

    /// Readable while something waits here.
    var descriptor: Int32 { reader.rawValue }

    func answer(_ id: Int, with answer: HTTPAnswer) {
        tell { $0.answers.append((id, answer)) }
    }

    func stop() {
        tell { $0.isStopped = true }
    }

    /// The answers that wait; `nil` when it is time to end. Call it only when ``descriptor`` is readable.
    func take() -> [(id: Int, answer: HTTPAnswer)]? {
        state.withLock { state in
            _ = try? withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try reader.read(into: $0) }
            defer { state.answers = [] }
            return state.isStopped ? nil : state.answers
        }
    }

    private func tell(_ change: (inout State) -> Void) {
        state.withLock { state in
            // One byte at most lies in the pipe, so that neither end ever waits.
            if state.answers.isEmpty, !state.isStopped { _ = try? writer.writeAll([1]) }
            change(&state)
        }
    }
}
