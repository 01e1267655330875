import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import TaskStore

/// What became of a submission at the desk.
private enum SubmissionVerdict: Sendable {
    case accepted(workflowID: UUID)
    /// The same task with the same content was recorded before.
    case duplicate(workflowID: UUID)
    case refused(SubmissionRefusal)
}

/// Checks a submission, seals what is secret, and records it: one that is asked to (`submit`), and one that is taken
/// from the stream.
package struct SubmissionDesk: Desk {
    package let type = RequestType.submit
    private let record: any SubmissionRecord
    private let keys: SubmissionKeys
    private let rules: SubmissionRules
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
        switch try await submit(message, about: address) {
        case .accepted(let workflowID): return Self.recorded(workflowID, isDuplicate: false)
        case .duplicate(let workflowID): return Self.recorded(workflowID, isDuplicate: true)
        case .refused(let refusal):
            // The asker has the reason; the submission is kept for the operator all the same.
            try await reject(message, because: refusal)
            throw refusal
        }
    }

    private static func recorded(_ workflowID: UUID, isDuplicate: Bool) -> Reply {
        .ok(["workflow_id": .string(workflowID.text), "duplicate": .bool(isDuplicate)])
    }

    /// Records a submission whose sender waits for no answer, or why it is refused.
    ///
    /// - Parameter delivery: The same for every delivery of one message, so that it is refused once.
    package func take(_ message: ClientMessage, delivery: String) async throws {
        guard let address = message.address else {
            return try await reject(message, delivery: delivery, because: .invalidSubject)
        }
        guard case .refused(let refusal) = try await submit(message, about: address) else { return }
        try await reject(message, delivery: delivery, because: refusal)
    }

    /// Records the submission or says why not. Throws only where trying again may help.
    private func submit(_ message: ClientMessage, about address: TaskAddress) async throws -> SubmissionVerdict {
        let submission: Submission
        do {
            submission = try self.submission(message, address)
        } catch let refusal as SubmissionRefusal {
            return .refused(refusal)
        } catch let error as FieldError {
            return .refused(SubmissionRefusal(error))
        }
        return verdict(of: try await record.submit(submission))
    }

    private func submission(_ message: ClientMessage, _ address: TaskAddress) throws -> Submission {
        let original = try TaskRequest(submitted: message.body)
        let hash = try keys.hash(original)
        try Self.compare(original.task.address, with: address)
        try rules.check(original)
        return Submission(
            request: try keys.sealed(rules.signed(original)), contentHash: hash,
            defaultTimeout: rules.defaultTimeout, traceID: message.trace)
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

    private func verdict(of outcome: SubmissionOutcome) -> SubmissionVerdict {
        switch outcome {
        case .accepted(let workflowID, let messages):
            outlet.publish(messages)
            outlet.note(.accepted(workflowID: workflowID))
            return .accepted(workflowID: workflowID)
        case .duplicate(let workflowID):
            outlet.note(.known(workflowID: workflowID))
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
