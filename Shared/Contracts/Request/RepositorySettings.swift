import Foundations

/// The `repository` part of a task request.
package struct RepositorySettings: Sendable, Hashable {
    /// The remote's URL, without user information but the user of an SSH server.
    package var remoteURL: String
    /// The branch to start from.
    package var branch: String
    package var credentials: Credentials

    package init(remoteURL: String, branch: String = "main", credentials: Credentials = .none) {
        self.remoteURL = remoteURL
        self.branch = branch
        self.credentials = credentials
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        let url = try fields.string("remote_url", atMost: 2048)
        try fields.checkURL(url, "remote_url")
        remoteURL = url
        let branch = try fields.optionalString("branch", atMost: 255) ?? "main"
        guard !branch.isEmpty else { throw fields.error("branch", "empty") }
        self.branch = branch
        credentials = try Credentials(try fields.object("credentials"))
    }

    package var json: JSONValue {
        [
            "remote_url": .string(remoteURL), "branch": .string(branch), "credentials": credentials.revealed(),
        ]
    }
}
