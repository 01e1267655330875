import Contracts
import Database
import Foundation
import Foundations
import Messaging
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit
@testable import Worker

/// Settings of the catalogue go before the environment, and hold from the next claim on.
@Suite(.timeLimit(.minutes(1))) struct SettingsInForceTests {
    /// Waits until it may end.
    private struct Waiting: StageHandler {
        let kind = StepKind.plan
        let began = Recorder<String>()
        let mayEnd = Gate()

        func run(_ context: StageContext) async throws -> StageEnd {
            began.record(context.record.address.task.text)
            try await mayEnd.wait()
            return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
        }
    }

    /// Fails for a reason that may pass.
    private struct Failing: StageHandler {
        let kind = StepKind.plan

        func run(_ context: StageContext) async throws -> StageEnd {
            throw StageFailure(.repositoryUnavailable, "away", isRetriable: true)
        }
    }

    private func define(
        _ context: ServiceContext, of company: CompanyID = .all, _ change: (inout SettingsSpec) -> Void
    ) async throws {
        var settings = SettingsSpec()
        change(&settings)
        _ = try await context.store.define(CatalogueObject(settings, at: CataloguePlace(company: company)))
    }

    @Test func `a replica has as many places as the settings say, and follows a change at once`() async throws {
        let context = try await ServiceContext.fixture(concurrency: 1, ["LEASE_SECONDS": "3600"])
        try await define(context) { $0.workerConcurrency = [.planner: 2, .coder: 9] }
        for task in 1...4 { try await context.publish(context.submit("t\(task)")) }
        let handler = Waiting()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await StageWorker(context, handler).run() }
            defer { group.cancelAll() }
            #expect(try await handler.began.wait(for: 2).count == 2)
            try await define(context) { $0.workerConcurrency = [.planner: 3] }
            try await context.bus.send(
                BusMessage(subject: context.settings.subjects.signals, payload: Data(#"{"settings": true}"#.utf8)))
            #expect(try await handler.began.wait(for: 3).count == 3)
            handler.mayEnd.open()
            _ = try await handler.began.wait(for: 4)
        }
        try await context.pool.close()
    }

    @Test func `places that cannot be asked for stay, and what no settings say the environment does`() async throws {
        let context = try await ServiceContext.fixture(concurrency: 2)
        func count(_ places: Places) -> Int {
            var count = 0
            while places.slots.takeIfFree() { count += 1 }
            for _ in 0..<count { places.slots.giveBack() }
            return count
        }
        let places = Places(context)
        await places.refresh()
        #expect(count(places) == 2)
        try await define(context) { $0.workerConcurrency = [.planner: 5] }
        await places.refresh()
        #expect(count(places) == 5)
        try await context.pool.close()
        await places.refresh()
        #expect(count(places) == 5)
    }

    @Test func `a company's settings say how often its stages run again`() async throws {
        let context = try await ServiceContext.fixture(["MAX_RETRIES": "0"])
        try await define(context) { $0.maxRetries = 0 }
        try await define(context, of: CompanyID(validated: "acme")) { $0.maxRetries = 1 }
        _ = try await context.submit("first")
        for expected in [TaskStatus.queued, .ended(.repositoryUnavailable)] {
            let claimed = try await context.store.claim(.plan, owner: context.owner, lease: context.settings.lease)
            let run = try #require(claimed)
            await StageRunner(context, Failing(), run, Heartbeats(context)).execute()
            #expect(try await context.store.workflow(run.record.workflowID)?.status == expected)
            _ = try await context.pool.withConnection { connection in
                try connection.execute("update stage_runs set run_at = now() where state = 'ready'").affected
            }
        }
        try await context.pool.close()
    }
}
