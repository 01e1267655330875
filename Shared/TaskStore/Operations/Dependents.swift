import Contracts
import Database
import Flows

extension TaskStore {
    /// Lets a locked workflow start if all that it waits for has completed, or ends it as `skipped` if some of it cannot
    /// any more. Its time limit counts from the start.
    func lookAtDependencies(of workflow: LockedWorkflow, on connection: Connection) throws -> Effects {
        guard try workflow.isHeld() else { return Effects() }
        switch try Dependencies(of: workflow, on: connection).state() {
        case .open:
            return Effects()
        case .failed(let reason):
            return try end(workflow, as: .skipped, error: reason, on: connection)
        case .satisfied:
            guard workflow.progress.status == .queued else { return Effects() }
            var write = WorkflowWrite(workflow, subjects: subjects)
            write.countFromNow()
            try write.reopen(as: .ready)
            return Effects(messages: try write.execute(on: connection))
        }
    }
}

extension LockedWorkflow {
    /// Whether it waits for other tasks, paused or not.
    fileprivate func isHeld() throws -> Bool {
        guard run == .held, progress.status == .queued || progress.status == .paused else { return false }
        return try flow().first?.name == progress.stage
    }
}
