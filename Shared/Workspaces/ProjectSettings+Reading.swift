import Contracts
import FoundationEssentials
import Foundations
import Git
import Worker

extension ProjectSettings {
    /// What the repository says of itself at the commit that work starts from; nothing where it has no such file. Read
    /// once for as long as the mirror is open.
    ///
    /// Throws ``StageFailure`` where the file is not as it should be: nobody can tell what it wanted.
    package init(at base: ObjectID, in mirror: Mirror) async throws {
        do {
            self = try await mirror.remembering(of: base) { try await mirror.reading(base, Self.read) }
        } catch let error as FieldError {
            throw Self.failure("\(error)")
        } catch let error as GitError where error.code == .tooLarge {
            throw Self.failure("larger than \(PlainYAML.maximumBytes) bytes")
        }
    }

    /// Blocking.
    private static func read(_ files: CommitFiles) throws -> ProjectSettings {
        if let file = try files.contents(of: path, maxBytes: PlainYAML.maximumBytes) {
            return try ProjectSettings(decoding: file)
        }
        guard try files.contents(of: misspelled, maxBytes: PlainYAML.maximumBytes) == nil else {
            throw failure("it is named \(misspelled) there, where nobody looks for it")
        }
        return ProjectSettings()
    }

    private static let misspelled = ".automata.yml"

    /// Why the file cannot be followed.
    package static func failure(_ reason: String) -> StageFailure {
        StageFailure(
            .validationFailed,
            "\(path) of the base branch: \(reason). Mend it there and submit the task again")
    }
}
