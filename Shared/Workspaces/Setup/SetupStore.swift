import FoundationEssentials
import Foundations
import Git
import Glibc

/// The setups of this host, under one folder. Processes may share it.
///
/// A setup is made beside its place and moved there: nobody sees a half-made one, and what a killed process leaves is
/// known by its name and by a lock that nobody holds.
package struct SetupStore: Sendable {
    let folder: String

    /// Nothing is created before the first setup is.
    package init(home: String) { folder = "\(home)/setup" }

    /// The setup of `key`: from before, else as `build` fills a new folder. Of several that ask at the same time one
    /// builds it. It stays where it is as long as the value lives.
    package func setup(_ key: String, _ build: (_ folder: String) async throws -> Void) async throws -> StoredSetup {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        while true {
            if let stored = try await stored(key) { return stored }
            let lock = try await FileLock.acquire(lockFile(key), .exclusive)
            if !FileManager.default.fileExists(atPath: path(key)) { try await make(key, build) }
            withExtendedLifetime(lock) {}
        }
    }

    func path(_ key: String) -> String { "\(folder)/\(key)" }
    func lockFile(_ key: String) -> String { "\(folder)/\(key).lock" }

    /// In the name of what is being made.
    static let draftMark = ".draft-"

    private func stored(_ key: String) async throws -> StoredSetup? {
        let lock = try await FileLock.acquire(lockFile(key), .shared)
        guard FileManager.default.fileExists(atPath: path(key)) else { return nil }
        // The time of the last use, for the sweep.
        utimes(lockFile(key), nil)
        return try StoredSetup(path(key), lock)
    }

    /// The lock of the key is held.
    private func make(_ key: String, _ build: (String) async throws -> Void) async throws {
        try await removeDrafts(of: key)
        let draft = "\(path(key))\(Self.draftMark)\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: draft, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o711])
            try await build(draft)
            guard rename(draft, path(key)) == 0 else { throw FileFailure(errno) }
        } catch {
            try? await FolderRemoval.remove(draft)
            throw error
        }
    }

    /// What killed processes left half made. The lock of the key is held.
    @discardableResult
    func removeDrafts(of key: String) async throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let drafts = names.filter { $0.hasPrefix("\(key)\(Self.draftMark)") }
        for name in drafts { try await FolderRemoval.remove("\(folder)/\(name)") }
        return drafts.count
    }
}
