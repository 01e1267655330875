import Foundations
import Synchronization

/// Collects what happens, in order, and lets a test wait for it.
package final class Recorder<Element: Sendable>: Sendable {
    /// Looks at the newest element and the count so far; returns `true` when it has seen what it waits for.
    private typealias Observer = @Sendable (Element, Int) -> Bool

    private struct State {
        var elements: [Element] = []
        var observers: [Observer] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Everything recorded so far, in order.
    package var elements: [Element] { state.withLock { $0.elements } }

    /// How many elements were recorded so far.
    package var count: Int { state.withLock { $0.elements.count } }

    /// Adds an element and wakes those who wait for it.
    package func record(_ element: Element) {
        state.withLock { state in
            state.elements.append(element)
            let count = state.elements.count
            state.observers.removeAll { $0(element, count) }
        }
    }

    /// Waits until `count` elements were recorded and returns all there are.
    @discardableResult
    package func wait(for count: Int, within duration: Duration = Deadline.usual) async throws -> [Element] {
        let promise = Promise<Void>()
        state.withLock { state in
            guard state.elements.count < count else { return _ = promise.succeed(()) }
            state.observers.append { _, reached in reached >= count && (promise.succeed(()) || true) }
        }
        Deadline.arm(promise, for: "\(count) records", within: duration)
        try await promise.value()
        return elements
    }

    /// Waits for an element that `matches`, and returns the first.
    @discardableResult
    package func first(
        _ what: String = "a matching record", within duration: Duration? = Deadline.usual,
        where matches: @escaping @Sendable (Element) -> Bool
    ) async throws -> Element {
        let promise = Promise<Element>()
        state.withLock { state in
            if let element = state.elements.first(where: matches) { return _ = promise.succeed(element) }
            state.observers.append { element, _ in matches(element) && (promise.succeed(element) || true) }
        }
        if let duration { Deadline.arm(promise, for: what, within: duration) }
        return try await promise.value()
    }
}
