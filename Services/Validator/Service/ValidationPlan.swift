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

        /// A line of a request, for the shell.
        package static func requested(_ script: String) -> Command {
            shell(script, program: nil)
        }

        /// - Parameter folder: Where it runs; `nil` for the root.
        static func shell(_ script: String, program: String?, in folder: String? = nil) -> Command {
            // In parentheses, for what stands after && alone would run although there is no such folder.
            let text = folder.map { "cd \(quoted($0)) && (\(script))" } ?? script
            return Command(text: text, arguments: Shell.arguments(text), program: program)
        }

        private static func quoted(_ path: String) -> String {
            let path = path.hasPrefix("-") ? "./\(path)" : path
            let isPlain = path.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/._-".utf8.contains(byte)
                }
            }
            return isPlain ? path : "'\(path.replacing("'", with: "'\\''"))'"
        }
    }

    /// What is looked at before the commands run, always.
    package private(set) var syntax: SyntaxPlan
    package let commands: [Command]
    /// What people should know about the choice.
    package let notes: [String]

    /// The request's commands, else those of the kinds of project that the files tell.
    ///
    /// - Parameters:
    ///   - base: What the work started from: its kinds count, whatever the change makes of them.
    ///   - head: The tree to validate.
    ///   - changed: The files that the change wrote.
    ///   - removed: What was there before and is not any more.
    ///   - syntax: Which changed files are looked at first.
    package init(
        requested: [String], base: ProjectFiles, head: ProjectFiles, changed: [String], removed: [String] = [],
        syntax: SyntaxPlan = SyntaxPlan()
    ) {
        self.syntax = syntax
        if !requested.isEmpty {
            commands = requested.map(Command.requested)
            notes = []
            return
        }
        let root = ProjectKind.detect(base: base, head: head)
        let below = Subprojects(touched: changed + removed, base: base, head: head, root: root)
        let detected =
            root.flatMap { $0.commands(in: nil, base.paths + head.paths) }
            + below.projects.flatMap { project in
                project.kinds.flatMap { $0.commands(in: project.folder, project.paths) }
            }
        if !detected.isEmpty {
            commands = detected
            notes =
                below.others.isEmpty
                ? []
                : [
                    "The change touches more projects than are validated at once, not these: "
                        + below.others.prefix(20).joined(separator: ", ")
                        + ". Name validation.commands to have them run."
                ]
            return
        }
        commands = []
        notes =
            syntax.batches.isEmpty
            ? [] : ["The repository has no tests that were recognised: only the syntax of changed files was checked."]
    }

    /// What is run, in order, for people.
    package var texts: [String] { syntax.batches.map(\.text) + commands.map(\.text) }

    /// Whether anything is.
    package var isEmpty: Bool { syntax.batches.isEmpty && commands.isEmpty }

    /// Without files of which it is known that nobody can read them.
    package func leavingOut(_ known: Set<String>) -> ValidationPlan {
        var plan = self
        plan.syntax = syntax.without(known)
        return plan
    }
}

extension ProjectKind {
    /// - Parameter paths: The files in the folder.
    fileprivate func commands(in folder: String?, _ paths: [String]) -> [ValidationPlan.Command] {
        commands(for: paths).map { .shell($0, program: program, in: folder) }
    }
}
