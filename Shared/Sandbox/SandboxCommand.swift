/// A command to run with a work tree as its world.
package struct SandboxCommand: Sendable, Hashable {
    /// The program and its arguments. No shell looks at them unless the program is one, see ``shell(_:workTree:)``.
    package var arguments: [String]
    /// The absolute host path of the folder that the command may write; it sees it as ``Sandbox/workspace``.
    package var workTree: String
    /// Variables besides those of ``CommandEnvironment``; they win.
    package var environment: [String: String]
    /// After this the command and everything it started is killed.
    package var timeout: Duration
    package var limits: SandboxLimits
    /// More host paths that the command may read, seen at the same place.
    package var readOnlyPaths: [String]
    /// What it sees at places of their own.
    package var mounts: [SandboxMount]
    /// Whether it has a way out: then nobody tells it that there is none.
    package var hasNetwork: Bool

    package init(
        _ arguments: [String], workTree: String, environment: [String: String] = [:], timeout: Duration = .seconds(120),
        limits: SandboxLimits = .init(), readOnlyPaths: [String] = [], mounts: [SandboxMount] = [],
        hasNetwork: Bool = false
    ) {
        self.arguments = arguments
        self.workTree = workTree
        self.environment = environment
        self.timeout = timeout
        self.limits = limits
        self.readOnlyPaths = readOnlyPaths
        self.mounts = mounts
        self.hasNetwork = hasNetwork
    }

    /// `script` as ``Shell`` runs it.
    package static func shell(
        _ script: String, workTree: String, timeout: Duration = .seconds(120), limits: SandboxLimits = .init()
    ) -> Self {
        .init(Shell.arguments(script), workTree: workTree, timeout: timeout, limits: limits)
    }
}
