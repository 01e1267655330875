import Contracts
import Sandbox

/// What validation runs, and why.
package struct ValidationPlan: Sendable {
    /// One command: how people read it, and how it is run.
    package struct Command: Sendable, Hashable {
        package let text: String
        package let arguments: [String]
        /// Has to be installed for the command to make sense; `nil` for commands that the request names.
        package let program: String?
        /// Whether validation fails where ``program`` is missing. Else that is said and the command left out.
        package let isRequired: Bool

        /// A line of a request, for the shell.
        package static func requested(_ script: String) -> Command {
            Command(text: script, arguments: ["/bin/sh", "-c", script], program: nil, isRequired: true)
        }
    }

    package let commands: [Command]
    /// What people should know about the choice.
    package let notes: [String]

    /// The request's commands, else those of the kinds of project that the files tell, else syntax checks of what
    /// changed.
    ///
    /// - Parameters:
    ///   - base: What the work started from: its kinds count, whatever the change makes of them.
    ///   - head: The tree to validate.
    ///   - changed: The files that the change wrote.
    package init(requested: [String], base: ProjectFiles, head: ProjectFiles, changed: [String]) {
        if !requested.isEmpty {
            commands = requested.map(Command.requested)
            notes = []
            return
        }
        let paths = base.paths + head.paths
        let detected = ProjectKind.detect(base: base, head: head).flatMap { kind in
            kind.commands(for: paths).map {
                Command(text: $0, arguments: ["/bin/sh", "-c", $0], program: kind.program, isRequired: true)
            }
        }
        if !detected.isEmpty {
            commands = detected
            notes = []
            return
        }
        commands = SyntaxCheck.commands(changed: changed).map { check in
            Command(
                text: check.arguments.joined(separator: " "), arguments: check.arguments, program: check.program,
                isRequired: false)
        }
        notes =
            commands.isEmpty
            ? [] : ["The repository has no tests that were recognised: only the syntax of changed files was checked."]
    }
}
