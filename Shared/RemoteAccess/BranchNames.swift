import Contracts
import Foundations
import Git
import TaskStore
import Worker

/// The names that a task's branch may have, in the order in which they are tried.
///
/// They follow from the record alone: whoever works on the task, whenever, finds the same.
package struct BranchNames: Sendable {
    private let record: WorkflowRecord

    package init(_ record: WorkflowRecord) { self.record = record }

    /// Whether the request names the branch: then there is no other.
    package var isChosen: Bool { record.request.delivery.branchName != nil }

    /// For a plan: the branch that the request asks for, or one of ours, plain, then with a suffix, then without the
    /// folder that a branch `feat` would leave no room for.
    package func planned() throws -> [RefName] {
        if let name = record.request.delivery.branchName { return [try RefName(name)] }
        return [own(suffix: 0), own(suffix: 6)] + spare
    }

    /// For the push: the planned branch, then what nobody else's plan names.
    package func pushed() throws -> [RefName] {
        guard let name = record.branchName else {
            throw StageFailure(.internalError, "the record names no branch")
        }
        let planned = try RefName(name)
        return [planned] + (isChosen ? [] : spare.filter { $0 != planned })
    }

    /// With so much of the workflow's id in them that no other task's are the same.
    private var spare: [RefName] { [own(suffix: 12), own(suffix: 12, folder: "feat-"), own(suffix: 20)] }

    private func own(suffix length: Int, folder: String = "feat/") -> RefName {
        let digits = record.workflowID.text.filter { $0 != "-" }
        return RefName.featureBranch(
            date: record.createdAt, title: record.request.task.title,
            suffix: length > 0 ? String(digits.suffix(length)) : nil, folder: folder)
    }
}
