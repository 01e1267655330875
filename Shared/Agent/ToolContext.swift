import Contracts
import Foundations
import Sandbox

/// What a tool may touch.
package struct ToolContext: Sendable {
    package let files: WorkspaceFiles
    package let runner: any CommandRunner
    package let scope: PathScope
    package let limits: SandboxLimits
    /// About how many bytes of output the model is shown.
    package let outputLimit: Int
    /// File calls block: they run on threads of their own.
    private static let pool = BlockingPool(label: "agent.files", width: 4)

    package init(
        root: String, runner: any CommandRunner, scope: PathScope = .everything, limits: SandboxLimits = .init(),
        outputLimit: Int = 12_000
    ) {
        files = WorkspaceFiles(root: root)
        self.runner = runner
        self.scope = scope
        self.limits = limits
        self.outputLimit = outputLimit
    }

    /// Runs file work where it may block.
    func blocking<T: Sendable>(_ work: @escaping @Sendable (WorkspaceFiles) throws -> T) async throws -> T {
        try await Self.pool.run { [files] in try work(files) }
    }

    /// Refuses paths that the task may not change, and those whose content does not live in this repository.
    func requireOwn(_ path: String) throws {
        try requireScope(path)
        try files.requireOwn(path)
    }

    /// Refuses paths that the task may not change.
    func requireScope(_ path: String) throws {
        guard scope.allows(path) else {
            throw ToolError(
                "\(path) is outside of what this task may change (\(scope.description)). Leave it as it is.")
        }
    }
}
