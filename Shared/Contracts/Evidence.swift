import Foundations

/// What a validator signs: these commands gave these exit codes on exactly this tree.
package struct Evidence: Sendable, Hashable, Codable {
    package var workflowID: String
    package var tree: String
    package var success: Bool
    package var commands: [String]
    package var exitCodes: [Int]

    package init(workflowID: String, tree: String, success: Bool, commands: [String], exitCodes: [Int]) {
        self.workflowID = workflowID
        self.tree = tree
        self.success = success
        self.commands = commands
        self.exitCodes = exitCodes
    }

    private enum CodingKeys: String, CodingKey {
        case tree, success, commands
        case workflowID = "workflow_id"
        case exitCodes = "exit_codes"
    }
}
