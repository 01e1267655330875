import FoundationEssentials
import Foundations

/// A submission as it was sent. What it leaves open others say, see ``TaskDefaults``.
package struct SubmittedRequest: Sendable {
    /// The body, with the names of the task where it has none.
    private let json: JSONValue
    /// What it asks for by itself, on a repository that stands for the one it does not name.
    private let own: TaskRequest
    /// Whether it says where the work is to be done.
    private let namesRepository: Bool
    /// `update`: whether it takes the place of a task with other content that nobody has begun. No part of its content.
    package let updates: Bool
    /// `dry_run`: whether it asks what would become of it, and nothing is to be done. No part of its content.
    package let isTrial: Bool

    /// Refuses by name what no submission may hold, wherever the rest may come from.
    package init(_ body: Data, to address: TaskAddress) throws(FieldError) {
        let body = try TaskRequest.json(of: body)
        let fields = try FieldReader(body)
        updates = try fields.optionalBool("update") ?? false
        isTrial = try fields.optionalBool("dry_run") ?? false
        let repository = try fields.object("repository")
        namesRepository = repository.value("remote_url") != nil
        json = body.with("task", body["task"].map { $0.over(Self.names(address, $0)) })
        own = try TaskRequest(
            submitted: namesRepository ? json : json.with("repository", json["repository"].orEmpty.over(Self.standIn)))
    }

    /// What a task is called that does not say so itself: by the ids of the subject, and by the first line of its
    /// description.
    private static func names(_ address: TaskAddress, _ task: JSONValue) -> JSONValue {
        let lines = task["description"]?.stringValue?.split(whereSeparator: \.isNewline) ?? []
        return [
            "company_id": .string(address.company.text), "project_id": .string(address.project.text),
            "id": .string(address.task.text),
            "title": .optional(lines.lazy.map(\.trimmed).first { !$0.isEmpty }?.clipped(200)),
        ]
    }

    private static let standIn: JSONValue = ["remote_url": "any"]

    /// The task that it names.
    package var address: TaskAddress { own.task.address }

    /// What it asks for if nobody else says anything; `nil` where somebody has to.
    package var alone: TaskRequest? { namesRepository ? own : nil }

    /// What it says, without nulls and without what holds for any task: equal for equal content, also once there are more
    /// fields, and whatever others say. It reveals plain credentials.
    package var content: JSONValue {
        var sections = (own.json.objectValue ?? [:]).filter { $0.value != .null }
        for (name, section) in sections {
            sections[name] = section.withoutNulls(and: Self.defaults[name]?.objectValue ?? [:])
        }
        if !namesRepository { sections["repository"] = sections["repository"]?.with("remote_url", nil) }
        return .object(sections.filter { $0.value != [:] })
    }

    private static let defaults: JSONValue = {
        let nobody = TaskAddress(company: .all, project: .all, task: .all)
        return TaskRequest(
            task: TaskSettings(address: nobody, title: ""), repository: RepositorySettings(remoteURL: "")
        ).json
    }()

    /// The task with what the nearest of those says that say something: the submission, its project, its settings.
    package func request(over defaults: TaskDefaults) throws(FieldError) -> TaskRequest {
        var request = json
        for level in [defaults.project.orEmpty, defaults.settings.ofTasks] {
            for section in ProjectSpec.sections {
                request = request.with(section, request[section].orEmpty.over(level[section].orEmpty))
            }
            request = request.with("timeout_seconds", request.said("timeout_seconds") ?? level.said("timeout_seconds"))
        }
        if !namesRepository {
            guard let repository = defaults.project?.said("repository") else { throw missingRepository }
            request = request.with("repository", request["repository"].orEmpty.over(repository))
        }
        return try TaskRequest(submitted: request)
    }

    private var missingRepository: FieldError {
        FieldError(
            path: json.said("repository") == nil ? "repository" : "repository.remote_url",
            reason: "missing, and the project has none either")
    }
}

/// What holds for a task where its submission says nothing.
package struct TaskDefaults: Sendable, Hashable {
    /// The spec of its project, with sealed credentials; `nil` where nobody defined it.
    package var project: JSONValue?
    /// Its company's settings over the platform's.
    package var settings: SettingsSpec
    /// What limits its company.
    package var limits: LimitsSpec

    package init(
        project: JSONValue? = nil, settings: SettingsSpec = SettingsSpec(), limits: LimitsSpec = LimitsSpec()
    ) {
        self.project = project
        self.settings = settings
        self.limits = limits
    }

    package var projectStatus: ProjectSpec.Status {
        project?["status"]?.stringValue.flatMap(ProjectSpec.Status.init) ?? ProjectSpec.defaultStatus
    }
}

extension JSONValue {
    /// The members of an object, and those of another that it does not name; null names nothing.
    func over(_ other: JSONValue) -> JSONValue {
        guard case .object(let members) = self, case .object(let others) = other else { return self }
        return .object(others.merging(members.filter { $0.value != .null }) { $1 })
    }

    /// The member of an object, if it says something.
    fileprivate func said(_ name: String) -> JSONValue? {
        guard let value = self[name], value != .null else { return Optional.none }
        return value
    }

    /// An object with another member, or without it.
    fileprivate func with(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}

extension JSONValue? {
    /// The value, an object without members where nothing is said.
    fileprivate var orEmpty: JSONValue { if let value = self, value != .null { value } else { [:] } }
}
