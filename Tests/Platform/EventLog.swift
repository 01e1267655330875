import Contracts
import Foundation
import Messaging
import Synchronization
import TestSupport

/// What a subscriber of everything sees, by task; copies of an event are left out.
package final class EventLog: Sendable {
    private final class Book: Sendable {
        let tasks = Mutex<[String: Recorder<ObservedEvent>]>([:])
        let seen = Mutex<Set<String>>([])

        func events(of task: String) -> Recorder<ObservedEvent> {
            tasks.withLock { tasks in
                let recorder = tasks[task] ?? Recorder()
                tasks[task] = recorder
                return recorder
            }
        }

        func add(_ event: ObservedEvent) {
            let isNew = seen.withLock { $0.insert(event.event.eventID).inserted }
            if isNew { events(of: event.event.taskID).record(event) }
        }
    }

    private let book: Book
    private let reading: Task<Void, Never>

    /// Subscribes before it returns. Throws ``BusError``.
    package init(_ bus: any MessageBus) async throws {
        let book = Book()
        let messages = try await bus.subscribe("\(SubjectScheme.defaultPrefix).*.*.*.*", queueGroup: nil)
        self.book = book
        reading = Task { for await message in messages { ObservedEvent(message).map(book.add) } }
    }

    deinit { reading.cancel() }

    /// The events of a task, in the order of their arrival.
    package func events(of task: String) -> Recorder<ObservedEvent> { book.events(of: task) }
}
