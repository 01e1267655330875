import Contracts
import Flows
import Foundations
import TaskStore

/// A child that a parent of the tests is to have; it stands in the parent's request, see ``CoordinateStage``.
package struct PlannedChild: Codable, Sendable, Hashable {
    /// What it goes by.
    package enum Way: String, Codable, Sendable, CaseIterable {
        /// Planned, implemented and validated; what it leaves is its parent's to deliver.
        case part
        /// A coding task of its own, which pushes a branch of its own.
        case task
        /// A parent itself.
        case goal
        /// One step, which a test takes by itself.
        case leaf
    }

    /// Where children stand in the metadata.
    fileprivate static let place = "children"

    /// Its name among its parent's children.
    package let key: String
    package let way: Way
    /// The keys of those that have to complete before.
    package var needs: [String] = []
    package var title = ""
    /// Its model; its parent's where it names none.
    package var model: String?
    package var webhookURL: String?
    package var children: [PlannedChild] = []

    package init(_ key: String, _ way: Way) {
        self.key = key
        self.way = way
    }

    /// Its id among the tasks of the project.
    package func id(under parent: String) -> String { "\(parent)--\(key)" }

    /// A child with a name that is none.
    package struct Unnamed: Error {
        let key: String
    }

    func task(of parent: TaskRequest) throws -> ChildTask {
        let name = parent.task.address.task.text
        guard let key = TaskID(key), let id = TaskID(id(under: name)) else { throw Unnamed(key: key) }
        var metadata: [String: JSONValue] = [:]
        try metadata.plan(children)
        return ChildTask(
            key, id: id, of: parent, dependsOn: needs.compactMap { TaskID("\(name)--\($0)") }, flow: way.flow
        ) { request in
            request.task.title = title.isEmpty ? key.text : title
            request.task.metadata = metadata
            request.agent.model = model ?? request.agent.model
            request.delivery.push = way == .task
            request.delivery.webhookURL = webhookURL
        }
    }
}

extension [String: JSONValue] {
    /// Writes down, in the metadata of a request, the children that its task is to have.
    package mutating func plan(_ children: [PlannedChild]) throws {
        self[PlannedChild.place] = try children.isEmpty ? nil : JSONValue(encoding: children)
    }

    /// The children that a task is to have.
    var plannedChildren: [PlannedChild] {
        get throws { try self[PlannedChild.place]?.decode() ?? [] }
    }
}

extension PlannedChild.Way {
    fileprivate var flow: (TaskRequest) -> Flow {
        switch self {
        case .part: return Flow.part(for:)
        case .task: return Flow.task(for:)
        case .goal: return { _ in .goal }
        case .leaf: return { _ in .leaf }
        }
    }
}

extension Flow {
    /// A parent of the tests: it succeeds if all its children do.
    package static let goal = Flow(
        name: "goal",
        steps: [
            Step(
                Stage(validated: "children"), .coordinate,
                next: [.succeeded: .end(.completedNoChanges), .failed: .end(.validationFailed)])
        ])

    /// A sub-task that makes its plan itself.
    fileprivate static func part(for request: TaskRequest) -> Flow {
        let plan = Step(.plan, .plan, next: [.succeeded: .step(.implementation)])
        return Flow(name: "part", steps: [plan] + subtask(for: request).steps)
    }

    /// One step, which leaves nothing.
    fileprivate static let leaf = Flow(
        name: "leaf",
        steps: [Step(.implementation, .implementation, next: [.succeeded: .end(.completedNoChanges)])])
}
