import ArgumentParser
import Contracts
import Foundations

/// Names one task.
struct TaskReference: ParsableArguments {
    @Argument(help: "COMPANY/PROJECT/TASK") var task: String

    func address() throws -> TaskAddress {
        let parts = task.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let company = CompanyID(parts[0]), let project = ProjectID(parts[1]),
            let task = TaskID(parts[2])
        else { throw ValidationError("expected COMPANY/PROJECT/TASK of [A-Za-z0-9_-]{1,64}") }
        return TaskAddress(company: company, project: project, task: task)
    }
}

extension TaskAddress {
    /// What `COMPANY`, `COMPANY/PROJECT` or `COMPANY/PROJECT/TASK` names, with `-` for what stands for all; `-` alone is the
    /// platform.
    init(place: String) throws {
        var ids = place.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let count = ids.count
        while ids.count < 3 { ids.append(CompanyID.all.text) }
        guard count <= 3, let company = CompanyID(ids[0]), let project = ProjectID(ids[1]), let task = TaskID(ids[2])
        else { throw Self.noPlace }
        self.init(company: company, project: project, task: task)
    }

    static let noPlace = ValidationError(
        "expected COMPANY, COMPANY/PROJECT or COMPANY/PROJECT/TASK of [A-Za-z0-9_-]{1,64}")
}

extension [String] {
    /// The values of `FIELD=VALUE`, by their fields; a list where a field is named again.
    func fields(of option: String, _ value: (String) -> JSONValue) throws -> [String: JSONValue] {
        var fields: [String: [JSONValue]] = [:]
        for text in self {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw ValidationError("\(option): expected FIELD=VALUE") }
            fields[parts[0], default: []].append(value(parts[1]))
        }
        return fields.mapValues { $0.count == 1 ? $0[0] : .array($0) }
    }
}
