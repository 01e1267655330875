import FoundationEssentials
import Git
import ServiceKit

/// The folders of work trees on this host: one for each process, held by a lock that the kernel frees when it dies.
enum WorkFolders {
    static func root(_ home: String) -> String { "\(home)/worktrees" }

    /// Creates a folder that the sandbox's account may pass through but not list.
    static func create(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
    }

    /// Takes the folder of a process for as long as the lock lives.
    static func hold(_ home: String, owner: String) throws -> FileLock? {
        try create("\(root(home))/\(owner)")
        return try FileLock.attempt("\(root(home))/\(owner).lock", .exclusive)
    }

    /// Removes the folders of processes that died, and returns how many.
    static func removeAbandoned(_ home: String) throws -> Int {
        let files = FileManager.default
        var removed = 0
        for entry in try files.contentsOfDirectory(atPath: root(home)) where entry.hasSuffix(".lock") {
            let owner = entry.dropLast(".lock".count)
            guard let lock = try? FileLock.attempt("\(root(home))/\(entry)", .exclusive) else { continue }
            try? files.removeItem(atPath: "\(root(home))/\(owner)")
            try? files.removeItem(atPath: "\(root(home))/\(entry)")
            withExtendedLifetime(lock) { removed += 1 }
        }
        return removed
    }
}
