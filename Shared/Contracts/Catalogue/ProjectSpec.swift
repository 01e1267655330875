import Foundations

/// A project: the repository of its tasks, and what holds for those that say nothing themselves.
package struct ProjectSpec: CatalogueSpec {
    package enum Status: String, Sendable, CaseIterable {
        case planning, active, paused, completed, archived

        /// Whether new tasks are taken. Those that there are go on.
        package var takesTasks: Bool { self == .planning || self == .active }
    }

    package static let kind = "project"
    package static let levels: Set<CataloguePlace.Level> = [.project]
    package static let filters = ["status": defaultStatus.rawValue, "type": defaultType]

    package static let defaultStatus = Status.active
    private static let defaultType = "general"
    /// The sections of a task that a project may say something of.
    package static let sections = ["agent", "validation", "delivery"]
    private static let unbuilt = ["session_id", "template"]
    private static let own = ["description", "type", "status", "repository", "tags", "metadata"]

    package var description: String
    /// For people and programs: `general`, `web_application`, `library`, `data_analysis` or a word of theirs.
    package var type: String
    package var status: Status
    package var repository: RepositorySettings?
    package var tags: [String]
    /// What the client keeps with the project for itself.
    package var metadata: [String: JSONValue]
    /// What its tasks get where they say nothing, by section. Only what it says is in it: what it leaves open is for
    /// settings to say.
    package let defaults: [String: JSONValue]

    package init(_ fields: FieldReader, at place: CataloguePlace) throws(FieldError) {
        try fields.refuse(unbuilt: Self.unbuilt)
        try fields.refuseOthers(than: Self.own + Self.sections + Self.unbuilt)
        description = try fields.optionalString("description", atMost: 64 << 10) ?? ""
        type = try fields.optionalString("type", atMost: 64) ?? Self.defaultType
        guard TaskID.accepts(type) else { throw fields.error("type", "expected [A-Za-z0-9_-]{1,64}") }
        status = try fields.optionalCase("status", of: Status.self) ?? Self.defaultStatus
        tags = try fields.texts("tags", atMost: 1000, bytes: 256)
        metadata = try fields.optionalObject("metadata") ?? [:]
        let task = try Self.task(with: fields, at: place)
        repository = fields.value("repository") == nil ? nil : task.repository
        defaults = Self.defaults(of: task.json, saidIn: fields)
    }

    /// A task that gets all of it: what it says of tasks is checked as if it were submitted.
    private static func task(with fields: FieldReader, at place: CataloguePlace) throws(FieldError) -> TaskRequest {
        if try fields.object("delivery").value("branch_name") != nil {
            throw FieldError(path: "delivery.branch_name", reason: "is for a single task to say")
        }
        var request: [String: JSONValue] = [
            "task": [
                "company_id": .string(place.address.company.text), "project_id": .string(place.address.project.text),
                "id": "any", "title": "any",
            ],
            "repository": fields.value("repository") ?? ["remote_url": "any"],
        ]
        for section in sections { request[section] = fields.value(section) }
        return try TaskRequest(submitted: .object(request))
    }

    /// Of a checked task what the spec itself says.
    private static func defaults(of task: JSONValue, saidIn fields: FieldReader) -> [String: JSONValue] {
        var defaults: [String: JSONValue] = [:]
        for section in sections {
            let said = fields.value(section)?.objectValue?.filter { $0.value != .null } ?? [:]
            let members = (task[section]?.objectValue ?? [:]).filter { said[$0.key] != nil && $0.value != .null }
            if !members.isEmpty { defaults[section] = .object(members) }
        }
        return defaults
    }

    package var json: JSONValue {
        var members = defaults
        if !description.isEmpty { members["description"] = .string(description) }
        if type != Self.defaultType { members["type"] = .string(type) }
        if status != Self.defaultStatus { members["status"] = .string(status.rawValue) }
        if !tags.isEmpty { members["tags"] = .strings(tags) }
        if !metadata.isEmpty { members["metadata"] = .object(metadata) }
        if let repository {
            members["repository"] = repository.json.withoutNulls(and: ["credentials": Self.noCredentials])
        }
        return .object(members)
    }

    private static let noCredentials = Credentials.none.revealed()
}

extension FieldReader {
    /// Refuses what the contract names and nothing reads yet.
    func refuse(unbuilt names: [String]) throws(FieldError) {
        for name in names where value(name) != nil { throw error(name, "not built yet") }
    }
}

extension JSONValue {
    /// An object without the members that are null, and those that say what holds anyway.
    func withoutNulls(and defaults: [String: JSONValue]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.value != .null && $0.value != defaults[$0.key] })
    }
}
