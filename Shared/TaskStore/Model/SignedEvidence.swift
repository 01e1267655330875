import Contracts

/// The validator's evidence with its signature.
package struct SignedEvidence: Sendable, Hashable {
    package var evidence: Evidence
    /// Base64, as `EvidenceSignature` makes it.
    package var signature: String

    package init(evidence: Evidence, signature: String) {
        self.evidence = evidence
        self.signature = signature
    }
}
