import FoundationEssentials
import Foundations

/// What is asked of a new submission beyond what can be read: the record may hold requests of older rules.
extension TaskRequest {
    /// The most bytes of all `agent.scope_paths` together: each change is compared with each of them.
    package static let maximumScopeBytes = 16 << 10
    /// The most bytes of a command: the system takes no longer argument.
    package static let maximumCommandBytes = 100_000

    /// The request that the body of a submission holds.
    package init(submitted body: Data) throws(FieldError) { try self.init(submitted: try Self.json(of: body)) }

    /// The request of a submission. Refuses by name what is not built yet, unknown tools, and what is out of bounds.
    package init(submitted json: JSONValue) throws(FieldError) {
        try UnbuiltFields.refuse(in: json)
        try self.init(json)
        try Self.checkIDs(task)
        agent.allowedTools = try Self.tools(agent.allowedTools)
        try Self.checkScope(agent.scopePaths ?? [])
        for (index, command) in validation.commands.enumerated()
        where command.utf8.count > Self.maximumCommandBytes {
            throw FieldError(
                path: "validation.commands[\(index)]", reason: "longer than \(Self.maximumCommandBytes) bytes")
        }
    }

    private static func checkIDs(_ task: TaskSettings) throws(FieldError) {
        try check(task.address.company, "task.company_id")
        try check(task.address.project, "task.project_id")
        try check(task.address.task, "task.id")
        for (index, id) in task.dependencies.enumerated() { try check(id, "task.dependencies[\(index)]") }
    }

    private static func check(_ id: some SafeIdentifier, _ path: String) throws(FieldError) {
        guard !id.standsForAll else { throw FieldError(path: path, reason: "- stands for all of them and is no id") }
    }

    /// The tools by our own names.
    private static func tools(_ names: [String]?) throws(FieldError) -> [String]? {
        guard let names else { return nil }
        var tools: [String] = []
        for (index, name) in names.enumerated() {
            let path = "agent.allowed_tools[\(index)]"
            let name = ToolNames.aliases[name] ?? name
            guard !ToolNames.unbuilt.contains(name) else {
                throw FieldError(path: path, reason: "\(name) is not built yet")
            }
            guard ToolNames.known.contains(name) else {
                let known = ToolNames.known.joined(separator: ", ")
                throw FieldError(
                    path: path, reason: "there is no tool \(name.clipped(64).debugDescription); the tools are \(known)")
            }
            tools.append(name)
        }
        return tools
    }

    private static func checkScope(_ paths: [String]) throws(FieldError) {
        var bytes = 0
        for (index, path) in paths.enumerated() {
            let count = path.utf8.count
            guard count > 0 else { throw FieldError(path: "agent.scope_paths[\(index)]", reason: "empty") }
            guard count <= Glob.maximumBytes else {
                throw FieldError(
                    path: "agent.scope_paths[\(index)]", reason: "longer than \(Glob.maximumBytes) bytes")
            }
            bytes += count
        }
        guard bytes <= maximumScopeBytes else {
            throw FieldError(path: "agent.scope_paths", reason: "longer than \(maximumScopeBytes) bytes in all")
        }
    }
}

/// The names that `agent.allowed_tools` may hold.
package enum ToolNames {
    package static let known = [
        "run_shell_command", "read_file", "write_file", "edit_file", "list_directory", "search_files", "find_files",
        "update_todos", "record_discovery", "finish", "submit_plan",
    ]
    /// Other names of tools that there are.
    static let aliases = ["run_cmd": "run_shell_command"]
    /// Tools of the contract that there will be.
    static let unbuilt: Set = ["git_commit"]
}

/// Fields of the contract that nothing reads yet: a submission that uses one is refused, never half done.
enum UnbuiltFields {
    private struct Field {
        /// The names that lead to it.
        let path: [String]
        /// What may stand there: what the field says where it is absent. `null` and what is empty may always.
        let defaults: [JSONValue]

        init(_ path: String, _ defaults: JSONValue...) {
            self.path = path.split(separator: ".").map(String.init)
            self.defaults = defaults
        }
    }

    private static let fields = [
        Field("action"), Field("workflow"), Field("team"), Field("research"), Field("resources"),
        Field("retry", ["max_retries": 3, "retry_delay": 1]),
        Field("task.session_id"),
        Field("agent.mode", "single"), Field("agent.session_id"), Field("agent.profile"),
        Field("agent.events", "steps"),
        Field("delivery.documents", false),
    ]
    /// Values of fields that other values are built of.
    private static let unbuiltModes: Set<String> = ["team", "research"]

    static func refuse(in json: JSONValue) throws(FieldError) {
        for field in fields {
            let value = field.path.reduce(json) { $0[$1] ?? .null }
            guard !value.saysNothing, !field.defaults.contains(value) else { continue }
            // What is no mode at all is refused as such.
            if field.path.last == "mode", !unbuiltModes.contains(value.stringValue ?? "") { continue }
            throw FieldError(path: field.path.joined(separator: "."), reason: "not built yet")
        }
    }
}

extension JSONValue {
    /// Whether nothing but empty values stand in it.
    fileprivate var saysNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let values): values.allSatisfy(\.saysNothing)
        case .object(let members): members.values.allSatisfy(\.saysNothing)
        case .bool, .int, .double: false
        }
    }
}
