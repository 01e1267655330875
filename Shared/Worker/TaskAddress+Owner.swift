import Contracts
import Foundations

extension TaskAddress {
    /// The task as an owner of secrets, see ``Redactor``.
    package var owner: String { "\(company.text)/\(project.text)/\(task.text)" }
}
