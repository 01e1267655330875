import Contracts
import Database
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

/// A store on a fresh, migrated database of the shared cluster.
struct Fixture: Sendable {
    let store: TaskStore
    let pool: ConnectionPool
    /// The owner that claims unless a test names another.
    let owner = UUID()

    /// Executes one statement and returns the number of rows it touched.
    @discardableResult
    func run(_ sql: SQL) async throws -> Int { try await pool.withConnection { try $0.execute(sql).affected } }

    /// Executes one statement and returns the column `value` of its first row.
    func value<Value: SQLDecodable & Sendable>(_ sql: SQL, as type: Value.Type = Value.self) async throws -> Value? {
        try await pool.withConnection { try $0.execute(sql).first?.get("value", as: Value.self) }
    }

    /// Executes one statement and returns the columns `value` of its rows.
    func values<Value: SQLDecodable & Sendable>(_ sql: SQL, as type: Value.Type = Value.self) async throws -> [Value] {
        try await pool.withConnection { try $0.execute(sql).map { try $0.get("value", as: Value.self) } }
    }
}

/// Copies of one migrated database, which cost less than migrating each.
private actor Template {
    static let instance = Template()
    private var url: Task<String, any Error>?

    func copy() async throws -> String {
        let cluster = try await PostgresServer.shared()
        let task =
            url
            ?? Task {
                let url = try await cluster.createDatabase()
                let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 1))
                try await TaskStore.migrate(pool)
                try await pool.close()
                return url
            }
        url = task
        return try await cluster.createDatabase(copying: try await task.value)
    }
}

/// Lends a store on a database of its own.
func withStore<Value: Sendable>(
    connections: Int = 4, webhookByDefault: Bool = true, _ body: (Fixture) async throws -> Value
) async throws -> Value {
    let pool = ConnectionPool(
        DatabaseConfiguration(url: Secret(try await Template.instance.copy()), size: connections))
    let store = TaskStore(pool: pool, webhookByDefault: webhookByDefault)
    let result: Result<Value, any Error>
    do { result = .success(try await body(Fixture(store: store, pool: pool))) } catch { result = .failure(error) }
    try await pool.close()
    return try result.get()
}

let lease = Duration.seconds(600)
let commits = (0..<10).map { String(repeating: String($0), count: 40) }

func address(_ task: String, company: String = "acme", project: String = "web") throws -> TaskAddress {
    TaskAddress(
        company: try #require(CompanyID(company)), project: try #require(ProjectID(project)),
        task: try #require(TaskID(task)))
}

func request(_ address: TaskAddress, priority: Int = 5, dependencies: [String] = []) -> TaskRequest {
    TaskRequest(
        task: TaskSettings(
            address: address, title: "Mend it", priority: priority, dependencies: dependencies.compactMap { TaskID($0) }
        ),
        repository: RepositorySettings(remoteURL: "https://example.org/repository.git"),
        agent: AgentSettings(maxCostUSD: 2))
}

extension Fixture {
    /// Submits a task and returns its workflow's id.
    @discardableResult
    func submit(
        _ task: String, company: String = "acme", priority: Int = 5, dependencies: [String] = [],
        change: (inout TaskRequest) -> Void = { _ in }
    ) async throws -> UUID {
        var request = request(try address(task, company: company), priority: priority, dependencies: dependencies)
        change(&request)
        let outcome = try await store.submit(Submission(request: request, contentHash: "hash of \(task)"))
        guard case .accepted(let id, _) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        return id
    }

    struct Unexpected: Error { let outcome: String }

    /// Claims the most urgent run of a kind.
    func claim(_ kind: StepKind = .plan, owner: UUID? = nil, lease: Duration = lease) async throws -> StageRun {
        try #require(try await store.claim(kind, owner: owner ?? self.owner, lease: lease))
    }

    /// Submits a task and brings it to the step `stage`, which is claimed.
    func reach(
        _ stage: Stage, _ task: String = "t1", change: (inout TaskRequest) -> Void = { _ in }
    ) async throws -> StageRun {
        try await submit(task, change: change)
        var run = try await claim(.plan)
        for kind in [StepKind.implementation, .validation, .push] where run.key.stage != stage {
            _ = try await store.finish(
                run.claim, output: kind == .push ? evidence(run.key.workflowID) : nil)
            run = try await claim(kind)
        }
        return run
    }

    func record(_ id: UUID) async throws -> WorkflowRecord { try #require(try await store.workflow(id)) }

    func status(_ id: UUID) async throws -> TaskStatus { try await record(id).status }

    /// The types of a workflow's events, after checking that their `seq` has no gap.
    func events(_ id: UUID) async throws -> [String] {
        let seqs: [Int] = try await values(
            "select seq as value from outbox where workflow_id = \(id) and seq is not null order by id")
        #expect(seqs == Array(1...max(1, seqs.count)))
        return try await values(
            """
            select payload::jsonb ->> 'notification_type' as value from outbox
            where workflow_id = \(id) and seq is not null order by id
            """)
    }
}

extension TaskStore {
    /// Finishes a step with what came of it.
    @discardableResult
    func finish(
        _ claim: Claim, _ outcome: Outcome = .succeeded, output: (any StepOutput)? = nil,
        changes: WorkflowChanges = .init(), events: [EventDraft] = []
    ) async throws -> [OutboxMessage] {
        try await finish(
            claim,
            with: StepResult(outcome, issue: "red", summary: "s", output: output, changes: changes, events: events))
    }
}

extension TaskStore {
    /// Extends one lease. Throws ``StoreError/leaseLost`` if it is lost.
    @discardableResult
    func heartbeat(_ claim: Claim, lease: Duration) async throws -> HeartbeatReply {
        let replies = try await heartbeat([claim.lease], lease: lease)
        guard let reply = replies[claim.lease] else { throw StoreError.leaseLost }
        return reply
    }
}

/// What a validator records.
func evidence(
    _ workflowID: UUID, of result: ValidationResult = ValidationResult(success: true, testsPassed: 3)
) -> ValidationOutput {
    let evidence = Evidence(
        workflowID: workflowID.text, baseCommit: commits[0], tree: commits[2], success: true, requested: ["make test"],
        commands: ["make test"], exitCodes: [0])
    return ValidationOutput(result: result, signed: SignedEvidence(evidence: evidence, signature: "c2lnbmF0dXJl"))
}

/// The error of the store that `body` throws, `nil` if it throws none.
func storeError(_ body: () async throws -> Void) async throws -> StoreError? {
    do {
        try await body()
        return nil
    } catch let error as StoreError {
        return error
    }
}
