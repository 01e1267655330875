import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Git
import Logging
import Messaging
import ServiceKit
import StageKit
import TaskStore

/// What became of a submission at the desk.
package enum SubmissionVerdict: Sendable {
    case accepted(workflowID: UUID)
    /// The same task with the same content was recorded before.
    case duplicate(workflowID: UUID)
    case refused(SubmissionRefusal)
}

/// Why a submission was refused.
package struct SubmissionRefusal: Error, Sendable, Hashable {
    /// For programs, for example `invalid_request`.
    package let code: String
    /// The path of the field, empty for the message itself.
    package let field: String
    package let reason: String

    package init(code: String, field: String = "", reason: String) {
        self.code = code
        self.field = field
        self.reason = reason
    }

    package init(_ error: FieldError) {
        self.init(code: "invalid_request", field: error.path, reason: error.reason)
    }

    package var description: String { field.isEmpty ? reason : "\(field): \(reason)" }
}

/// Checks a submission, seals what is secret, and records it. The same for the stream and for `submit`.
package struct SubmissionDesk: Sendable {
    private let service: ServiceContext
    private let sealing: SealingKey
    private let contentKey: ContentKey
    private let author: CommitIdentity?
    private let committer: CommitIdentity?
    private let setups: SetupPolicy
    /// Of a task that names none.
    private let timeout: Duration

    package init(_ service: ServiceContext) throws {
        self.service = service
        let keys = service.settings.keys
        sealing = try service.settings.require(keys.sealing, "AUTOMATA_MASTER_KEY or SEALING_KEY", for: "planner")
        contentKey = try service.settings.require(keys.contentKey, "AUTOMATA_MASTER_KEY", for: "planner")
        author = try Self.identity(service.settings.source, .author)
        committer = try Self.identity(service.settings.source, .committer)
        setups = try SetupPolicy(service.settings.source)
        timeout = .seconds(try service.settings.source.int(.taskTimeout, in: 1...2_592_000))
    }

    private static func identity(_ source: SettingsSource, _ setting: Setting) throws -> CommitIdentity? {
        guard let text = try source.text(setting) else { return nil }
        guard let identity = CommitIdentity(text) else { throw SettingsError(setting, CommitIdentity.form) }
        return identity
    }

    /// Records the submission or says why not. Throws only where trying again may help.
    package func submit(_ body: Data, to address: TaskAddress, trace: String?) async throws -> SubmissionVerdict {
        let request: TaskRequest
        let hash: String
        do {
            let original = try TaskRequest(submitted: body)
            hash = try ContentHash.keyed(Self.hashed(original), key: contentKey)
            request = try sealed(signed(try checked(original, address)))
        } catch let refusal as SubmissionRefusal {
            return .refused(refusal)
        } catch let error as FieldError {
            return .refused(SubmissionRefusal(error))
        }
        let submission = Submission(
            request: request, contentHash: hash, defaultTimeout: timeout, traceID: trace)
        return verdict(
            of: try await service.crashPoints.around(.record) { try await service.store.submit(submission) })
    }

    /// What makes two submissions the same. A branch that nobody names counts as `main`, which it was once taken for: so
    /// that a task that was recorded then is still known.
    private static func hashed(_ request: TaskRequest) -> JSONValue {
        var request = request
        request.repository.branch = request.repository.branch ?? "main"
        return request.json
    }

    private func verdict(of outcome: SubmissionOutcome) -> SubmissionVerdict {
        switch outcome {
        case .accepted(let workflowID, let messages):
            service.metrics.count(.submissions, "accepted")
            service.publisher.publish(messages)
            service.logger.info("task accepted", metadata: ["workflow_id": "\(workflowID.text)"])
            return .accepted(workflowID: workflowID)
        case .duplicate(let workflowID):
            service.metrics.count(.submissions, "known")
            service.logger.info("task was known", metadata: ["workflow_id": "\(workflowID.text)"])
            return .duplicate(workflowID: workflowID)
        case .conflict:
            return .refused(
                SubmissionRefusal(code: "conflict", field: "task.id", reason: "taken by a task with other content"))
        case .cycle(let path):
            let names = path.map(\.text).joined(separator: " → ")
            return .refused(
                SubmissionRefusal(code: "cycle", field: "task.dependencies", reason: "would wait for itself: \(names)"))
        }
    }

    /// Keeps what is harmless of a refused message for the operator, and tells the subscribers of the task that it names.
    /// No reason repeats what the message holds.
    ///
    /// - Parameter delivery: The same for every delivery of one message, so that it is kept once.
    package func reject(
        _ message: BusMessage, from address: TaskAddress?, delivery: String = "", because refusal: SubmissionRefusal
    ) async throws {
        let rejection = Rejection(
            address: address, subject: message.subject, excerpt: SubmissionExcerpt.text(message.payload, from: address),
            code: refusal.code, field: refusal.field, reason: refusal.reason,
            deduplicationKey: ContentHash.keyed(
                Data("\(delivery) \(message.subject) ".utf8) + message.payload, key: contentKey))
        service.publisher.publish(try await service.store.reject(rejection))
        service.metrics.count(.submissions, "refused")
        service.logger.notice(
            "task rejected",
            metadata: [
                "subject": "\(message.subject)", "bytes": "\(message.payload.count)", "code": "\(refusal.code)",
                "reason": "\(refusal.description)",
            ])
    }

    /// The request, if its ids are the subject's and its names are usable.
    private func checked(_ request: TaskRequest, _ address: TaskAddress) throws -> TaskRequest {
        let own = request.task.address
        for (field, inBody, inSubject) in [
            ("task.company_id", own.company.text, address.company.text),
            ("task.project_id", own.project.text, address.project.text), ("task.id", own.task.text, address.task.text),
        ] where inBody != inSubject {
            throw SubmissionRefusal(code: "id_mismatch", field: field, reason: "expected the subject's, \(inSubject)")
        }
        try setups.admit(request.validation.setup, for: address.company)
        try named("repository.remote_url") {
            let remote = try RemoteURL(
                request.repository.remoteURL, allowLocal: service.settings.allowsLocalRemotes)
            try service.settings.remotePolicy.check(remote)
        }
        if let branch = request.repository.branch { _ = try named("repository.branch") { try RefName(branch) } }
        if let branch = request.delivery.branchName { _ = try named("delivery.branch_name") { try RefName(branch) } }
        return request
    }

    private func named<T>(_ field: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as GitError {
            throw SubmissionRefusal(code: "invalid_request", field: field, reason: error.message)
        }
    }

    /// The request with whom its commit names: recorded, so that a push that is tried again makes the same commit.
    private func signed(_ request: TaskRequest) -> TaskRequest {
        var request = request
        request.delivery.author = request.delivery.author ?? author
        request.delivery.committer = request.delivery.committer ?? committer
        return request
    }

    private func sealed(_ request: TaskRequest) throws -> TaskRequest {
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
}
