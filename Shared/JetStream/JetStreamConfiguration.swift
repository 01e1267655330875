import Foundations
import Logging

/// Where the server is and how to talk to it.
package struct JetStreamConfiguration: Sendable {
    /// One URL or several separated by commas: `nats://user:password@host:4222`, `nats://token@host`, `tls://host`.
    /// User, password and token may be percent-encoded; those of the first URL that has any are used for all.
    package var url: Secret
    /// The path of a `.creds` file (user JWT and seed).
    package var credentialsFile: String?
    /// What the server shows as the name of this connection.
    package var name: String
    /// The first tokens of subjects for answers. A prefix per user keeps users from reading each other's answers.
    package var inboxPrefix: String
    /// How long ``JetStreamBus/connect()`` waits for the first connection.
    package var connectTimeout: Duration
    /// How long a durable publish or a management request waits for its answer.
    package var answerTimeout: Duration
    package var logger: Logger

    package init(
        url: Secret, credentialsFile: String? = nil, name: String, inboxPrefix: String = "_INBOX",
        connectTimeout: Duration = .seconds(10), answerTimeout: Duration = .seconds(5), logger: Logger
    ) {
        self.url = url
        self.credentialsFile = credentialsFile
        self.name = name
        self.inboxPrefix = inboxPrefix
        self.connectTimeout = connectTimeout
        self.answerTimeout = answerTimeout
        self.logger = logger
    }
}
