import Contracts
import Database
import Foundation
import Foundations
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit
@testable import Worker

@Suite(.timeLimit(.minutes(1))) struct StageRunnerTests {
    /// Goes on until it is cancelled.
    private struct Endless: StageHandler {
        let kind = StepKind.plan
        let began = Gate()
        let wasStopped = Gate()

        func run(_ context: StageContext) async throws -> StageEnd {
            began.open()
            let never = Promise<Void>()
            defer { wasStopped.open() }
            try await never.value()
            return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
        }
    }

    /// Opens the credentials of its task, and fails with one of them in its words.
    private struct Talkative: StageHandler {
        let kind = StepKind.plan

        func run(_ context: StageContext) async throws -> StageEnd {
            context.service.redactor.add([Secret("secret-of-the-task")], of: context.record.address.owner)
            throw StageFailure(.repositoryUnavailable, "git said: secret-of-the-task is wrong", isRetriable: true)
        }
    }

    @Test func `the secrets of a task are known until the end of its run is recorded, and no longer`() async throws {
        let context = try await ServiceContext.fixture([:])
        _ = try await context.submit("first")
        let run = try #require(try await claim(context))
        await StageRunner(context, Talkative(), run, Heartbeats(context)).execute()
        let errors = try await context.store.activities(run.record.address).filter { $0.type == .error }
        #expect(errors.first?.message.contains("git said: <redacted> is wrong") == true)
        #expect(context.redactor.redact("secret-of-the-task") == "secret-of-the-task")
        try await context.pool.close()
    }

    private struct TooOften: StageError {
        let wait: Duration?

        var stageFailure: StageFailure {
            var failure = StageFailure(.modelUnavailable, "status 429", isRetriable: true)
            failure.retryAfter = wait
            failure.isBusy = true
            return failure
        }
    }

    /// Its model is asked too often.
    private struct Limited: StageHandler {
        let kind = StepKind.plan
        var wait: Duration?

        func run(_ context: StageContext) async throws -> StageEnd {
            throw TooOften(wait: wait)
        }
    }

    @Test func `a rate limit gives the run back for as long as it takes, and counts no try`() async throws {
        let context = try await ServiceContext.fixture(["MAX_RETRIES": "0"])
        _ = try await context.submit("first")
        let waits: [(Duration?, ClosedRange<Double>)] = [(nil, 44...76), (.seconds(300), 298...302)]
        for (wait, range) in waits {
            let run = try #require(try await claim(context))
            #expect(run.attempt == 1)
            await StageRunner(context, Limited(wait: wait), run, Heartbeats(context)).execute()
            let record = try #require(try await context.store.workflow(run.record.workflowID))
            #expect(record.status == .queued)
            #expect(try await claim(context) == nil)
            let seconds: Double = try await context.pool.withConnection { connection in
                let rows = try connection.execute(
                    "select extract(epoch from run_at - now())::float8 as s from stage_runs")
                let value: Double = try #require(try rows.first?.get("s"))
                _ = try connection.execute("update stage_runs set run_at = now()")
                return value
            }
            #expect(range.contains(seconds))
        }
        try await context.pool.close()
    }

    private func claim(_ context: ServiceContext) async throws -> StageRun? {
        try await context.store.claim(.plan, owner: context.owner, lease: context.settings.lease)
    }

    @Test func `a stage that finishes no step is stopped and tried again`() async throws {
        let context = try await ServiceContext.fixture(["STEP_TIMEOUT": "1"])
        _ = try await context.submit("first")
        let run = try #require(try await claim(context))
        let handler = Endless()
        // The commands of a task have a minute more than they are given.
        await StageRunner(context, handler, run, Heartbeats(context), commandSlack: .seconds(-599)).execute()
        #expect(handler.wasStopped.isOpen)
        let record = try #require(try await context.store.workflow(run.record.workflowID))
        #expect(record.status == .queued)
        let errors = try await context.store.activities(run.record.address).filter { $0.type == .error }
        #expect(errors.first?.message.contains("no step was finished in 1") == true)
        try await context.pool.close()
    }

    @Test func `a stage whose lease cannot be extended in time is stopped, and writes nothing`() async throws {
        let context = try await ServiceContext.fixture(["LEASE_SECONDS": "2"])
        _ = try await context.submit("first")
        let run = try #require(try await claim(context))
        let handler = Endless()
        let before = try await context.store.workflow(run.record.workflowID)
        try await beating(context) { heartbeats in
            async let end: Void = StageRunner(context, handler, run, heartbeats).execute()
            try await handler.began.wait()
            // A transaction that holds the run's row: no heartbeat gets through.
            try await context.pool.transaction { connection in
                _ = try connection.execute("select from stage_runs for update")
                while !handler.wasStopped.isOpen { _ = try connection.execute("select pg_sleep(0.05)") }
            }
            await end
        }
        let after = try await context.store.workflow(run.record.workflowID)
        #expect(after?.status == before?.status && after?.lastSeq == before?.lastSeq)
        try await context.pool.close()
    }

    /// Lends heartbeats that beat.
    private func beating(
        _ context: ServiceContext, _ body: @escaping @Sendable (Heartbeats) async throws -> Void
    ) async throws {
        let heartbeats = Heartbeats(context)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await heartbeats.run() }
            defer { group.cancelAll() }
            try await body(heartbeats)
        }
    }

    @Test func `stages go on beyond their leases, which are extended together`() async throws {
        let context = try await ServiceContext.fixture(["LEASE_SECONDS": "1"])
        let handlers = [Endless(), Endless(), Endless()]
        try await beating(context) { heartbeats in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, handler) in handlers.enumerated() {
                    _ = try await context.submit("t\(number)")
                    let run = try #require(try await claim(context))
                    group.addTask { await StageRunner(context, handler, run, heartbeats).execute() }
                }
                try await eventually("all are extended by one statement, beyond the first lease") {
                    try await context.pool.withConnection { connection in
                        let rows = try connection.execute(
                            """
                            select count(distinct xmin::text) = 1 and min(lease_until - claimed_at) > interval '2 s'
                                as is_so from stage_runs
                            """)
                        return try rows.first?.get("is_so") ?? false
                    }
                }
                #expect(!handlers.contains { $0.wasStopped.isOpen })
                group.cancelAll()
            }
        }
        try await context.pool.close()
    }

    @Test func `a stage whose process stood still since its claim has lost its lease`() async throws {
        let context = try await ServiceContext.fixture(["LEASE_SECONDS": "30"])
        _ = try await context.submit("first")
        let run = try #require(try await claim(context))
        let handler = Endless()
        let before = try await context.store.workflow(run.record.workflowID)
        await StageRunner(context, handler, run, Heartbeats(context), claimed: .now - .seconds(31)).execute()
        let after = try await context.store.workflow(run.record.workflowID)
        #expect(after?.status == before?.status && after?.lastSeq == before?.lastSeq)
        try await context.pool.close()
    }
}
