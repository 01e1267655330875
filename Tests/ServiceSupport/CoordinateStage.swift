import Contracts
import ServiceKit
import TaskStore
import TestSupport
import Worker

/// A coordinating step of the tests: it has the children that stand in its task's metadata, and waits for all of them.
package struct CoordinateStage: StageHandler {
    package let kind = StepKind.coordinate
    private let hesitation: Duration

    /// - Parameter hesitation: How long it thinks about what it saw of the children, in which they go on and it may be
    ///   killed.
    package init(hesitation: Duration) { self.hesitation = hesitation }

    package func run(_ context: StageContext) async throws -> StageEnd {
        let planned = try context.request.task.metadata.plannedChildren
        let children = try await context.service.store.children(of: context.record.workflowID)
        try await Deadline.elapse(hesitation)
        guard children.count == planned.count else {
            return .spawned(try planned.map { try $0.task(of: context.request) })
        }
        guard children.allSatisfy(\.status.isTerminal) else { return .waiting(until: nil) }
        let failed = children.first { child in
            if case .ended(let status) = child.status { !status.isSuccess } else { true }
        }
        guard let failed else { return .finished(StepResult(.succeeded)) }
        return .finished(StepResult(.failed, issue: "\(failed.key) ended as \(failed.status.rawValue)"))
    }
}
