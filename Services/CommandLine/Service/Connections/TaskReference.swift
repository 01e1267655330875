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
