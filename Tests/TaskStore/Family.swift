import Contracts
import Database
import Flows
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// A parent of the test suite: a step that has children do the work, and goes on once all have ended.
struct Family {
    let fixture: Fixture
    let parent: UUID
    let address: TaskAddress
    /// The children: layers, each of which waits for some of the one before.
    let plan: [ChildTask]

    private var store: TaskStore { fixture.store }

    static let coordinating = Flow(
        name: "coordinating",
        steps: [
            Flow.Step(
                Stage(validated: "children"), .coordinate,
                next: [.succeeded: .end(.completedNoChanges), .failed: .end(.validationFailed)])
        ])

    /// One step, which leaves nothing.
    static let single = Flow(
        name: "single",
        steps: [Flow.Step(.implementation, .implementation, next: [.succeeded: .end(.completedNoChanges)])])

    init(_ fixture: Fixture, _ name: String = "goal", company: String = "acme", layers: [Int]) async throws {
        self.fixture = fixture
        address = try TaskStoreTests.address(name, company: company)
        var request = request(address)
        request.task.description = "the whole"
        request.validation.commands = ["make test"]
        let submission = Submission(request: request, contentHash: name, flow: Self.coordinating)
        guard case .accepted(let id, _) = try await fixture.store.submit(submission) else {
            throw Fixture.Unexpected(outcome: "not accepted")
        }
        parent = id
        plan = try Self.plan(of: request, layers)
    }

    private static func plan(of request: TaskRequest, _ layers: [Int]) throws -> [ChildTask] {
        func id(_ layer: Int, _ place: Int) -> String { "\(request.task.address.task)--l\(layer)-\(place)" }
        return try layers.enumerated().flatMap { layer, count in
            try (0..<count).map { place in
                let before = layer == 0 ? [] : [place % layers[layer - 1], (place + 1) % layers[layer - 1]]
                return ChildTask(
                    try #require(TaskID("l\(layer)-\(place)")), id: try #require(TaskID(id(layer, place))), of: request,
                    dependsOn: try Set(before).sorted().map { try #require(TaskID(id(layer - 1, $0))) },
                    flow: { _ in single }
                ) { $0.task.title = "part \(place)" }
            }
        }
    }

    /// What a handler of the coordinating step does: it looks at the children, and says what follows.
    func coordinate(_ run: StageRun) async throws {
        let children = try await store.children(of: parent)
        if children.count < plan.count {
            _ = try await store.spawn(run.claim, plan)
        } else if children.contains(where: { !$0.status.isTerminal }) {
            _ = try await store.wait(run.claim)
        } else {
            let isGood = children.allSatisfy { $0.status == .ended(.completedNoChanges) }
            try await store.finish(run.claim, isGood ? .succeeded : .failed)
        }
    }

    func claim(_ kind: StepKind) async throws -> StageRun? {
        try await store.claim(kind, owner: UUID(), lease: lease)
    }

    /// Whoever has a run is killed.
    func expire() async throws {
        try await fixture.run("update stage_runs set lease_until = now() where state = 'leased'")
    }

    func status() async throws -> TaskStatus { try await fixture.status(parent) }

    /// What the parent told of its children, by type: the keys in their order.
    func told() async throws -> (started: [String], ended: [String]) {
        _ = try await fixture.events(parent)
        func keys(_ type: String) async throws -> [String] {
            try await fixture.values(
                """
                select payload::jsonb #>> '{details,key}' as value from outbox where workflow_id = \(parent)
                    and seq is not null and payload::jsonb ->> 'notification_type' = \(type) order by id
                """)
        }
        return (try await keys("subtask_started"), try await keys("subtask_ended"))
    }

    /// Plays to the end: coordinates, works, fails and kills at random; `lossy` loses what follows a commit.
    func play(using generator: inout some RandomNumberGenerator, failing: Set<String> = [], lossy: Bool) async throws {
        for _ in 0..<5_000 {
            guard try await !status().isTerminal else { return }
            let kind = Bool.random(using: &generator) ? StepKind.coordinate : .implementation
            guard let run = try await claim(kind) else {
                _ = try await store.settleTold()
                continue
            }
            if lossy, Int.random(in: 0..<6, using: &generator) == 0 {
                try await expire()
                if Bool.random(using: &generator) { _ = try await store.returnExpiredLeases() }
                continue
            }
            if kind == .coordinate {
                try await coordinate(run)
            } else if failing.contains(run.record.address.task.text) {
                _ = try await store.end(run.claim, as: .stuck)
            } else if lossy, Bool.random(using: &generator) {
                try await endAndDie(run)
            } else {
                try await store.finish(run.claim)
            }
        }
        Issue.record("the parent waits for ever")
    }

    /// A child ends, and the process dies right after the commit.
    private func endAndDie(_ run: StageRun) async throws {
        let store = store
        _ = try await fixture.pool.transaction { connection in
            let workflow = try LockedWorkflow(of: run.claim, on: connection)
            return try store.end(workflow, as: .completedNoChanges, epoch: run.claim.epoch, on: connection)
        }
    }
}
