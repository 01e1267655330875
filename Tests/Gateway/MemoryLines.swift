import Contracts
import Foundation
import Foundations
import Synchronization

@testable import GatewayService
@testable import TaskStore

/// Lines of logs of tests. Their ids have gaps, and a read looks through few at once, as the database does.
final class MemoryLines: FollowedLogs {
    private static let gap = 3
    private static let linesAtOnce = 100

    private let state = Mutex<(lines: [RecordedLine], last: Int)>(([], 0))

    /// Returns the id of the line.
    @discardableResult
    func write(
        _ message: String, level: String = "info", service: String = "coder", task: String? = nil
    ) -> Int {
        state.withLock { state in
            let id = state.last + Self.gap
            var fields: [String: JSONValue] = [
                "id": .int(id), "timestamp": "2026-11-28T09:31:12.000Z", "level": .string(level),
                "service": .string(service), "message": .string(message), "replica": .string("\(service)-1"),
                "facts": ["error": "the disk is full"],
            ]
            if let task {
                fields.merge(["company_id": "acme", "project_id": "web", "task_id": .string(task)]) { $1 }
            }
            state.lines.append(RecordedLine(fields))
            state.last = id
            return id
        }
    }

    /// Forgets all of them, as another database has.
    func clear() { state.withLock { $0 = ([], 0) } }

    func lastLine() -> Int { state.withLock { $0.last } }

    func lines(after id: Int, upTo last: Int, matching filter: LogFilter, limit: Int) -> LogBatch {
        let behind = state.withLock { $0.lines.filter { $0.id > id && $0.id <= last } }
        let looked = behind.prefix(Self.linesAtOnce)
        let found = looked.filter(filter.holds)
        if found.count > limit { return LogBatch(lines: Array(found.prefix(limit)), upTo: found[limit - 1].id) }
        return LogBatch(
            lines: Array(found), upTo: looked.count < behind.count ? looked.last?.id ?? last : last)
    }
}
