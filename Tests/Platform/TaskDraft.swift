import Contracts
import Foundation
import Foundations
import TestSupport

/// A task request in the making. Its id is new, so that tests share a platform without seeing each other.
package struct TaskDraft: Sendable {
    /// The parts of the request, as the contract names them.
    package var company = "acme"
    package var project = "shop"
    package var id: String
    package var title: String
    package var remote: String
    /// Chooses the part of the script that answers, see ``Script``.
    package var model: String
    package var agent: [String: JSONValue] = [:]
    package var repository: [String: JSONValue] = [:]
    package var task: [String: JSONValue] = [:]
    package var validation: [String: JSONValue] = [:]
    package var delivery: [String: JSONValue] = [:]

    /// Kept as long as the task may need it.
    private var repositoryOfTest: (any Sendable)?

    /// A task on a repository of the test.
    package init(_ model: String, title: String? = nil, remote: GitRemote) {
        self.init(model, title: title, remote: remote.url)
        repositoryOfTest = remote
    }

    /// A task on the repository at `remote`, a URL or a path.
    package init(_ model: String, title: String? = nil, remote: String) {
        id = "\(model)-\(UUID().uuidString.prefix(8).lowercased())"
        self.model = model
        self.title = title ?? "Play \(model)"
        self.remote = remote
    }

    /// The request as it is sent.
    package var json: JSONValue {
        func members(_ own: [String: JSONValue], _ more: [String: JSONValue]) -> JSONValue {
            .object(own.merging(more) { $1 })
        }
        return [
            "agent": members(["model": .string(model)], agent),
            "repository": members(["remote_url": .string(remote)], repository),
            "task": members(
                [
                    "id": .string(id), "project_id": .string(project), "company_id": .string(company),
                    "title": .string(title),
                ], task),
            "validation": .object(validation),
            "delivery": .object(delivery),
        ]
    }

    /// The task as the tool `automata` names it.
    package var reference: String { "\(company)/\(project)/\(id)" }

    /// The subject of a message about the task.
    package func subject(_ last: String, prefix: String = SubjectScheme.defaultPrefix) -> String {
        "\(prefix).\(company).\(project).\(id).\(last)"
    }
}
