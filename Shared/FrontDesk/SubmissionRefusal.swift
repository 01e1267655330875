import Contracts

/// Why a request was refused, above all a submission.
package struct SubmissionRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// For programs, for example `invalid_request`.
    package let code: String
    /// The path of the field, empty for the message itself.
    package let field: String
    package let reason: String
    /// After how many seconds it makes sense to ask again, where that is known.
    package let retryAfter: Int?

    package init(code: String, field: String = "", reason: String, retryAfter: Int? = nil) {
        self.code = code
        self.field = field
        self.reason = reason
        self.retryAfter = retryAfter
    }

    package init(_ error: FieldError) {
        self.init(code: "invalid_request", field: error.path, reason: error.reason)
    }

    /// Of a message whose subject names no task.
    package static let invalidSubject = SubmissionRefusal(
        code: "invalid_subject", reason: "expected ids of [A-Za-z0-9_-]{1,64}")

    /// Of a message whose subject names something behind the id that stands for all.
    static let behindAll = SubmissionRefusal(
        code: "invalid_subject", reason: "behind a - in the subject nothing else is named")

    package var description: String { field.isEmpty ? reason : "\(field): \(reason)" }
}
