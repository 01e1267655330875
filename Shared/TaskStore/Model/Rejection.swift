import Contracts
import FoundationEssentials
import Foundations

/// A submission that cannot be accepted.
package struct Rejection: Sendable, Hashable {
    package var id: UUID
    /// Where it came from, if that names a task; without it no event is published.
    package var address: TaskAddress?
    package var subject: String
    /// The beginning of what was sent, without credentials.
    package var excerpt: String
    package var code: String
    /// The path of the field, empty for the message itself.
    package var field: String
    package var reason: String
    /// Equal for every delivery of the same message, so that it is rejected once.
    package var deduplicationKey: String

    package init(
        id: UUID = .v7(), address: TaskAddress?, subject: String, excerpt: String, code: String, field: String,
        reason: String, deduplicationKey: String
    ) {
        self.id = id
        self.address = address
        self.subject = subject
        self.excerpt = excerpt
        self.code = code
        self.field = field
        self.reason = reason
        self.deduplicationKey = deduplicationKey
    }
}
