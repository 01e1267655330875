import Contracts

/// Holds the validator's evidence against the record: what is pushed is what passed, and all that was to run did.
package struct EvidenceCheck: Sendable {
    package let workflowID: String
    package let baseCommit: String
    /// The tree that is to be pushed.
    package let tree: String
    /// What the request names, or else the repository; empty where the validator chose.
    package let requested: [String]
    /// The digest of what the base commit and the tree ask to be installed; `nil` for nothing.
    package let setup: String?
    /// What the record says of the validation.
    package let validation: ValidationResult?

    package init(
        workflowID: String, baseCommit: String, tree: String, requested: [String], setup: String? = nil,
        validation: ValidationResult?
    ) {
        self.workflowID = workflowID
        self.baseCommit = baseCommit
        self.tree = tree
        self.requested = requested
        self.setup = setup
        self.validation = validation
    }

    /// Why `evidence`, whose signature holds, does not vouch for the tree; `nil` if it does.
    package func fault(of evidence: Evidence) -> String? {
        guard evidence.workflowID == workflowID, evidence.tree == tree else {
            return "the validator's evidence is about another tree"
        }
        guard evidence.baseCommit == baseCommit else { return "the validator's evidence is about another base" }
        guard evidence.success, evidence.exitCodes.count == evidence.commands.count,
            evidence.exitCodes.allSatisfy({ $0 == 0 })
        else { return "the validator's evidence is of a failure" }
        guard let validation, validation.success, validation.commands.map(\.command) == evidence.commands,
            validation.commands.map(\.exitCode) == evidence.exitCodes,
            (validation.checks ?? []).allSatisfy({ $0.exitCode == 0 })
        else { return "the validator's evidence is not of the recorded validation" }
        guard evidence.setup == setup else { return "the validator's evidence is of another setup" }
        return commandFault(of: evidence)
    }

    private func commandFault(of evidence: Evidence) -> String? {
        if requested.isEmpty {
            // Of what the validator chose it may have left out what it said: once also looks at syntax were commands.
            return evidence.commands.isOrderedPart(of: evidence.requested)
                ? nil : "the validator's evidence names commands that were not to run"
        }
        guard evidence.requested == requested, evidence.commands == requested else {
            return "the validator's evidence is not of the commands that were asked for"
        }
        return nil
    }
}

extension [String] {
    /// Whether all elements stand in `whole`, in the same order.
    fileprivate func isOrderedPart(of whole: [String]) -> Bool {
        var rest = whole[...]
        return allSatisfy { element in
            guard let index = rest.firstIndex(of: element) else { return false }
            rest = rest[(index + 1)...]
            return true
        }
    }
}
