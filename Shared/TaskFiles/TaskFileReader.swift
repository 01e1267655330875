import Contracts
import Cryptography
import FoundationEssentials
import Foundations

/// Reads the entries of a file of tasks, and says of what is wrong where it stands.
struct TaskFileReader {
    /// What stands beside the fields of a task.
    private static let sections = ["repository", "timeout_seconds"] + ProjectSpec.sections
    /// The fields of a task.
    private static let fields: [String] = {
        let nobody = TaskAddress(company: .all, project: .all, task: .all)
        let names = TaskSettings(address: nobody, title: "").json.objectValue.map { Array($0.keys) } ?? []
        return (names + ["metadata", "session_id"]).sorted()
    }()

    private let document: YAMLDocument
    /// How often the same is to be done.
    private var times: [String: Int] = [:]
    /// The entries that have a task's id.
    private var taken: [TaskAddress: Int] = [:]

    init(document: YAMLDocument) { self.document = document }

    mutating func entries(_ project: TaskAddress?) throws(DocumentError) -> [TaskFile.Entry] {
        guard document.value != .null else { return [] }
        let (tasks, usual) = try list(project)
        var entries: [TaskFile.Entry] = []
        for (index, value) in tasks.enumerated() {
            do throws(FieldError) {
                let (address, submission) = try task(value, at: index, usual)
                entries.append(
                    TaskFile.Entry(
                        address: address, submission: submission, place: document.place(of: "tasks[\(index)]")))
            } catch {
                throw placed(error, below: "tasks[\(index)]", isWhole: Self.isWhole(value))
            }
        }
        return entries
    }

    /// The tasks, and the project of those that name none.
    private func list(_ usual: TaskAddress?) throws(DocumentError) -> ([JSONValue], TaskAddress?) {
        do throws(FieldError) {
            let fields = try FieldReader(document.value)
            try fields.refuseOthers(than: ["project", "tasks"])
            let project = try Self.project(fields) ?? usual
            guard let tasks = fields.value("tasks") else { return ([], project) }
            guard let list = tasks.arrayValue else {
                throw fields.error("tasks", "expected a list, got \(tasks.kind)")
            }
            return (list, project)
        } catch {
            throw placed(error, below: "", isWhole: true)
        }
    }

    private static func project(_ fields: FieldReader) throws(FieldError) -> TaskAddress? {
        guard let text = try fields.optionalString("project") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let company = CompanyID(parts[0]), let project = ProjectID(parts[1]),
            !company.standsForAll, !project.standsForAll
        else { throw fields.error("project", "expected COMPANY/PROJECT of [A-Za-z0-9_-]{1,64}") }
        return TaskAddress(company: company, project: project, task: .all)
    }

    // MARK: Entries

    /// Whether an entry is a submission as the bus takes it.
    private static func isWhole(_ value: JSONValue) -> Bool { value["task"] ?? .null != .null }

    private mutating func task(
        _ value: JSONValue, at index: Int, _ usual: TaskAddress?
    ) throws(FieldError) -> (TaskAddress, JSONValue) {
        let fields = try FieldReader(value)
        let project = try Self.project(fields) ?? usual
        var submission = value.objectValue ?? [:]
        var task: [String: JSONValue]
        if Self.isWhole(value) {
            task = try fields.optionalObject("task") ?? [:]
        } else {
            try fields.refuseOthers(than: Self.fields + Self.sections + ["project"])
            task = submission.filter { Self.fields.contains($0.key) }
            submission = submission.filter { Self.sections.contains($0.key) }
        }
        for name in ["project", "update", "dry_run"] { submission[name] = nil }
        let address = try name(&task, in: project)
        guard taken[address] == nil else {
            throw FieldError(path: "task.id", reason: "tasks[\(taken[address] ?? 0)] has it too")
        }
        taken[address] = index
        submission["task"] = .object(task)
        return (address, try Self.checked(.object(submission), address))
    }

    /// Gives a task the ids that it has not.
    private mutating func name(
        _ task: inout [String: JSONValue], in project: TaskAddress?
    ) throws(FieldError) -> TaskAddress {
        let own = try FieldReader(.object(task), path: "task")
        if own.value("company_id") == nil || own.value("project_id") == nil {
            guard let project else { throw FieldError(path: "project", reason: "missing, and the file names none") }
            task["company_id"] = own.value("company_id") ?? .string(project.company.text)
            task["project_id"] = own.value("project_id") ?? .string(project.project.text)
        }
        if own.value("id") == nil { task["id"] = .string(id(of: task)) }
        let named = try FieldReader(.object(task), path: "task")
        return TaskAddress(
            company: try named.identifier("company_id"), project: try named.identifier("project_id"),
            task: try named.identifier("id"))
    }

    /// The same for the same work: its first words, and a hash of all of them.
    private mutating func id(of task: [String: JSONValue]) -> String {
        let text = (task["description"]?.stringValue ?? task["title"]?.stringValue ?? "").trimmed
        let count = (times[text] ?? 0) + 1
        times[text] = count
        let words = text.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        var start = words.joined(separator: "-").prefix(40)
        while start.last == "-" { start.removeLast() }
        let hash = ContentHash.sha256(Data(text.utf8)).prefix(12)
        return "\(start.isEmpty ? "task" : start)-\(hash)\(count == 1 ? "" : "-\(count)")"
    }

    /// The submission, if it is one.
    private static func checked(_ submission: JSONValue, _ address: TaskAddress) throws(FieldError) -> JSONValue {
        guard let body = try? submission.data() else { throw FieldError(path: "", reason: "holds what JSON cannot") }
        _ = try SubmittedRequest(body, to: address)
        return submission
    }

    /// What an entry says of `task` itself, it says without that name.
    private func placed(_ error: FieldError, below path: String, isWhole: Bool) -> DocumentError {
        let names = error.path.split(separator: ".").drop { !isWhole && $0 == "task" }
        let full = ([path] + names.map(String.init)).filter { !$0.isEmpty }.joined(separator: ".")
        return DocumentError(
            place: document.place(of: full), reason: full.isEmpty ? error.reason : "\(full): \(error.reason)")
    }
}
