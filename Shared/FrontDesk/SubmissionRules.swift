import Contracts
import Cryptography
import Foundations
import Git

/// What the operator says of submissions, besides what the contract says.
package struct SubmissionRules: Sendable {
    /// Whether something may be installed for a company. Throws by name of the field what may not.
    package typealias SetupRule = @Sendable (SetupSteps, CompanyID) throws(FieldError) -> Void

    /// Whether remotes may be paths of this host.
    package var allowsLocalRemotes: Bool
    package var remotes: RemotePolicy
    package var admitSetup: SetupRule
    /// Whom commits name where the task names nobody.
    package var author: CommitIdentity?
    package var committer: CommitIdentity?
    /// What holds for tasks where nobody else says anything.
    package var environment: SettingsSpec

    package init(
        allowsLocalRemotes: Bool = false, remotes: RemotePolicy = RemotePolicy(),
        author: CommitIdentity? = nil, committer: CommitIdentity? = nil, environment: SettingsSpec = SettingsSpec(),
        admitSetup: @escaping SetupRule
    ) {
        self.allowsLocalRemotes = allowsLocalRemotes
        self.remotes = remotes
        self.author = author
        self.committer = committer
        self.environment = environment
        self.admitSetup = admitSetup
    }

    /// Throws by name of the field what a request may not ask for.
    func check(_ request: TaskRequest) throws {
        try admitSetup(request.validation.setup, request.task.address.company)
        try check(request.repository)
        if let branch = request.delivery.branchName { try named("delivery.branch_name") { _ = try RefName(branch) } }
    }

    /// Throws by name of the field what no repository may be.
    func check(_ repository: RepositorySettings) throws {
        try named("repository.remote_url") {
            try remotes.check(try RemoteURL(repository.remoteURL, allowLocal: allowsLocalRemotes))
        }
        if let branch = repository.branch { try named("repository.branch") { _ = try RefName(branch) } }
    }

    private func named(_ field: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as GitError {
            throw SubmissionRefusal(code: "invalid_request", field: field, reason: error.message)
        }
    }

    /// The request with whom its commit names: recorded, so that a push that is tried again makes the same commit.
    func signed(_ request: TaskRequest) -> TaskRequest {
        var request = request
        request.delivery.author = request.delivery.author ?? author
        request.delivery.committer = request.delivery.committer ?? committer
        return request
    }
}

/// The keys that submissions need.
package struct SubmissionKeys: Sendable {
    /// Seals credentials, and opens those that came sealed to see whether it can.
    let sealing: SealingKey
    /// Hashes what tells whether two submissions are the same.
    let content: ContentKey

    package init(sealing: SealingKey, content: ContentKey) {
        self.sealing = sealing
        self.content = content
    }

    /// A repository of a company without credentials in clear.
    func sealed(_ repository: RepositorySettings, of company: CompanyID) throws -> RepositorySettings {
        var repository = repository
        if case .sealed(let text) = repository.credentials {
            do {
                _ = try CredentialSeal.open(text, with: sealing, company: company, remoteURL: repository.remoteURL)
            } catch {
                throw SubmissionRefusal(
                    code: "credentials_unreadable", field: "repository.credentials.sealed", reason: "\(error)")
            }
        } else if repository.credentials.arePlain {
            repository.credentials = .sealed(
                try CredentialSeal.seal(
                    repository.credentials, to: sealing.publicKey, company: company, remoteURL: repository.remoteURL))
        }
        return repository
    }

    /// What is equal for equal content. The number is the form's: another form of content gets another.
    func hash(_ content: JSONValue) throws -> String { "2:" + (try ContentHash.keyed(content, key: self.content)) }

    /// What the first form was hashed to: a request with all defaults, in which a branch that nobody names counts as `main`.
    /// So a task that was recorded then is still known.
    func earlierHash(_ request: TaskRequest) throws -> String {
        var request = request
        request.repository.branch = request.repository.branch ?? "main"
        return try ContentHash.keyed(request.json, key: content)
    }
}
