/// A validator took the coder's tree.
package struct ValidationStarted: EventDetails {
    package static let type = EventType.validationStarted

    package var round: Int
    package var tree: String
    package var commands: [String]

    package init(round: Int, tree: String, commands: [String]) {
        self.round = round
        self.tree = tree
        self.commands = commands
    }

    package var message: String { "Validating with \(commands.count) command(s)" }

    private enum CodingKeys: String, CodingKey {
        case round, tree, commands
    }
}
