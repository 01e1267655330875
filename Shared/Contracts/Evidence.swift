import Foundations

/// What a validator signs: of what was to run, these commands ran and gave these exit codes on exactly this tree.
package struct Evidence: Sendable, Hashable, Codable {
    package var workflowID: String
    /// The commit that the work started from.
    package var baseCommit: String
    package var tree: String
    package var success: Bool
    /// What was to run: the request's commands, else those of the repository's settings, else those that fit the project.
    package var requested: [String]
    /// What ran, in order.
    package var commands: [String]
    /// What each of ``commands`` ended with.
    package var exitCodes: [Int]
    /// The digest of what was installed for them; `nil` where nothing was.
    package var setup: String?

    package init(
        workflowID: String, baseCommit: String, tree: String, success: Bool, requested: [String], commands: [String],
        exitCodes: [Int], setup: String? = nil
    ) {
        self.workflowID = workflowID
        self.baseCommit = baseCommit
        self.tree = tree
        self.success = success
        self.requested = requested
        self.commands = commands
        self.exitCodes = exitCodes
        self.setup = setup
    }

    private enum CodingKeys: String, CodingKey {
        case tree, success, requested, commands, setup
        case workflowID = "workflow_id"
        case baseCommit = "base_commit"
        case exitCodes = "exit_codes"
    }

    /// Whether it is of before there were all fields: it vouches for too little.
    package var isOfEarlierVersion: Bool { baseCommit.isEmpty }

    /// Evidence of before there were all fields can be read; as another message it vouches for nothing.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        workflowID = try container.decode(String.self, forKey: .workflowID)
        baseCommit = try container.decodeIfPresent(String.self, forKey: .baseCommit) ?? ""
        tree = try container.decode(String.self, forKey: .tree)
        success = try container.decode(Bool.self, forKey: .success)
        requested = try container.decodeIfPresent([String].self, forKey: .requested) ?? []
        commands = try container.decode([String].self, forKey: .commands)
        exitCodes = try container.decode([Int].self, forKey: .exitCodes)
        setup = try container.decodeIfPresent(String.self, forKey: .setup)
    }
}
