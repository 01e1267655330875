import FoundationEssentials
import Foundations

/// What a repository says of itself: `.automata.yaml` of the branch that work starts from, never of the changed tree.
package struct ProjectSettings: Sendable, Hashable {
    /// The file's path.
    package static let path = ".automata.yaml"

    /// What validates a change; empty leaves it to detection.
    package var commands: [String]
    /// What is installed before work starts.
    package var setup: SetupSteps
    /// Folders in which commands are looked up first, as paths of the host that commands see.
    package var toolPaths: [String]

    package init(commands: [String] = [], setup: SetupSteps = SetupSteps(), toolPaths: [String] = []) {
        self.commands = commands
        self.setup = setup
        self.toolPaths = toolPaths
    }

    /// Throws with the line or the field that is not as it should be. An unknown field is refused: nobody would notice
    /// that it does nothing.
    package init(decoding file: Data) throws(FieldError) {
        let fields = try FieldReader(try PlainYAML.parse(file))
        try fields.refuseOthers(than: ["validation", "tool_paths"])
        let validation = try fields.object("validation")
        try validation.refuseOthers(than: ["commands", "setup", "fetch"])
        setup = try SetupSteps(validation)
        commands = try validation.texts("commands", atMost: 100, bytes: TaskRequest.maximumCommandBytes)
        toolPaths = try fields.texts("tool_paths", atMost: 20, bytes: 4096)
        for (index, path) in toolPaths.enumerated() {
            let parts = path.split(separator: "/")
            guard path.hasPrefix("/") || path.hasPrefix("~/"), !path.contains(":"), !parts.contains("..") else {
                throw fields.error("tool_paths[\(index)]", "expected an absolute path, or one from ~/")
            }
        }
    }

    /// What validates a change that `request` asks for: its own commands go before the repository's.
    package func commands(of request: TaskRequest) -> [String] {
        request.validation.commands.isEmpty ? commands : request.validation.commands
    }

    /// What is installed for a task that `request` asks for: what it says itself goes before what the repository says.
    package func setup(of request: TaskRequest) -> SetupSteps { request.validation.setup.completed(by: setup) }
}
