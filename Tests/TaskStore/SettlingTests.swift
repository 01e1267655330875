import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// What a task's end means for others is settled after it has committed, by each of them alone.
@Suite(.timeLimit(.minutes(5))) struct SettlingTests {
    /// Ends a workflow as a process does that is killed right after the commit.
    private func endAndDie(_ id: UUID, as status: TerminalStatus, _ fixture: Fixture) async throws {
        let store = fixture.store
        _ = try await fixture.pool.transaction { try store.end(id, as: status, error: nil, on: $0) }
    }

    /// How many rows of `tasks` the transaction has changed or locked.
    private func touched(on connection: Connection) throws -> Int? {
        try connection.execute(
            """
            select count(*) as value from tasks, (select pg_current_xact_id()::xid::text as own) me
            where xmin::text = own or xmax::text = own
            """
        ).first?.get("value")
    }

    private func open(_ fixture: Fixture) async throws -> Int? {
        try await fixture.value("select count(*) as value from notices")
    }

    @Test(arguments: [TerminalStatus.stuck, .completedNoChanges])
    func `an end locks one workflow, and so does the settling`(_ end: TerminalStatus) async throws {
        try await withStore { fixture in
            let store = fixture.store
            let a = try await fixture.submit("a")
            let b = try await fixture.submit("b", dependencies: ["a"])
            let ended = try await fixture.pool.transaction { connection in
                let effects = try store.end(a, as: end, error: nil, on: connection)
                return (effects.told, try touched(on: connection))
            }
            #expect(ended.0 == [b] && ended.1 == 1)
            let settled = try await fixture.pool.transaction { connection in
                let workflow = try #require(try LockedWorkflow(b, on: connection))
                _ = try store.lookAtDependencies(of: workflow, on: connection)
                return try touched(on: connection)
            }
            #expect(settled == 1)
        }
    }

    @Test func `a retry locks one workflow`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            let a = try await fixture.submit("a")
            let b = try await fixture.submit("b", dependencies: ["a"])
            _ = try await store.end(workflow: a, as: .stuck)
            _ = try await store.control(try address("a"), .retry)
            let retried = try await fixture.pool.transaction { connection in
                let workflow = try #require(try LockedWorkflow(b, on: connection))
                let effects = try ControlAction(store: store, workflow: workflow, actor: nil, connection: connection)
                    .perform(
                        .retry)
                return (effects.told, try touched(on: connection))
            }
            #expect(retried.0 == [b] && retried.1 == 1)
        }
    }

    @Test func `what a crash left between an end and its dependents is settled`() async throws {
        try await withStore { fixture in
            let a = try await fixture.submit("a")
            let b = try await fixture.submit("b", dependencies: ["a"])
            try await endAndDie(a, as: .completedNoChanges, fixture)
            #expect(try await fixture.store.claim(.plan, owner: UUID(), lease: lease) == nil)
            let messages = try await fixture.store.settleTold()
            #expect(messages.last?.workflowID == b && messages.last?.seq == nil)
            #expect(try await fixture.claim().key.workflowID == b)
            #expect(try await open(fixture) == 0)
            #expect(try await fixture.store.settleTold().isEmpty)
        }
    }

    @Test func `what is told of a workflow that is no more is forgotten`() async throws {
        try await withStore { fixture in
            try await fixture.run("insert into notices (workflow_id, kind) values (\(UUID()), 'dependency')")
            #expect(try await fixture.store.settleTold().isEmpty)
            #expect(try await open(fixture) == 0)
        }
    }

    @Test func `many dependents start in waves`() async throws {
        try await withStore { fixture in
            for task in 0..<500 { try await fixture.submit("t\(task)", dependencies: ["a"]) }
            let a = try await fixture.submit("a")
            try await endAndDie(a, as: .completedNoChanges, fixture)
            let waves: [Int] = [200, 200, 100, 0]
            for wave in waves {
                let messages = try await fixture.store.settleTold()
                #expect(Set(messages.map(\.workflowID)).count == wave)
            }
            let ready: Int? = try await fixture.value(
                "select count(*) as value from stage_runs where state = 'ready' and slot = 'step'")
            #expect(ready == 500)
        }
    }

    @Test func `an end returns when the first that waited for it have settled, however long the chain`() async throws {
        try await withStore { fixture in
            // The last first: then no submission follows the chain.
            for task in (1..<300).reversed() { try await fixture.submit("t\(task)", dependencies: ["t\(task - 1)"]) }
            let first = try await fixture.submit("t0")
            var messages = try await fixture.store.end(workflow: first, as: .stuck)
            #expect(Set(messages.map(\.workflowID)).count == 51)
            for left in [49, 0] {
                messages += try await fixture.store.settleTold()
                #expect(Set(messages.map(\.workflowID)).count == 300 - left)
            }
            #expect(Set(messages.map(\.id)).count == messages.count)
            let skipped: Int? = try await fixture.value("select count(*) as value from tasks where status = 'skipped'")
            #expect(skipped == 299)
            #expect(try await open(fixture) == 0)
        }
    }

    /// Whichever comes first: a task that is tried again goes on exactly if what it waits for has completed.
    @Test func `a retry and the end that it waits for do not block or miss each other`() async throws {
        try await withStore(connections: 6) { fixture in
            let store = fixture.store
            for round in 0..<40 {
                let end = round.isMultiple(of: 2) ? TerminalStatus.completedNoChanges : .stuck
                let names = try ["a\(round)", "b\(round)", "c\(round)"].map { try address($0) }
                let a = try await fixture.submit(names[0].task.text)
                let b = try await fixture.submit(names[1].task.text, dependencies: [names[0].task.text])
                try await fixture.submit(names[2].task.text, dependencies: [names[1].task.text])
                _ = try await store.end(workflow: a, as: .stuck)
                _ = try await store.control(names[0], .retry)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await store.end(workflow: a, as: end) }
                    for name in names[1...] { group.addTask { _ = try await store.control(name, .retry) } }
                    group.addTask { _ = try await store.settleTold() }
                    try await group.waitForAll()
                }
                #expect(try await fixture.status(b) == (end.isSuccess ? .queued : .ended(.skipped)))
                if end.isSuccess {
                    #expect(try await fixture.claim().key.workflowID == b)
                    _ = try await store.control(names[1], .cancel)
                    try await fixture.run("update stage_runs set lease_until = now() where state = 'leased'")
                    _ = try await store.returnExpiredLeases()
                }
                #expect(try await open(fixture) == 0)
            }
            let deadlocks: Int? = try await fixture.value(
                "select deadlocks as value from pg_stat_database where datname = current_database()")
            #expect(deadlocks == 0)
        }
    }
}
