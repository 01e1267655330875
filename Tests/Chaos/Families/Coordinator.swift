import Contracts
import Foundation
import PlatformSupport
import ServiceSupport
import TaskStore

/// The service of this suite that works on coordinating steps, see `CoordinatorCommand`.
enum Coordinator {
    static let program = "chaos-coordinator"
    /// Whose rights it has.
    static let kind = ServiceKind.planner
}

/// A parent that was not accepted.
struct GoalRefused: Error {
    let outcome: SubmissionOutcome
}

extension Platform {
    /// Starts a replica that coordinates.
    func startCoordinator(_ name: String, environment: [String: String] = [:]) async throws -> RunningService {
        try await start(Coordinator.kind, program: Coordinator.program, name: name, environment: environment)
    }

    /// Records a parent, and publishes what that leaves as far as the bus is there. Again, if need be. Returns its workflow.
    func record(_ goal: TaskRequest) async throws -> UUID {
        let submission = Submission(request: goal, contentHash: goal.task.title, flow: .goal)
        switch try await TaskStore(pool: pool).submit(submission) {
        case .accepted(let id, let messages):
            // The rest is left to the relay.
            try? await bus.publish(messages)
            return id
        case .duplicate(let id): return id
        case let outcome: throw GoalRefused(outcome: outcome)
        }
    }
}
