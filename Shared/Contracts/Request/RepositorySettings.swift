import Foundations

/// The `repository` part of a task request.
package struct RepositorySettings: Sendable, Hashable {
    /// The remote's URL, which may name a user and never holds a password. With an access token that names no user, the
    /// URL's goes with it.
    package var remoteURL: String
    /// The branch to start from; `nil` is the one that the remote's `HEAD` is at.
    package var branch: String?
    package var credentials: Credentials

    package init(remoteURL: String, branch: String? = nil, credentials: Credentials = .none) {
        self.remoteURL = remoteURL
        self.branch = branch
        self.credentials = credentials
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        let url = try fields.string("remote_url", atMost: 2048)
        try fields.checkURL(url, "remote_url", mayNameUser: true)
        remoteURL = url
        branch = try fields.optionalString("branch", atMost: 255)
        guard branch != "" else { throw fields.error("branch", "empty") }
        credentials = try Credentials(try fields.object("credentials"))
    }

    package var json: JSONValue {
        [
            "remote_url": .string(remoteURL), "branch": branch.map(JSONValue.string) ?? .null,
            "credentials": credentials.revealed(),
        ]
    }
}
