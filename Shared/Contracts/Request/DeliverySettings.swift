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
    /// Replaces `feat/YYYYMMDD-slug`.
    package var branchName: String?
    package var approval: Approval
    /// Replaces the platform's webhook endpoint.
    package var webhookURL: String?

    package init(
        push: Bool = true, commitMessage: String? = nil, branchName: String? = nil, approval: Approval = .none,
        webhookURL: String? = nil
    ) {
        self.push = push
        self.commitMessage = commitMessage
        self.branchName = branchName
        self.approval = approval
        self.webhookURL = webhookURL
    }

    package init(_ fields: FieldReader) throws(FieldError) {
        push = try fields.optionalBool("push") ?? true
        commitMessage = try fields.optionalString("commit_message", atMost: 64 << 10)
        branchName = try fields.optionalString("branch_name", atMost: 255)
        approval = try fields.optionalCase("approval", of: Approval.self) ?? .none
        webhookURL = try fields.optionalString("webhook_url", atMost: 2048)
        if let webhookURL, !webhookURL.hasPrefix("https://"), !webhookURL.hasPrefix("http://") {
            throw fields.error("webhook_url", "expected an http or https URL")
        }
        if let webhookURL { try fields.checkURL(webhookURL, "webhook_url") }
    }

    package var json: JSONValue {
        [
            "push": .bool(push), "commit_message": .optional(commitMessage), "branch_name": .optional(branchName),
            "approval": .string(approval.rawValue), "webhook_url": .optional(webhookURL),
        ]
    }
}
