import Contracts
import FoundationEssentials
import Foundations

/// A task as a person writes it down: what is to be done, in a sentence or more.
struct QuickTask: Sendable {
    private static let titleBytes = 200

    private let title: String
    private let description: String
    private let priority: JSONValue?
    private let metadata: [String: JSONValue]?
    /// `COMPANY/PROJECT`, or a project of the caller's company.
    private let project: String?

    /// JSON, or a text that is the description.
    init(_ body: Data, _ call: Call) throws {
        let fields: FieldReader
        switch MediaType(call.headers["content-type"] ?? "").name {
        case MediaType.json: fields = try FieldReader(try call.json(body))
        case MediaType.text:
            guard let text = String(validating: body, as: UTF8.self) else { throw Problem.malformed("not UTF-8") }
            fields = try FieldReader(["description": .string(text.trimmed)])
        default: throw Problem.unsupported([MediaType.json, MediaType.text])
        }
        description = try fields.string("description", atMost: 256 << 10)
        title = try fields.optionalString("title", atMost: 1024) ?? Self.title(of: description)
        priority = fields.value("priority")
        metadata = try fields.optionalObject("metadata")
        project = try fields.optionalString("project", atMost: 129)
    }

    /// As a form has it. Throws a `FieldError` where nothing is to be done.
    init(description: String, title: String?, priority: Int?, project: String?) throws(FieldError) {
        let fields = try FieldReader(["description": .string(description.trimmed)])
        self.description = try fields.string("description", atMost: 256 << 10)
        self.title = title ?? Self.title(of: self.description)
        self.priority = priority.map(JSONValue.int)
        self.project = project
        metadata = nil
    }

    /// Its first line.
    private static func title(of description: String) -> String {
        String(
            (description.split(whereSeparator: \.isNewline).first.map(String.init) ?? description)
                .trimmed.prefix(bytes: titleBytes))
    }

    /// Where it goes. Throws a ``Problem`` where nobody says so.
    func place(for caller: Caller, else usual: ProjectAddress?) throws(Problem) -> ProjectAddress {
        guard let project else {
            guard let usual else {
                throw Problem(422, "invalid_request", "project: missing, and GATEWAY_PROJECT is not set")
            }
            return usual
        }
        if let place = ProjectAddress(project) { return place }
        guard let company = caller.company ?? usual?.company, let id = ProjectID(project), !id.standsForAll else {
            throw Problem(422, "invalid_request", "project: expected COMPANY/PROJECT")
        }
        return ProjectAddress(company: company, project: id)
    }

    /// As the front door takes it.
    func submission(_ address: TaskAddress) -> JSONValue {
        var task: [String: JSONValue] = [
            "id": .string(address.task.text), "project_id": .string(address.project.text),
            "company_id": .string(address.company.text), "title": .string(title), "description": .string(description),
        ]
        task["priority"] = priority
        task["metadata"] = metadata.map(JSONValue.object)
        return ["task": .object(task)]
    }
}

/// A submission as the bus takes it.
enum Submission {
    /// The submission of a body and the task that it names. Without an id it gets one: of the key, where there is one.
    static func named(_ body: Data, _ call: Call) throws -> (JSONValue, TaskAddress) {
        let json = try call.json(body)
        let task = try FieldReader(json).object("task", required: true)
        let place = ProjectAddress(
            company: try task.identifier("company_id"), project: try task.identifier("project_id"))
        let key = try IdempotencyKey(call)
        let id =
            task.value("id") == nil
            ? key?.task(in: place) ?? TaskID(validated: UUID.v7().text) : try task.identifier("id", TaskID.self)
        var submission = json.objectValue ?? [:]
        submission["task"] = .object((json["task"]?.objectValue ?? [:]).merging(["id": .string(id.text)]) { $1 })
        return (.object(submission), TaskAddress(company: place.company, project: place.project, task: id))
    }
}

extension Problem {
    static func unsupported(_ known: [String]) -> Problem {
        Problem(415, "unsupported_media_type", "expected \(known.joined(separator: " or "))")
    }
}
