import Foundations

/// The `task` part of a task request.
package struct TaskSettings: Sendable, Hashable {
    /// 1 comes first, 10 last.
    package static let priorities = 1...10
    private static let priorityNames = ["critical": 1, "high": 3, "normal": 5, "low": 8]

    package var address: TaskAddress
    package var title: String
    package var description: String
    package var requirements: [String]
    package var tags: [String]
    package var context: [String: JSONValue]
    /// What the client keeps with the task for itself; no model sees it.
    package var metadata: [String: JSONValue]
    package var priority: Int
    /// Tasks of the same company and project that must complete first.
    package var dependencies: [TaskID]
    /// Files of the repository that the agents should read first.
    package var contextFiles: [String]
    package var hints: String

    package init(
        address: TaskAddress, title: String, description: String = "", requirements: [String] = [],
        tags: [String] = [], context: [String: JSONValue] = [:], metadata: [String: JSONValue] = [:], priority: Int = 5,
        dependencies: [TaskID] = [],
        contextFiles: [String] = [], hints: String = ""
    ) {
        self.address = address
        self.title = title
        self.description = description
        self.requirements = requirements
        self.tags = tags
        self.context = context
        self.metadata = metadata
        self.priority = priority
        self.dependencies = dependencies
        self.contextFiles = contextFiles
        self.hints = hints
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        address = TaskAddress(
            company: try fields.identifier("company_id"), project: try fields.identifier("project_id"),
            task: try fields.identifier("id"))
        title = try fields.string("title", atMost: 1024)
        description = try fields.optionalString("description", atMost: 256 << 10) ?? ""
        requirements = try fields.optionalStrings("requirements") ?? []
        tags = try fields.optionalStrings("tags") ?? []
        context = try fields.optionalObject("context") ?? [:]
        metadata = try fields.optionalObject("metadata") ?? [:]
        priority = try Self.priority(fields)
        dependencies = try Self.dependencies(fields)
        contextFiles = try fields.optionalStrings("context_files") ?? []
        hints = try fields.optionalString("hints", atMost: 64 << 10) ?? ""
    }

    private static func priority(_ fields: FieldReader) throws(FieldError) -> Int {
        if case .string(let name)? = fields.value("priority") {
            guard let priority = priorityNames[name] else {
                throw fields.error("priority", "expected 1…10 or critical, high, normal, low")
            }
            return priority
        }
        return try fields.optionalInt("priority", in: priorities) ?? 5
    }

    private static func dependencies(_ fields: FieldReader) throws(FieldError) -> [TaskID] {
        let names = try fields.optionalStrings("dependencies") ?? []
        var ids: [TaskID] = []
        for (index, name) in names.enumerated() {
            guard let id = TaskID(name) else {
                throw fields.error("dependencies[\(index)]", "expected [A-Za-z0-9_-]{1,64}")
            }
            ids.append(id)
        }
        return ids
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(address.task.text), "project_id": .string(address.project.text),
            "company_id": .string(address.company.text), "title": .string(title),
            "description": .string(description), "requirements": .strings(requirements), "tags": .strings(tags),
            "context": .object(context), "priority": .int(priority),
            "dependencies": .strings(dependencies.map(\.text)), "context_files": .strings(contextFiles),
            "hints": .string(hints),
        ]
        // Only where there is some: a task that was submitted before there was the field stays the same task.
        if !metadata.isEmpty { members["metadata"] = .object(metadata) }
        return .object(members)
    }
}
