import Foundations

/// What a step leaves: kept with its run, for the steps after it and for the result. Of several runs the last one's holds.
package protocol StepOutput: Sendable, Hashable, Codable {
    static var kind: StepKind { get }
}

/// The plan.
package struct PlanOutput: StepOutput {
    package static let kind = StepKind.plan

    package var plan: ImplementationPlan

    package init(plan: ImplementationPlan) { self.plan = plan }
}

/// What a coder says of its work.
package struct ImplementationOutput: StepOutput {
    package static let kind = StepKind.implementation

    package var summary: String
    /// The message that the coder proposes for the commit.
    package var commitMessage: String?

    package init(summary: String, commitMessage: String? = nil) {
        self.summary = summary
        self.commitMessage = commitMessage
    }

    private enum CodingKeys: String, CodingKey {
        case summary
        case commitMessage = "commit_message"
    }
}

/// What a validator found, and what it vouches for.
package struct ValidationOutput: StepOutput {
    package static let kind = StepKind.validation

    package var result: ValidationResult
    package var signed: SignedEvidence

    package init(result: ValidationResult, signed: SignedEvidence) {
        self.result = result
        self.signed = signed
    }
}

/// How much two trees differ.
package struct Difference: Sendable, Hashable {
    package var filesChanged: Int
    package var insertions: Int
    package var deletions: Int

    package init(filesChanged: Int = 0, insertions: Int = 0, deletions: Int = 0) {
        self.filesChanged = filesChanged
        self.insertions = insertions
        self.deletions = deletions
    }
}

/// The validator's evidence with its signature.
package struct SignedEvidence: Sendable, Hashable, Codable {
    package var evidence: Evidence
    /// Base64, as `EvidenceSignature` makes it.
    package var signature: String

    package init(evidence: Evidence, signature: String) {
        self.evidence = evidence
        self.signature = signature
    }
}

/// The outputs of a workflow's steps, by kind.
package struct StepOutputs: Sendable, Hashable {
    private let values: [String: JSONValue]

    /// - Parameter values: As they are stored, by the kind's name.
    package init(_ values: [String: JSONValue] = [:]) { self.values = values }

    /// The output of the steps of a kind, `nil` if there is none. Throws for one of another form.
    package func get<Output: StepOutput>(_ type: Output.Type = Output.self) throws -> Output? {
        try values[Output.kind.rawValue]?.decode()
    }
}
