import Foundations

/// Why a command could not be run at all. A command that ran and failed is a ``CommandOutcome``, not an error.
package struct SandboxError: Retriable, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The level asked for does not work on this host; the message says how to mend it.
        case unavailable = "sandbox_unavailable"
        /// The work tree is missing or is no directory.
        case workTreeMissing = "sandbox_work_tree_missing"
        /// The command has no arguments or holds a NUL byte.
        case invalidCommand = "sandbox_invalid_command"
        /// The work tree could not be handed to the sandbox's user.
        case ownership = "sandbox_ownership"
    }

    package let code: Code
    /// For people; says what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Another replica, or this one after a repair, may run the command.
    package var isRetriable: Bool { code == .unavailable }
    package var description: String { "\(code.rawValue): \(message)" }
}
