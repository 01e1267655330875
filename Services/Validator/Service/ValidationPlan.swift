import Contracts
import Sandbox

/// What validation runs, and why.
package struct ValidationPlan: Sendable {
    /// One command: how people read it, and how it is run.
    package struct Command: Sendable, Hashable {
        package let text: String
        package let arguments: [String]
        /// Skipped with a note where this program is not installed; `nil` for commands that the request names.
        package let program: String?

        /// A line of a request, for the shell.
        package static func requested(_ script: String) -> Command {
            Command(text: script, arguments: ["/bin/sh", "-c", script], program: nil)
        }
    }

    package let commands: [Command]
    /// What people should know about the choice.
    package let notes: [String]

    /// The request's commands, else those of the kinds of project that the files tell, else syntax checks of what
    /// changed.
    package init(
        requested: [String], paths: [String], changed: [String], contents: (String) -> String?
    ) {
        if !requested.isEmpty {
            commands = requested.map(Command.requested)
            notes = []
            return
        }
        let kinds = ProjectKind.detect(paths: paths, contents: contents)
        let detected = kinds.flatMap { kind in
            kind.commands(for: paths).map {
                Command(text: $0, arguments: ["/bin/sh", "-c", $0], program: kind.program)
            }
        }
        if !detected.isEmpty {
            commands = detected
            notes = []
            return
        }
        commands = SyntaxCheck.commands(changed: changed).map { check in
            Command(text: check.arguments.joined(separator: " "), arguments: check.arguments, program: check.program)
        }
        notes = ["The repository has no tests that were recognised: only the syntax of changed files was checked."]
    }
}
