import Contracts
import FoundationEssentials
import Foundations

/// A message of a client, whatever way it came.
package struct ClientMessage: Sendable {
    /// What names the task: it is kept with a refusal.
    package let subject: String
    /// The task that it names; `nil` if it names none.
    package let address: TaskAddress?
    package let body: Data
    /// The id of the W3C trace context that it came with.
    package let trace: String?

    package init(subject: String, address: TaskAddress?, body: Data, trace: String? = nil) {
        self.subject = subject
        self.address = address
        self.body = body
        self.trace = trace
    }
}

/// What answers one kind of request. A new kind is a desk in a file of its own and a row where the front desk is made.
package protocol Desk: Sendable {
    var type: RequestType { get }

    /// The answer. What is thrown as ``SubmissionRefusal`` or `FieldError` is told to the asker; anything else may pass.
    func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply
}

extension TaskAddress {
    /// Who asks where nobody is named: of them nothing is known but that the subject was open to them.
    var anybody: String { company.standsForAll ? "operator" : company.text }
}

extension Reply {
    /// The answer about a task that the record does not know.
    static let notFound = Reply.error(code: "not_found", message: "there is no such task")
}
