import FoundationEssentials
import Git

/// The folders of work trees on this host: one for each process, held by a lock that the kernel frees when it dies.
package enum WorkFolders {
    static func root(_ home: String) -> String { "\(home)/worktrees" }

    /// The folder of a process.
    package static func folder(_ home: String, owner: String) -> String { "\(root(home))/\(owner)" }

    /// Creates a folder that the sandbox's account may pass through but not list.
    package static func create(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
    }

    /// Takes the folder of a process for as long as the lock lives. The lock comes first: a folder without one is
    /// abandoned.
    static func hold(_ home: String, owner: String) throws -> FileLock? {
        try create(root(home))
        let lock = try FileLock.attempt(lockFile(home, owner), .exclusive)
        try create(folder(home, owner: owner))
        return lock
    }

    /// Removes the folder of a process with its lock, which the caller holds.
    static func remove(_ home: String, owner: String) async throws {
        try await FolderRemoval.remove(folder(home, owner: owner))
        try FileManager.default.removeItem(atPath: lockFile(home, owner))
    }

    /// Removes the folders of processes that died. One that resists is tried again by the next call.
    static func removeAbandoned(_ home: String) async throws -> (removed: Int, failures: [any Error]) {
        var (removed, failures) = (0, [any Error]())
        let entries = try FileManager.default.contentsOfDirectory(atPath: root(home))
        for owner in Set(entries.map { $0.hasSuffix(".lock") ? String($0.dropLast(".lock".count)) : $0 }) {
            guard let lock = try? FileLock.attempt(lockFile(home, owner), .exclusive) else { continue }
            do {
                try await remove(home, owner: owner)
                removed += 1
            } catch {
                failures.append(error)
            }
            withExtendedLifetime(lock) {}
        }
        return (removed, failures)
    }

    private static func lockFile(_ home: String, _ owner: String) -> String { "\(folder(home, owner: owner)).lock" }
}
