import Contracts
import Database

extension QueryList {
    /// Tasks that failed for a reason that a person can mend, to be retried.
    static let deadLetters = QueryList(
        what: "dead_letters", scopes: tasks.scopes, columns: taskColumns, source: tasks.source, place: ofTask,
        parts: mendable.map { TaskStatus.condition(endedAs: .ended($0)) }, order: taskOrder,
        filters: ofAnyTasks)

    private static let mendable: [TerminalStatus] = [
        .internalError, .modelUnavailable, .repositoryUnavailable, .pushRejected, .stuck, .timedOut,
    ]
}
