import Synchronization

/// A value that is delivered exactly once, from any thread, and awaited exactly once.
///
/// It joins a C callback, a deadline and cancellation, which race: the first to arrive wins, the others do nothing.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case initial
        case waiting(CheckedContinuation<Value, any Error>)
        case arrived(Result<Value, any Error>)
        case taken
    }

    private let state = Mutex(State.initial)

    package init() {}

    /// Delivers the result. Returns whether it was the first to arrive.
    @discardableResult
    package func fulfil(_ result: Result<Value, any Error>) -> Bool {
        let (continuation, first) = state.withLock { state -> (CheckedContinuation<Value, any Error>?, Bool) in
            switch state {
            case .initial:
                state = .arrived(result)
                return (nil, true)
            case .waiting(let continuation):
                state = .taken
                return (continuation, true)
            case .arrived, .taken:
                return (nil, false)
            }
        }
        continuation?.resume(with: result)
        return first
    }

    /// Delivers a value. Returns whether it was the first to arrive.
    @discardableResult
    package func succeed(_ value: Value) -> Bool { fulfil(.success(value)) }

    /// Delivers an error. Returns whether it was the first to arrive.
    @discardableResult
    package func fail(_ error: any Error) -> Bool { fulfil(.failure(error)) }

    /// Waits for the value. If the waiting task is cancelled first, throws `CancellationError`.
    package func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state -> Result<Value, any Error>? in
                    switch state {
                    case .initial:
                        state = .waiting(continuation)
                        return nil
                    case .arrived(let result):
                        state = .taken
                        return result
                    case .waiting, .taken:
                        return .failure(PromiseAlreadyTaken())
                    }
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            fail(CancellationError())
        }
    }
}

/// A promise was awaited a second time.
package struct PromiseAlreadyTaken: Error {
    package init() {}
}
