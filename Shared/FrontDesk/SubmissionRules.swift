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
    /// The time limit of tasks that name none.
    package var defaultTimeout: Duration

    package init(
        allowsLocalRemotes: Bool = false, remotes: RemotePolicy = RemotePolicy(),
        author: CommitIdentity? = nil, committer: CommitIdentity? = nil, defaultTimeout: Duration = .seconds(86_400),
        admitSetup: @escaping SetupRule
    ) {
        self.allowsLocalRemotes = allowsLocalRemotes
        self.remotes = remotes
        self.author = author
        self.committer = committer
        self.defaultTimeout = defaultTimeout
        self.admitSetup = admitSetup
    }

    /// Throws by name of the field what a request may not ask for.
    func check(_ request: TaskRequest) throws {
        try admitSetup(request.validation.setup, request.task.address.company)
        try named("repository.remote_url") {
            try remotes.check(try RemoteURL(request.repository.remoteURL, allowLocal: allowsLocalRemotes))
        }
        if let branch = request.repository.branch { try named("repository.branch") { _ = try RefName(branch) } }
        if let branch = request.delivery.branchName { try named("delivery.branch_name") { _ = try RefName(branch) } }
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

    /// The request without credentials in clear.
    func sealed(_ request: TaskRequest) throws -> TaskRequest {
        var request = request
        let repository = request.repository
        let company = request.task.address.company
        if case .sealed(let text) = repository.credentials {
            do {
                _ = try CredentialSeal.open(text, with: sealing, company: company, remoteURL: repository.remoteURL)
            } catch {
                throw SubmissionRefusal(
                    code: "credentials_unreadable", field: "repository.credentials.sealed", reason: "\(error)")
            }
        } else if repository.credentials.arePlain {
            request.repository.credentials = .sealed(
                try CredentialSeal.seal(
                    repository.credentials, to: sealing.publicKey, company: company, remoteURL: repository.remoteURL))
        }
        return request
    }

    /// What is equal for submissions of the same content. A branch that nobody names counts as `main`, which it was once
    /// taken for: so that a task that was recorded then is still known.
    func hash(_ request: TaskRequest) throws -> String {
        var request = request
        request.repository.branch = request.repository.branch ?? "main"
        return try ContentHash.keyed(request.json, key: content)
    }
}
