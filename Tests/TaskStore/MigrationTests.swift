import Contracts
import Database
import Flows
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct MigrationTests {
    @Test func `an empty database gets every migration once`() async throws {
        try await withEmptyDatabase { pool async throws in
            #expect(try await TaskStore.migrate(pool).map(\.version) == Migration.all.map(\.version))
            #expect(try await TaskStore.migrate(pool).isEmpty)
        }
    }

    @Test func `of many processes that migrate at once one does it`() async throws {
        try await withEmptyDatabase { pool in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await TaskStore.migrate(pool).count } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(applied.sorted() == [0, 0, 0, 0, 0, Migration.all.count])
        }
    }

    @Test func `a migration that came later than one with a higher number is applied too`() async throws {
        try await withEmptyDatabase { pool async throws in
            let late = Migration.duties
            let without = Migration.all.filter { $0.version != late.version }
            #expect(try await TaskStore.migrate(pool, with: without).count == without.count)
            #expect(try await TaskStore.migrate(pool).map(\.version) == [late.version])
            #expect(try await TaskStore.migrate(pool).isEmpty)
        }
    }

    @Test func `limits of companies are carried over`() async throws {
        try await withEmptyDatabase { pool in
            let before = Migration.all.filter { $0.version < Migration.catalogue.version }
            try await TaskStore.migrate(pool, with: before)
            try await pool.withConnection { connection in
                _ = try connection.execute("insert into company_limits values ('*', 2), ('acme', 3)")
            }
            try await TaskStore.migrate(pool)
            let store = TaskStore(pool: pool)
            #expect(
                try await store.companyLimits() == [
                    CompanyLimit(company: CompanyLimit.everyOther, maxRunning: 2),
                    CompanyLimit(company: "acme", maxRunning: 3),
                ])
            let limits = try await store.describe(LimitsSpec.kind, at: CataloguePlace(company: .all))
            #expect(limits?.version == 1 && limits?.spec == ["max_running": 2])
        }
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        try await withEmptyDatabase { pool async throws in
            let broken = Migration(version: 2, name: "broken", script: "create table half (); select 1 / 0")
            await #expect(throws: DatabaseError.self) {
                _ = try await TaskStore.migrate(pool, with: [Migration.tasks, broken])
            }
            #expect(try await TaskStore.migrate(pool, with: [Migration.tasks]).map(\.name) == ["tasks"])
        }
    }

    @Test func `a schema of a newer program is refused with a clear text`() async throws {
        try await withEmptyDatabase { pool in
            try await TaskStore.migrate(pool)
            try await pool.withConnection { connection in
                _ = try connection.execute("insert into schema_migrations (version, name) values (999, 'future')")
            }
            let error = try await storeError { try await TaskStore.migrate(pool) }
            #expect(error == .schemaTooNew(database: 999, program: Migration.all.last?.version ?? 0))
            #expect("\(error, default: "")".contains("use a newer program"))
        }
    }

    @Test func `versions count up from one`() {
        let versions = Migration.all.map(\.version)
        #expect(versions == Set(versions).sorted() && versions.first == 1)
        #expect(Set(Migration.all.map(\.name)).count == Migration.all.count)
    }

    /// What the version before had recorded: tasks queued, running, waiting for approval, and ended.
    private static func recorded(_ request: TaskRequest, _ number: Int) throws -> [SQL] {
        let id = UUID.v7()
        let task = request.task.address.task
        let (status, stage): (String, String) =
            switch number % 4 {
            case 0: ("queued", "plan")
            case 1: ("running", "implementation")
            case 2: ("awaiting_approval", "push")
            default: ("stuck", "validation")
            }
        let isEnded = status == "stuck"
        let isLeased = status == "running"
        let evidence = evidence(id).signed
        let result: JSONValue? = isEnded ? ["status": "stuck"] : nil
        return [
            """
            insert into tasks (workflow_id, company_id, project_id, task_id, trace_id, request, content_hash, priority,
                status, stage, plan, validation, evidence, evidence_signature, summary, timeout_seconds, started_at,
                deadline_at, finished_at, result, awaits_approval)
            values (\(id), 'acme', 'web', \(task), \(id.text.replacing("-", with: "")), \(request.json), 'h', 5,
                \(status), \(stage), \(try JSONValue(encoding: ImplementationPlan(goal: "g", steps: ["a"]))),
                \(try JSONValue(encoding: ValidationResult(success: true, testsPassed: 3))),
                \(try JSONValue(encoding: evidence.evidence)), \(evidence.signature), 'done', 86400, now(),
                now() + interval '1 day', case when \(isEnded) then now() end, \(nullable: result),
                \(status == "awaiting_approval"))
            """,
            """
            insert into stage_runs (workflow_id, stage, round, generation, state, company_id, rank, owner, epoch,
                lease_until, finished_at)
            select \(id), stage, 0, 0, case when stage <> \(stage) or \(isEnded) then 'done'
                    when \(isLeased) then 'leased' when \(status) = 'queued' then 'ready' else 'held' end,
                'acme', now(), case when stage = \(stage) and \(isLeased) then \(id) end, 1,
                case when stage = \(stage) and \(isLeased) then now() end,
                case when stage <> \(stage) or \(isEnded) then now() end
            from unnest(array['plan', 'implementation', 'validation', 'push']) with ordinality as stages (stage, place)
            where place <= array_position(array['plan', 'implementation', 'validation', 'push'], \(stage)::text)
            """,
        ]
    }

    /// The steps that are left of each task are taken; the flow is as the program of today makes it.
    @Test func `what the version before recorded is finished`() async throws {
        try await withEmptyDatabase { pool in
            try await TaskStore.migrate(pool, with: Migration.all.filter { $0.version < Migration.flows.version })
            var requests: [TaskRequest] = []
            for (number, approval) in DeliverySettings.Approval.allCases.flatMap({ Array(repeating: $0, count: 4) })
                .enumerated()
            {
                var request = request(try address("t\(number)"))
                request.delivery.approval = approval
                request.validation.maxRepairRounds = number
                requests.append(request)
                for statement in try Self.recorded(request, number) {
                    try await pool.withConnection { _ = try $0.execute(statement) }
                }
            }
            try await TaskStore.migrate(pool)
            let fixture = Fixture(store: TaskStore(pool: pool), pool: pool)
            for request in requests {
                let flow: JSONValue? = try await fixture.value(
                    "select flow as value from tasks where task_id = \(request.task.address.task)")
                #expect(try flow?.decode(Flow.self) == .task(for: request))
                _ = try await fixture.store.control(request.task.address, .retry)
                _ = try await fixture.store.control(request.task.address, .approve)
            }
            try await fixture.finishAll()
            let ends: [String] = try await fixture.values("select distinct status as value from tasks")
            #expect(ends == ["completed"])
            let record = try await fixture.store.workflow(try address("t2"))
            #expect(try record?.outputs.get(ImplementationOutput.self)?.summary == "done")
            #expect(
                record?.result?.implementationPlan?.goal == "g" && record?.result?.validationResult?.testsPassed == 3)
        }
    }
}
