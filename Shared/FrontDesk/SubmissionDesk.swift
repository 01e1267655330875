import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import TaskStore

/// What became of a submission at the desk.
private enum SubmissionVerdict: Sendable {
    /// Without a workflow of a trial.
    case accepted(workflowID: UUID?)
    /// It has taken the place of what the task asked for.
    case updated(workflowID: UUID)
    /// The same task with the same content was recorded before.
    case duplicate(workflowID: UUID)
    case refused(SubmissionRefusal)
}

/// Checks a submission, seals what is secret, and records it: one that is asked to (`submit`), and one that is taken
/// from the stream.
package struct SubmissionDesk: Desk {
    package let type = RequestType.submit
    private let record: any SubmissionRecord
    package let keys: SubmissionKeys
    package let rules: SubmissionRules
    private let outlet: any FrontDeskOutlet

    package init(
        _ record: any SubmissionRecord, keys: SubmissionKeys, rules: SubmissionRules, outlet: any FrontDeskOutlet
    ) {
        self.record = record
        self.keys = keys
        self.rules = rules
        self.outlet = outlet
    }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        switch try await submit(message, about: address, isAsked: true) {
        case .accepted(let workflowID): return Self.recorded(workflowID, ["duplicate": false])
        case .updated(let workflowID): return Self.recorded(workflowID, ["duplicate": false, "updated": true])
        case .duplicate(let workflowID): return Self.recorded(workflowID, ["duplicate": true])
        case .refused(let refusal):
            // The asker has the reason; the submission is kept for the operator all the same.
            if !Self.isTrial(message) { try await reject(message, because: refusal) }
            throw refusal
        }
    }

    private static func recorded(_ workflowID: UUID?, _ fields: [String: JSONValue]) -> Reply {
        var fields = fields
        fields["workflow_id"] = workflowID.map { JSONValue.string($0.text) }
        return .ok(fields)
    }

    /// Whether a message asks for nothing to be done, whatever else it holds.
    private static func isTrial(_ message: ClientMessage) -> Bool {
        (try? JSONValue(message: message.body))?["dry_run"] == true
    }

    /// Records a submission whose sender waits for no answer, or why it is refused.
    ///
    /// - Parameter delivery: The same for every delivery of one message, so that it is refused once.
    package func take(_ message: ClientMessage, delivery: String) async throws {
        guard let address = message.address else {
            return try await reject(message, delivery: delivery, because: .invalidSubject)
        }
        guard case .refused(let refusal) = try await submit(message, about: address, isAsked: false) else { return }
        try await reject(message, delivery: delivery, because: refusal)
    }

    /// Records the submission or says why not. Throws only where trying again may help.
    ///
    /// - Parameter isAsked: Whether the sender waits for the answer.
    private func submit(
        _ message: ClientMessage, about address: TaskAddress, isAsked: Bool
    ) async throws -> SubmissionVerdict {
        do {
            let submitted = try SubmittedRequest(message.body, to: address)
            if !isAsked { try Self.refuseWishes(of: submitted) }
            try Self.compare(submitted.address, with: address)
            return try await submit(submitted, message.trace)
        } catch let refusal as SubmissionRefusal {
            return .refused(refusal)
        } catch let error as FieldError {
            return .refused(SubmissionRefusal(error))
        }
    }

    /// A task that is recorded stays what it is, whatever its project and the settings say by now.
    private func submit(_ submitted: SubmittedRequest, _ trace: String?) async throws -> SubmissionVerdict {
        let hash = try keys.hash(submitted.content)
        let earlier = try submitted.alone.map(keys.earlierHash)
        do {
            var submission = try submission(submitted, over: try await record.defaults(of: submitted.address))
            (submission.contentHash, submission.earlierHash, submission.traceID) = (hash, earlier, trace)
            (submission.updates, submission.isTrial) = (submitted.updates, submitted.isTrial)
            return try verdict(of: try await record.submit(submission), submitted)
        } catch {
            guard error is SubmissionRefusal || error is FieldError,
                let known = try await record.recorded(submitted.address, as: [hash] + (earlier.map { [$0] } ?? []))
            else { throw error }
            return duplicate(known, submitted)
        }
    }

    /// A stored message can come again, after newer ones: it would put what was asked for before in their place.
    private static func refuseWishes(of submitted: SubmittedRequest) throws(FieldError) {
        guard submitted.updates || submitted.isTrial else { return }
        throw FieldError(path: submitted.updates ? "update" : "dry_run", reason: "is for a request, which is answered")
    }

    /// What is to be recorded of a submission.
    private func submission(_ submitted: SubmittedRequest, over defaults: TaskDefaults) throws -> Submission {
        let status = defaults.projectStatus
        guard status.takesTasks else {
            throw SubmissionRefusal(
                code: "not_possible", field: "task.project_id",
                reason: "the project is \(status.rawValue) and takes no new tasks")
        }
        var defaults = defaults
        defaults.settings = defaults.settings.over(rules.environment)
        var request = try submitted.request(over: defaults)
        try rules.check(request)
        request.repository = try keys.sealed(request.repository, of: submitted.address.company)
        return Submission(request: rules.signed(request), contentHash: "", maxWaiting: defaults.limits.maxWaiting)
    }

    /// The ids of the body are the subject's.
    private static func compare(_ own: TaskAddress, with address: TaskAddress) throws {
        for (field, inBody, inSubject) in [
            ("task.company_id", own.company.text, address.company.text),
            ("task.project_id", own.project.text, address.project.text), ("task.id", own.task.text, address.task.text),
        ] where inBody != inSubject {
            throw SubmissionRefusal(code: "id_mismatch", field: field, reason: "expected the subject's, \(inSubject)")
        }
    }

    private func verdict(
        of outcome: SubmissionOutcome, _ submitted: SubmittedRequest
    ) throws -> SubmissionVerdict {
        switch outcome {
        case .accepted(let workflowID, let messages):
            tell(.accepted(workflowID: workflowID), messages, of: submitted)
            return .accepted(workflowID: submitted.isTrial ? nil : workflowID)
        case .updated(let workflowID, let messages):
            tell(.updated(workflowID: workflowID), messages, of: submitted)
            return .updated(workflowID: workflowID)
        case .duplicate(let workflowID): return duplicate(workflowID, submitted)
        case .conflict:
            throw SubmissionRefusal(
                code: "conflict", field: "task.id",
                reason: "taken by a task with other content\(submitted.updates ? ", which has begun" : "")")
        case .cycle(let path):
            let names = path.map(\.text).joined(separator: " → ")
            throw SubmissionRefusal(
                code: "cycle", field: "task.dependencies", reason: "would wait for itself: \(names)")
        case .tooManyWaiting:
            throw SubmissionRefusal(
                code: "over_limit", reason: "as many tasks of the company wait as may (max_waiting)",
                retryAfter: Self.patience)
        }
    }

    private func duplicate(_ workflowID: UUID, _ submitted: SubmittedRequest) -> SubmissionVerdict {
        tell(.known(workflowID: workflowID), of: submitted)
        return .duplicate(workflowID: workflowID)
    }

    /// Publishes and notes what was done; by a trial nothing was.
    private func tell(
        _ occurrence: FrontDeskOccurrence, _ messages: [OutboxMessage] = [], of submitted: SubmittedRequest
    ) {
        guard !submitted.isTrial else { return }
        outlet.publish(messages)
        outlet.note(occurrence)
    }

    /// After how many seconds a submission beyond a limit may be tried again.
    private static let patience = 30

    /// Keeps what is harmless of a refused message for the operator, and tells the subscribers of the task that it names.
    /// No reason repeats what the message holds.
    private func reject(
        _ message: ClientMessage, delivery: String = "", because refusal: SubmissionRefusal
    ) async throws {
        let rejection = Rejection(
            address: message.address, subject: message.subject,
            excerpt: SubmissionExcerpt.text(message.body, from: message.address), code: refusal.code,
            field: refusal.field, reason: refusal.reason,
            deduplicationKey: ContentHash.keyed(
                Data("\(delivery) \(message.subject) ".utf8) + message.body, key: keys.content))
        outlet.publish(try await record.reject(rejection))
        outlet.note(.refused(refusal, subject: message.subject, bytes: message.body.count))
    }
}
