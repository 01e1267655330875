import Contracts
import Foundations

/// An object of the catalogue as it is to be defined.
package struct CatalogueObject: Sendable, Hashable {
    package let kind: String
    package let place: CataloguePlace
    /// In one form, without credentials.
    package let spec: JSONValue
    /// Of the repository that the spec names; `nil` where it has none.
    package let credentials: ProjectCredentials?

    package init(_ kind: String, at place: CataloguePlace, spec: JSONValue, credentials: ProjectCredentials? = nil) {
        self.kind = kind
        self.place = place
        self.spec = spec
        self.credentials = credentials
    }

    package init(_ spec: some CatalogueSpec, at place: CataloguePlace, credentials: ProjectCredentials? = nil) {
        self.init(type(of: spec).kind, at: place, spec: spec.json, credentials: credentials)
    }
}

/// Credentials that a project gets, for its remote and no other.
package struct ProjectCredentials: Sendable, Hashable {
    package let remoteURL: String
    /// `nil` for those that the project has.
    package let new: New?

    package struct New: Sendable, Hashable {
        package let remoteURL: String
        package let sealed: String
        /// Equal for the same credentials, which are sealed to another text each time.
        package let contentHash: String
    }

    /// Those that the project has.
    package init(keptFor remoteURL: String) {
        self.remoteURL = remoteURL
        new = nil
    }

    package init(for remoteURL: String, sealed: String, contentHash: String) {
        self.remoteURL = remoteURL
        new = New(remoteURL: remoteURL, sealed: sealed, contentHash: contentHash)
    }
}

/// What became of a definition.
package enum CatalogueOutcome: Sendable, Hashable {
    /// - Parameter created: Whether the version is new; the same content was there before where it is not.
    case defined(version: Int, created: Bool)
    /// The object has no credentials for this remote that it could keep.
    case noCredentials
}
