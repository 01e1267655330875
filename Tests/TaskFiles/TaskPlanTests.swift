import Contracts
import Foundation
import Foundations
import Synchronization
import TaskFiles
import Testing

@Suite struct TaskPlanTests {
    /// A front door that knows some tasks, by what they ask for; of those in `begun` nothing changes any more.
    private final class Door: TaskDoor {
        let known = Mutex<[String: JSONValue]>([:])
        let begun = Mutex<Set<String>>([])
        let asked = Mutex<[String]>([])

        func submit(_ submission: JSONValue, _ address: TaskAddress) async throws -> Reply {
            let (id, isTrial) = (address.task.text, submission["dry_run"] == true)
            asked.withLock { $0.append("\(isTrial ? "try" : "do") \(id)") }
            return known.withLock { known in
                if known[id] == submission["task"] { return .ok(["duplicate": true]) }
                guard known[id] == nil || !begun.withLock({ $0.contains(id) }) else {
                    return .error(code: "conflict", message: "has begun")
                }
                let isUpdate = known[id] != nil
                if !isTrial { known[id] = submission["task"] }
                return .ok(isUpdate ? ["duplicate": false, "updated": true] : ["duplicate": false])
            }
        }

        var requests: [String] {
            asked.withLock { asked in
                defer { asked = [] }
                return asked
            }
        }
    }

    private func file(_ priorities: [String: Int]) throws -> TaskFile {
        let entries = priorities.sorted { $0.key < $1.key }.map { "{id: \($0.key), title: t, priority: \($0.value)}" }
        return try TaskFile(Data("project: a/b\ntasks: [\(entries.joined(separator: ", "))]".utf8), project: nil)
    }

    private func changes(_ plan: TaskPlan) -> [String] { plan.rows.map(\.change.word) }

    @Test func `id and content decide what becomes of a task`() async throws {
        let door = Door()
        let first = try await file(["one": 1, "two": 2]).plan(at: door)
        #expect(changes(first) == ["create", "create"])
        #expect(door.requests == ["try one", "try two"] && door.known.withLock { $0.isEmpty })
        let begun = try await first.carriedOut(at: door)
        #expect(changes(begun) == ["create", "create"] && door.requests == ["do one", "do two"])
        door.begun.withLock { $0 = ["two"] }
        let next = try await file(["one": 5, "two": 5, "zoo": 1]).plan(at: door)
        #expect(changes(next) == ["update", "refused", "create"])
        #expect(next.counts.map(\.count) == [1, 1, 0, 1])
        #expect(next.refused.map(\.refusal?.code) == ["conflict"])
        let done = try await next.carriedOut(at: door)
        #expect(changes(done) == ["update", "refused", "create"])
        // What was not asked for is left alone, and what is as it was is not asked for.
        #expect(door.requests.suffix(2) == ["do one", "do zoo"])
        let same = try await file(["one": 5, "zoo": 1]).plan(at: door).carriedOut(at: door)
        #expect(changes(same) == ["unchanged", "unchanged"])
    }

    @Test func `a task that begins meanwhile is told as it came to be`() async throws {
        let door = Door()
        _ = try await file(["one": 1]).plan(at: door).carriedOut(at: door)
        let plan = try await file(["one": 2]).plan(at: door)
        door.begun.withLock { $0 = ["one"] }
        let done = try await plan.carriedOut(at: door)
        #expect(changes(plan) == ["update"] && changes(done) == ["refused"])
    }

    @Test func `a plan is told to programs with the line of each task`() async throws {
        let door = Door()
        door.known.withLock { $0 = ["one": [:]] }
        door.begun.withLock { $0 = ["one"] }
        #expect(
            try await file(["one": 1]).plan(at: door).json == [
                [
                    "company_id": "a", "project_id": "b", "task_id": "one", "title": "t", "change": "refused",
                    "line": 2, "error": ["code": "conflict", "message": "has begun"],
                ]
            ])
    }
}
