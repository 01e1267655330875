import Contracts
import Database
import Foundation
import Foundations
import Logging
import ServiceLifecycle
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit
@testable import Worker

/// A handler that does not end, whatever it is told: as one whose call into a C library never returns.
@Suite(.timeLimit(.minutes(1))) struct StuckHandlerTests {
    private struct Stubborn: StageHandler {
        let kind = StepKind.plan
        let began = Recorder<StageContext>()
        let mayEnd = Gate()

        func run(_ context: StageContext) async throws -> StageEnd {
            let name = context.record.address.task.text
            began.record(context)
            if name.hasPrefix("stuck") {
                // Nobody's cancellation reaches it there.
                let gate = mayEnd
                try await Task.detached { try await gate.wait(within: nil) }.value
            }
            return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
        }
    }

    private func claim(_ context: ServiceContext) async throws -> StageRun {
        try #require(
            try await context.store.claim(.plan, owner: context.owner, lease: context.settings.lease))
    }

    @Test func `that finishes no step loses its run, and can record nothing more`() async throws {
        let context = try await ServiceContext.fixture(["STEP_TIMEOUT": "1"])
        _ = try await context.submit("stuck")
        let run = try await claim(context)
        let handler = Stubborn()
        let runner = StageRunner(
            context, handler, run, Heartbeats(context), commandSlack: .seconds(-599), grace: .milliseconds(50))
        await runner.execute()
        #expect(!handler.mayEnd.isOpen)
        let record = try #require(try await context.store.workflow(run.record.workflowID))
        #expect(record.status == .queued)
        let its = try #require(handler.began.elements.first)
        #expect(!its.isHeld)
        await #expect(throws: StoreError.leaseLost) { try await its.emit([]) }
        handler.mayEnd.open()
        try await context.pool.close()
    }

    @Test func `gives its lease back when the process is asked to end`() async throws {
        let context = try await ServiceContext.fixture()
        _ = try await context.submit("stuck")
        let run = try await claim(context)
        let handler = Stubborn()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await StageRunner(context, handler, run, Heartbeats(context), grace: .milliseconds(50)).execute()
            }
            _ = try? await handler.began.wait(for: 1)
            group.cancelAll()
        }
        #expect(!handler.mayEnd.isOpen)
        let again = try await claim(context)
        #expect(again.attempt == 1)
        handler.mayEnd.open()
        try await context.pool.close()
    }

    @Test func `leaves its place to others, and ends the process in the end`() async throws {
        let context = try await ServiceContext.fixture(concurrency: 1, ["LEASE_SECONDS": "1"])
        let handler = Stubborn()
        let stragglers = Stragglers(most: 1, patience: .milliseconds(300))
        let worker = StageWorker(context, handler, stragglers, grace: .milliseconds(50))
        let first = try await context.submit("stuck")
        try await context.publish(first)
        let error = try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do { try await worker.run() } catch { return error }
                return nil
            }
            let stuck = try #require(try await handler.began.wait(for: 1).first)
            _ = try await context.store.control(stuck.record.address, .cancel)
            try await context.publish(context.submit("next"))
            // One place, and the first handler is still in its call.
            let names = try await handler.began.wait(for: 2).map(\.record.address.task.text)
            #expect(names == ["stuck", "next"])
            return try await group.next() ?? nil
        }
        #expect(error as? StagesStuck == StagesStuck(count: 1))
        handler.mayEnd.open()
        try await context.pool.close()
    }

    @Test func `that ends after all costs the process nothing`() async {
        let stragglers = Stragglers(most: 1, patience: .seconds(3600))
        let (slow, stuck) = (HandlerWork(), HandlerWork())
        let mayEnd = Gate()
        for work in [slow, stuck] {
            work.begin {
                try await Task.detached { try await mayEnd.wait(within: nil) }.value
                return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
            }
            #expect(await work.stop(within: .milliseconds(1)) == false)
        }
        stragglers.add(slow)
        stragglers.add(stuck)
        await #expect(throws: StagesStuck(count: 2)) { try await stragglers.watch() }
        mayEnd.open()
        #expect(await slow.stop(within: .seconds(30)))
        #expect(await stuck.stop(within: .seconds(30)))
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stragglers.watch() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
    }

    @Test func `a part that never ends is ended with its process`() async throws {
        await #expect(processExitsWith: .exitCode(LastResort.exitCode)) {
            struct Frozen: Service {
                func run() async throws {
                    let never = Promise<Void>()
                    try await Task.detached { try await never.value() }.value
                }
            }
            let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            let group = ServiceProcess.group([Frozen(), LastResort(limit: .milliseconds(50))], logger)
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try? await group.run() }
                await group.triggerGracefulShutdown()
            }
        }
    }
}
