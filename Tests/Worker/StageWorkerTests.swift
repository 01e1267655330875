import Contracts
import Database
import Foundation
import Foundations
import Logging
import Messaging
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import ServiceKit
@testable import Worker

@Suite(.timeLimit(.minutes(1))) struct StageWorkerTests {
    /// Ends every run at once and tells which it was.
    private struct Handler: StageHandler {
        let kind = StepKind.plan
        let ran = Recorder<String>()

        func run(_ context: StageContext) async throws -> StageEnd {
            ran.record(context.record.address.task.text)
            return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
        }
    }

    /// Lets a worker work until it ran so many runs, and returns their tasks.
    private func ran(_ count: Int, by handler: Handler, _ context: ServiceContext) async throws -> [String] {
        let ran = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await StageWorker(context, handler).run() }
            defer { group.cancelAll() }
            return try await handler.ran.wait(for: count)
        }
        try await context.pool.close()
        return ran
    }

    @Test(arguments: [1, 4])
    func `a run without a permit of its own does not use up that of another`(_ concurrency: Int) async throws {
        let context = try await ServiceContext.fixture(concurrency: concurrency)
        let handler = Handler()
        // Their permits are lost, as a retry that becomes due has none.
        for task in ["first", "second"] { _ = try await context.submit(task) }
        try await context.publish(context.submit("third"))
        let ran = try await ran(3, by: handler, context)
        #expect(Set(ran) == ["first", "second", "third"])
    }

    @Test func `a permit that comes twice leads to one run`() async throws {
        let context = try await ServiceContext.fixture(concurrency: 2)
        let handler = Handler()
        let messages = try await context.submit("first")
        try await context.publish(messages)
        for message in messages {
            _ = try await context.bus.publish(
                BusMessage(subject: message.subject, headers: message.headers, payload: message.payload), messageID: nil
            )
        }
        try await context.publish(context.submit("second"))
        let ran = try await ran(2, by: handler, context)
        #expect(ran.sorted() == ["first", "second"])
    }

    @Test func `a worker that is paused leaves permits to others, and claims nothing until it goes on`() async throws {
        let context = try await ServiceContext.fixture()
        let (paused, other) = (context.sibling(), context.sibling())
        let (idle, busy) = (Handler(), Handler())
        paused.admission.set(isOpen: false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await StageWorker(paused, idle).run() }
            try await context.publish(context.submit("first"))
            group.addTask { try await StageWorker(other, busy).run() }
            #expect(try await busy.ran.wait(for: 1) == ["first"])
            #expect(idle.ran.count == 0)
            // A permit that comes to who is paused meanwhile is passed on.
            other.admission.set(isOpen: false)
            paused.admission.set(isOpen: true)
            try await context.publish(context.submit("second"))
            #expect(try await idle.ran.wait(for: 1) == ["second"])
            #expect(busy.ran.count == 1)
            group.cancelAll()
        }
        try await context.pool.close()
    }

    /// Goes on until it is told to stop.
    private struct Endless: StageHandler {
        let kind = StepKind.plan
        let began = Recorder<StageContext>()
        let wasStopped = Gate()

        func run(_ context: StageContext) async throws -> StageEnd {
            began.record(context)
            defer { wasStopped.open() }
            try await Promise<Void>().value()
            return .failed(StageFailure(.stuck, "stuck"), WorkflowChanges())
        }
    }

    @Test func `what people ask for reaches a run long before its next heartbeat`() async throws {
        let context = try await ServiceContext.fixture(["LEASE_SECONDS": "3600"])
        let handler = Endless()
        try await context.publish(context.submit("first"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await StageWorker(context, handler).run() }
            let run = try #require(try await handler.began.wait(for: 1).first)
            _ = try await context.store.control(run.record.address, .cancel)
            let signal = BusMessage(
                subject: context.settings.subjects.signals,
                payload: try JSONValue.object(["workflow_id": .string(run.record.workflowID.text)]).data())
            try await eventually("the run is stopped") {
                try await context.bus.send(signal)
                return handler.wasStopped.isOpen
            }
            try await eventually("its end is recorded") {
                try await context.store.workflow(run.record.workflowID)?.status == .ended(.cancelled)
            }
            group.cancelAll()
        }
        try await context.pool.close()
    }
}
