import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct DependencyTests {
    private func complete(_ id: UUID, _ fixture: Fixture) async throws {
        _ = try await fixture.store.end(workflow: id, as: .completedNoChanges)
    }

    @Test func `a task waits for those it depends on`() async throws {
        try await withStore { fixture in
            let late = try await fixture.submit("late", dependencies: ["a", "b", "b"])
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            try await complete(try await fixture.submit("a"), fixture)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            let b = try await fixture.submit("b")
            let messages = try await fixture.store.end(workflow: b, as: .completedNoChanges)
            #expect(messages.last?.workflowID == late && messages.last?.seq == nil)
            #expect(try await fixture.claim().key.workflowID == late)
        }
    }

    @Test func `a task whose dependencies completed before starts at once`() async throws {
        try await withStore { fixture in
            try await complete(try await fixture.submit("a"), fixture)
            let id = try await fixture.submit("b", dependencies: ["a"])
            #expect(try await fixture.claim().key.workflowID == id)
        }
    }

    @Test func `dependents of a failed task are skipped, to any depth`() async throws {
        try await withStore { fixture in
            let a = try await fixture.submit("a")
            var chain: [UUID] = []
            for (task, before) in [("b", "a"), ("c", "b"), ("d", "c")] {
                chain.append(try await fixture.submit(task, dependencies: [before]))
            }
            _ = try await fixture.store.control(try address("c"), .pause)
            let free = try await fixture.submit("e")
            let messages = try await fixture.store.end(workflow: a, as: .internalError)
            for id in chain { #expect(try await fixture.status(id) == .ended(.skipped)) }
            #expect(try await fixture.status(free) == .queued)
            #expect(Set(messages.compactMap(\.workflowID)) == Set(chain + [a]))
            #expect(try await fixture.record(chain[0]).errorMessage?.contains("task a") == true)
            let late = try await fixture.submit("f", dependencies: ["b"])
            #expect(try await fixture.status(late) == .ended(.skipped))
            #expect(try await fixture.events(late) == ["workflow_started", "workflow_failed"])
        }
    }

    @Test func `cycles are refused, also between submissions at the same time`() async throws {
        try await withStore { fixture in
            let own = Submission(request: request(try address("x"), dependencies: ["x"]), contentHash: "h")
            #expect(try await fixture.store.submit(own) == .cycle(try ids("x")))
            try await fixture.submit("a", dependencies: ["b"])
            try await fixture.submit("b", dependencies: ["c"])
            let closing = Submission(request: request(try address("c"), dependencies: ["z", "a"]), contentHash: "h")
            #expect(try await fixture.store.submit(closing) == .cycle(try ids("a", "b", "c")))
            for round in 0..<20 {
                let names = ["p\(round)", "q\(round)"]
                let outcomes = try await withThrowingTaskGroup(of: SubmissionOutcome.self) { group in
                    for (name, other) in [(names[0], names[1]), (names[1], names[0])] {
                        let submission = Submission(
                            request: request(try address(name), dependencies: [other]), contentHash: "h")
                        group.addTask { try await fixture.store.submit(submission) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.filter { if case .cycle = $0 { true } else { false } }.count == 1)
            }
        }
    }

    @Test func `the ways between tasks may be many more than the tasks`() async throws {
        try await withStore { fixture in
            let layers = (0..<14).map { layer in (0..<5).map { "l\(layer)-\($0)" } }
            for (below, layer) in zip([[]] + layers, layers) {
                for task in layer { try await fixture.submit(task, dependencies: below) }
            }
            try await fixture.submit("end", dependencies: layers[13])
            let closing = Submission(
                request: request(try address("l0-9"), dependencies: ["end", "l0-9"]), contentHash: "h")
            #expect(try await fixture.store.submit(closing) == .cycle(try ids("l0-9")))
        }
    }

    private func ids(_ names: String...) throws -> [TaskID] { try names.map { try #require(TaskID($0)) } }

    @Test func `no dependent is missed whatever races`() async throws {
        try await withStore(connections: 6) { fixture in
            for round in 0..<30 {
                let a = try await fixture.submit("a\(round)")
                let b = try await fixture.submit("b\(round)")
                let ends = round.isMultiple(of: 2) ? TerminalStatus.completedNoChanges : .stuck
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await fixture.submit("c\(round)", dependencies: ["a\(round)", "b\(round)"])
                    }
                    group.addTask { _ = try await fixture.store.end(workflow: a, as: .completedNoChanges) }
                    group.addTask { _ = try await fixture.store.end(workflow: b, as: ends) }
                    try await group.waitForAll()
                }
                let c = try #require(try await fixture.store.workflow(try address("c\(round)")))
                #expect(c.status == (ends.isSuccess ? .queued : .ended(.skipped)))
                if ends.isSuccess { #expect(try await fixture.claim().key.workflowID == c.workflowID) }
            }
        }
    }

    @Test func `a paused task goes on when both the pause and the waiting are over`() async throws {
        try await withStore { fixture in
            let a = try await fixture.submit("a")
            let b = try await fixture.submit("b", dependencies: ["a"])
            _ = try await fixture.store.control(try address("b"), .pause)
            _ = try await fixture.store.control(try address("b"), .resume)
            _ = try await fixture.store.control(try address("b"), .pause)
            try await complete(a, fixture)
            #expect(try await fixture.status(b) == .paused)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            _ = try await fixture.store.control(try address("b"), .resume)
            #expect(try await fixture.claim().key.workflowID == b)
        }
    }

    @Test func `a skipped task is not retried before the one that it depends on`() async throws {
        try await withStore { fixture in
            let a = try await fixture.submit("a")
            let b = try await fixture.submit("b", dependencies: ["a"])
            _ = try await fixture.store.end(workflow: a, as: .stuck)
            guard case .refused(let code, let reason) = try await fixture.store.control(try address("b"), .retry) else {
                return #expect(Bool(false), "the retry was accepted")
            }
            #expect(code == "not_possible")
            #expect(reason == "the task a that it depends on ended as stuck: retry that task first")
            #expect(try await fixture.status(b) == .ended(.skipped))
        }
    }

    @Test func `a skipped task that is retried waits again`() async throws {
        try await withStore { fixture in
            let a = try await fixture.submit("a")
            let b = try await fixture.submit("b", dependencies: ["a"])
            _ = try await fixture.store.end(workflow: a, as: .stuck)
            _ = try await fixture.store.control(try address("a"), .retry)
            _ = try await fixture.store.control(try address("b"), .retry)
            #expect(try await fixture.claim().key.workflowID == a)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            #expect(try await fixture.status(b) == .queued)
        }
    }
}
