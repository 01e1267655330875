import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import TaskStore
import TestSupport

extension Benchmark {
    /// The store as a service uses it, on a database that the services filled and that is then filled with copies.
    static let queue = Benchmark("queue", "runs claimed and finished, in a small database and in a full one") {
        try await Installation.with { installation in
            let remote = try await GitRemote(files: Play.files(1))
            try await installation.play(1, on: remote)
            for service in installation.platform.services.elements { try await service.process.stop() }
            let url = installation.platform.databaseURL
            let ended: UUID = try await id(of: "select workflow_id as id from tasks", installation.platform.pool)
            let (queue, count) = (Queue(url), Size.transitions.value)

            try await queue.fill(count, TaskDraft(Play.small, remote: remote))
            let commits = try await Pgbench(installation.postgres.url, clients: Queue.claimers)
            let small = try await queue.measure(count)

            try await TaskCopies.make(Size.ended.value, of: ended, in: url)
            try await queue.fill(max(count, Size.waiting.value), TaskDraft(Play.small, remote: remote))
            let full = try await queue.measure(count)
            try await queue.close()

            let smallRate = Yardstick(what: "in the small database", value: small.rate)
            let smallClaim = Yardstick(what: "in the small database", value: small.claims.p50)
            return [Figure("queue.transitions", small.rate, "1/s", beside: commits?.rate)]
                + small.claims.figures("queue.claim")
                + [
                    Figure("queue.full.transitions", full.rate, "1/s", beside: smallRate),
                    Figure("queue.full.claim.p50", full.claims.p50, "ms", beside: smallClaim),
                    Figure("queue.full.claim.p99", full.claims.p99, "ms"),
                ]
        }
    }

    private static func id(of query: SQL, _ pool: ConnectionPool) async throws -> UUID {
        try await pool.withConnection { connection in
            guard let row = try connection.execute(query).first else { throw Queue.Empty(what: "a task") }
            return try row.get("id")
        }
    }
}

/// The queue of a database, used by as many claimers as it has connections.
private struct Queue {
    static let claimers = 8

    /// There is not what was looked for.
    struct Empty: Error { let what: String }

    private let url: String
    private let pool: ConnectionPool
    private let store: TaskStore
    private let owner = UUID()

    init(_ url: String) {
        self.url = url
        pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: Self.claimers))
        store = TaskStore(pool: pool)
    }

    func close() async throws { try await pool.close() }

    /// Records a task that nobody plans, and `count` copies of it.
    func fill(_ count: Int, _ draft: TaskDraft) async throws {
        let submission = Submission(request: try TaskRequest(draft.json), contentHash: draft.id)
        let outcome = try await store.submit(submission)
        guard case .accepted(let id, _) = outcome else { throw Empty(what: "a place for it: \(outcome)") }
        try await TaskCopies.make(count, of: id, in: url)
    }

    /// A quarter of `count` by one claimer, which times claims, the rest by all at once.
    func measure(_ count: Int) async throws -> (rate: Double, claims: Samples) {
        let alone = max(1, count / 4)
        let claims = try await transitions(alone)
        let each = max(1, (count - alone) / Self.claimers)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.claimers { group.addTask { _ = try await transitions(each) } }
            try await group.waitForAll()
        }
        return (Double(each * Self.claimers) / (ContinuousClock.now - start).seconds, claims)
    }

    /// Claims runs and finishes each. Returns how long the claims took.
    private func transitions(_ count: Int) async throws -> Samples {
        var claims = Samples()
        for _ in 0..<count {
            let start = ContinuousClock.now
            guard let run = try await store.claim(.plan, owner: owner, lease: .seconds(600)) else {
                throw Empty(what: "a run")
            }
            claims.add(ContinuousClock.now - start)
            _ = try await store.finish(run.claim, with: StepResult(.succeeded))
        }
        return claims
    }
}
