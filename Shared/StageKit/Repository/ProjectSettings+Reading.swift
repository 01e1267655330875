import Contracts
import FoundationEssentials
import Foundations
import Git
import Sandbox
import ServiceKit

extension ProjectSettings {
    /// What the repository says of itself at the commit that work starts from; nothing where it has no such file.
    ///
    /// Throws ``StageFailure`` where the file is not as it should be: nobody can tell what it wanted.
    package init(at base: ObjectID, in mirror: Mirror) async throws {
        do {
            let file = try await mirror.file(at: base, path: Self.path, maxBytes: PlainYAML.maximumBytes)
            let other = try await mirror.file(at: base, path: Self.misspelled, maxBytes: PlainYAML.maximumBytes)
            guard file != nil || other == nil else {
                throw Self.failure("it is named \(Self.misspelled) there, where nobody looks for it")
            }
            self = try file.map { try ProjectSettings(decoding: $0) } ?? ProjectSettings()
        } catch let error as FieldError {
            throw Self.failure("\(error)")
        } catch let error as GitError where error.code == .tooLarge {
            throw Self.failure("larger than \(PlainYAML.maximumBytes) bytes")
        }
    }

    private static let misspelled = ".automata.yml"

    private static func failure(_ reason: String) -> StageFailure {
        StageFailure(
            .validationFailed,
            "\(path) of the base branch: \(reason). Mend it there and submit the task again")
    }

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
