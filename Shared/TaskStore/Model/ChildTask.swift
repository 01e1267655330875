import Contracts
import Flows
import Foundations

/// A task that a step has another workflow do, see ``TaskStore/spawn(_:_:)``.
package struct ChildTask: Sendable {
    /// Its name among its parent's children.
    package let key: TaskID
    package let request: TaskRequest
    package let flow: Flow

    var id: TaskID { request.task.address.task }

    /// A child that gets what its parent was asked for, as far as `change` says nothing else: it delivers nothing, asks
    /// nobody, and tells no webhook.
    ///
    /// - Parameters:
    ///   - id: Its id among the tasks of the project.
    ///   - dependsOn: The ids of children of the same parent that have to complete before.
    package init(
        _ key: TaskID, id: TaskID, of parent: TaskRequest, dependsOn: [TaskID] = [],
        flow: (TaskRequest) -> Flow = Flow.subtask(for:), change: (inout TaskRequest) -> Void = { _ in }
    ) {
        var request = parent
        request.delivery = DeliverySettings(push: false)
        change(&request)
        request.task.address = TaskAddress(
            company: parent.task.address.company, project: parent.task.address.project, task: id)
        request.task.dependencies = dependsOn
        self.key = key
        self.request = request
        self.flow = flow(request)
    }

    /// What keeps children from being recorded together, in words; `nil` for nothing.
    static func fault(in children: [ChildTask]) -> String? {
        var open = Dictionary(children.map { ($0.id, Set($0.request.task.dependencies)) }) { first, _ in first }
        guard open.count == children.count, Set(children.map(\.key)).count == children.count else {
            return "two children have the same name"
        }
        for child in children {
            if let other = child.request.task.dependencies.first(where: { open[$0] == nil }) {
                return "\(child.key) depends on \(other), which is no child of the same parent"
            }
        }
        while let free = open.first(where: { $0.value.isDisjoint(with: open.keys) }) { open[free.key] = nil }
        let names = open.keys.map(\.text).sorted().joined(separator: ", ")
        return open.isEmpty ? nil : "children wait for each other: \(names)"
    }
}

/// Where a child is, for the step that coordinates it.
package struct ChildState: Sendable, Hashable {
    package let key: TaskID
    package let taskID: TaskID
    package let status: TaskStatus
    package let errorMessage: String?
}
