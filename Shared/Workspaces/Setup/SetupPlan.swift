import Contracts
import Cryptography
import Foundations
import Git
import Setup
import TaskStore
import Worker

/// What is installed for a task: the same on every host, told by a digest that evidence names.
///
/// The commands are those of the request or of the base commit, and they run on the base commit. Of a change only the
/// files that name packages count, where it touches a lock file: what they name is installed on top, and nothing of it
/// is run.
package struct SetupPlan: Sendable, Hashable {
    /// What a change has installed on top.
    package struct Change: Sendable, Hashable {
        /// Its files that take the place of the base's.
        package let files: [TreeEntry]
        package let commands: [String]
        package let digest: String
    }

    /// Of the form of a digest: another one where setups are made in another way.
    private static let version = 1
    private static let largestLockFile = 8 << 20
    private static let mostLockFiles = 20

    package let steps: SetupSteps
    package let base: ObjectID
    package let baseDigest: String
    package let change: Change?
    /// Why what the change names is not installed, for people.
    package let obstacle: String?

    /// Of all that is installed.
    package var digest: String { change?.digest ?? baseDigest }

    /// The plan of a task; `nil` where nothing is to be installed.
    package init?(
        _ context: StageContext, _ project: ProjectSettings, _ mirror: Mirror, base: ObjectID, head: ObjectID
    ) async throws {
        // The commands run what the base commit holds, which the digest does not name: what one branch installs is for
        // no other branch, repository or company.
        let origin = [
            context.request.task.address.company.text, context.request.repository.remoteURL,
            context.record.baseBranch ?? "",
        ]
        try await self.init(project.setup(of: context.request), origin: origin, mirror, base: base, head: head)
    }

    /// - Parameter origin: What has to be the same for a setup to be used again.
    init?(
        _ steps: SetupSteps, origin: [String], _ mirror: Mirror, base: ObjectID, head: ObjectID
    ) async throws {
        guard !steps.commands.isEmpty else { return nil }
        self.steps = steps
        self.base = base
        let files = try await mirror.files(at: base, where: LockFile.counts)
        baseDigest = try ContentHash.sha256([
            "version": .int(Self.version), "origin": .strings(origin), "steps": .object(steps.members),
            "files": Self.names(files),
        ])
        (change, obstacle) = try await Self.change(from: files, over: baseDigest, in: mirror, head)
    }

    private static func names(_ files: [TreeEntry]) -> JSONValue {
        .object(Dictionary(files.map { ($0.path, .string($0.id.text)) }) { first, _ in first })
    }

    /// What the lock files that `head` has otherwise have installed; nothing without any.
    private static func change(
        from base: [TreeEntry], over digest: String, in mirror: Mirror, _ head: ObjectID
    ) async throws -> (Change?, obstacle: String?) {
        let old = Set(base)
        let changed = try await mirror.files(at: head, where: LockFile.counts).filter { !old.contains($0) }
        let locks = changed.filter { LockFile.row(of: $0.path) != nil }
        guard !locks.isEmpty else { return (nil, nil) }
        guard locks.count <= mostLockFiles else { return (nil, "The change touches \(locks.count) lock files.") }
        var (files, commands) = (locks, [String]())
        for lock in locks {
            guard let row = LockFile.row(of: lock.path), lock.kind != .symbolicLink,
                let content = try await content(of: lock, in: mirror, head),
                let command = row.command(for: lock.path, holding: content)
            else {
                return (
                    nil,
                    "The change touches \(lock.path), and what that names would be run while it is installed. Undo "
                        + "it: a person has to bring it to the base branch."
                )
            }
            commands.append(command)
            files += changed.filter { $0.kind != .symbolicLink && row.accompanies($0.path, of: lock.path) }
        }
        let whole: JSONValue = ["base": .string(digest), "files": names(files), "commands": .strings(commands)]
        return (Change(files: files, commands: commands, digest: try ContentHash.sha256(whole)), nil)
    }

    private static func content(of file: TreeEntry, in mirror: Mirror, _ head: ObjectID) async throws -> [UInt8]? {
        do {
            return try await mirror.file(at: head, path: file.path, maxBytes: largestLockFile).map { Array($0) }
        } catch let error as GitError where error.code == .tooLarge {
            return nil
        }
    }
}
