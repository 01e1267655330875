import Database
import Flows
import Foundation
import Messaging
import ServiceKit
import ServiceSupport
import TaskStore
import TestSupport
import Testing

@testable import Contracts
@testable import Worker

/// A kind of step that the product does not know. All that it needs stands here: a row, an output, a handler, a flow.
@Suite(.timeLimit(.minutes(1))) struct NewKindTests {
    private static let kind = StepKind(validated: "echo")
    private static let again = Outcome(validated: "again")
    private static let row = StepKind.Row(
        kind: kind, consumer: "echoer", outcomes: [.succeeded, again], successors: [kind], events: [])

    private struct EchoOutput: StepOutput {
        static let kind = NewKindTests.kind
        var text: String
    }

    /// Says the title of the task, then what was said before it once more.
    private struct EchoHandler: StageHandler {
        let kind = NewKindTests.kind

        func run(_ context: StageContext) async throws -> StageEnd {
            let before = try context.record.outputs.get(EchoOutput.self)
            let output = EchoOutput(text: before.map { "\($0.text) \($0.text)" } ?? context.request.task.title)
            return .finished(StepResult(before == nil ? NewKindTests.again : .succeeded, output: output))
        }
    }

    private static let flow: Flow = {
        let (call, answer) = (Stage(validated: "call"), Stage(validated: "answer"))
        return Flow(
            name: "echo",
            steps: [
                Flow.Step(call, kind, next: [.succeeded: .step(answer), again: .step(answer)]),
                Flow.Step(
                    answer, kind,
                    next: [
                        .succeeded: .end(.completedNoChanges),
                        again: .round(call, most: 1, otherwise: .validationFailed),
                    ]),
            ])
    }()

    @Test func `its flow is as good as one that is built in, where there are such steps`() {
        #expect(Self.flow.faults(kinds: StepKind.rows + [Self.row]).isEmpty)
        #expect(Self.flow.faults().contains(.unknownKind(Self.kind)))
    }

    @Test func `a workflow of it runs to its end by the worker and the record that there are`() async throws {
        let context = try await ServiceContext.fixture(kinds: StepKind.rows + [Self.row])
        let messages = try await context.submit("hello", by: Self.flow)
        let workflow = try #require(messages.first?.workflowID)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await context.publisher.run() }
            group.addTask { try await StageWorker(context, EchoHandler()).run() }
            context.publisher.publish(messages)
            // workflow_started, a permit for each step, workflow_completed
            try await eventually("all is told") {
                try await context.bus.streamState(StreamNames.events)?.messages == 4
            }
            group.cancelAll()
        }
        let record = try #require(try await context.store.workflow(workflow))
        #expect(record.status == .ended(.completedNoChanges))
        #expect(record.stage == Stage(validated: "answer"))
        #expect(try record.outputs.get(EchoOutput.self) == EchoOutput(text: "hello hello"))
        try await context.pool.close()
    }

    @Test func `without its row no worker takes it`() async throws {
        let context = try await ServiceContext.fixture()
        await #expect(throws: UnknownKind.self) { try await StageWorker(context, EchoHandler()).run() }
        try await context.pool.close()
    }
}
