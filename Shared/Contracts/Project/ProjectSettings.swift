import FoundationEssentials
import Foundations

/// What a repository says of itself: `.automata.yaml` of the branch that work starts from, never of the changed tree.
package struct ProjectSettings: Sendable, Hashable {
    /// The file's path.
    package static let path = ".automata.yaml"

    /// What validates a change; empty leaves it to detection.
    package var commands: [String]
    /// Folders in which commands are looked up first, as paths of the host that commands see.
    package var toolPaths: [String]

    package init(commands: [String] = [], toolPaths: [String] = []) {
        self.commands = commands
        self.toolPaths = toolPaths
    }

    /// Fields that the file will have: one that uses them is refused, never half done.
    private static let unbuilt = ["setup", "fetch"]

    /// Throws with the line or the field that is not as it should be. An unknown field is refused: nobody would notice
    /// that it does nothing.
    package init(decoding file: Data) throws(FieldError) {
        let fields = try FieldReader(try PlainYAML.parse(file))
        try fields.refuseOthers(than: ["validation", "tool_paths"])
        let validation = try fields.object("validation")
        for name in Self.unbuilt where validation.value(name) != nil {
            throw validation.error(name, "not built yet")
        }
        try validation.refuseOthers(than: ["commands"] + Self.unbuilt)
        commands = try Self.texts(validation, "commands", atMost: 100, bytes: TaskRequest.maximumCommandBytes)
        toolPaths = try Self.texts(fields, "tool_paths", atMost: 20, bytes: 4096)
        for (index, path) in toolPaths.enumerated() {
            let parts = path.split(separator: "/")
            guard path.hasPrefix("/") || path.hasPrefix("~/"), !path.contains(":"), !parts.contains("..") else {
                throw fields.error("tool_paths[\(index)]", "expected an absolute path, or one from ~/")
            }
        }
    }

    private static func texts(
        _ fields: FieldReader, _ name: String, atMost count: Int, bytes: Int
    ) throws(FieldError) -> [String] {
        let texts = try fields.optionalStrings(name, atMost: count) ?? []
        for (index, text) in texts.enumerated() {
            guard !text.trimmed.isEmpty else { throw fields.error("\(name)[\(index)]", "empty") }
            guard text.utf8.count <= bytes else {
                throw fields.error("\(name)[\(index)]", "longer than \(bytes) bytes")
            }
        }
        return texts
    }

    /// What validates a change that `request` asks for: its own commands go before the repository's.
    package func commands(of request: TaskRequest) -> [String] {
        request.validation.commands.isEmpty ? commands : request.validation.commands
    }
}
