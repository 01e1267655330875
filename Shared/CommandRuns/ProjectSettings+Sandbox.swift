import Contracts
import FoundationEssentials
import Sandbox
import Worker
import Workspaces

extension ProjectSettings {
    /// The sandbox with the repository's folders of tools in front of the others.
    ///
    /// Throws ``StageFailure`` where commands do not see one: another version of a tool would not be what is asked for.
    package func sandbox(
        _ sandbox: Sandbox, account home: String? = ProcessInfo.processInfo.environment["HOME"]
    ) throws -> Sandbox {
        let folders = try toolPaths.map { path in
            let folder = path.hasPrefix("~/") ? (home ?? "") + path.dropFirst() : path
            guard sandbox.shows(folder) else {
                throw Self.failure("tool_paths: commands do not see \(path); its operator shows it by SANDBOX_PATHS")
            }
            return folder
        }
        return sandbox.lookingUp(first: folders)
    }
}
