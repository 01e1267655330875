import Foundations

/// The `delivery` part of a task request.
package struct DeliverySettings: Sendable, Hashable {
    /// Where a person decides before the workflow goes on.
    package enum Approval: String, Sendable, CaseIterable {
        case none
        case plan
        case push
    }

    /// False keeps the commit out of the remote.
    package var push: Bool
    /// Replaces the message that the coder proposes.
    package var commitMessage: String?
    /// Replaces the platform's author of commits.
    package var author: CommitIdentity?
    /// Replaces the platform's committer; where neither names one, the author is.
    package var committer: CommitIdentity?
    /// Replaces `feat/YYYYMMDD-slug`.
    package var branchName: String?
    package var approval: Approval
    /// Replaces the platform's webhook endpoint.
    package var webhookURL: String?

    package init(
        push: Bool = true, commitMessage: String? = nil, author: CommitIdentity? = nil,
        committer: CommitIdentity? = nil, branchName: String? = nil, approval: Approval = .none,
        webhookURL: String? = nil
    ) {
        self.push = push
        self.commitMessage = commitMessage
        self.author = author
        self.committer = committer
        self.branchName = branchName
        self.approval = approval
        self.webhookURL = webhookURL
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        push = try fields.optionalBool("push") ?? true
        commitMessage = try fields.optionalString("commit_message", atMost: 64 << 10)
        author = try Self.identity(fields, "author")
        committer = try Self.identity(fields, "committer")
        branchName = try fields.optionalString("branch_name", atMost: 255)
        approval = try fields.optionalCase("approval", of: Approval.self) ?? .none
        webhookURL = try fields.optionalString("webhook_url", atMost: 2048)
        if let webhookURL, !webhookURL.hasPrefix("https://"), !webhookURL.hasPrefix("http://") {
            throw fields.error("webhook_url", "expected an http or https URL")
        }
        if let webhookURL { try fields.checkURL(webhookURL, "webhook_url") }
    }

    private static func identity(_ fields: FieldReader, _ name: String) throws(FieldError) -> CommitIdentity? {
        guard let text = try fields.optionalString(name) else { return nil }
        guard let identity = CommitIdentity(text) else { throw fields.error(name, CommitIdentity.form) }
        return identity
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "push": .bool(push), "commit_message": .optional(commitMessage), "branch_name": .optional(branchName),
            "approval": .string(approval.rawValue), "webhook_url": .optional(webhookURL),
        ]
        // Only where they are there: a task that was submitted before there were the fields stays the same task.
        for (name, identity) in [("author", author), ("committer", committer)] {
            if let identity { members[name] = .string(identity.description) }
        }
        return .object(members)
    }
}
