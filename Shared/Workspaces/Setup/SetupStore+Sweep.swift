import FoundationEssentials
import Foundations
import Git
import Glibc

// Keeping the disk in bounds. Safe to run at any time, also from several processes.
extension SetupStore {
    private static let walking = BlockingPool(label: "setup.sweep", width: 1)

    /// Removes what killed processes left, setups unused for `maxAge`, then the least recently used until all take at
    /// most `maxBytes`; none that is in use. Returns how many went.
    package func sweep(maxBytes: Int, maxAge: Duration) async throws -> Int {
        var removed = 0
        let setups = try await Self.walking.run { candidates }
        var total = setups.reduce(0) { $0 + $1.bytes }
        for setup in setups.sorted(by: { $0.lastUse < $1.lastUse }) {
            guard let lock = try FileLock.attempt(lockFile(setup.key), .exclusive) else { continue }
            removed += try await removeDrafts(of: setup.key)
            if Date().timeIntervalSince(setup.lastUse) > maxAge.seconds || total > maxBytes {
                // By another name it is nothing that anybody uses, however far its removal comes.
                let trash = "\(path(setup.key))\(Self.draftMark)\(UUID().uuidString)"
                if rename(path(setup.key), trash) == 0 {
                    try await FolderRemoval.remove(trash)
                    total -= setup.bytes
                    removed += 1
                }
            }
            withExtendedLifetime(lock) {}
        }
        return removed
    }

    private struct Candidate: Sendable {
        let key: String
        let lastUse: Date
        let bytes: Int
    }

    /// Blocking. Also keys of which there are drafts alone.
    private var candidates: [Candidate] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".lock") }.map { name in
            let key = String(name.dropLast(".lock".count))
            let attributes = try? FileManager.default.attributesOfItem(atPath: lockFile(key))
            return Candidate(
                key: key, lastUse: attributes?[.modificationDate] as? Date ?? .distantPast, bytes: Self.size(path(key)))
        }
    }

    /// What the files below a folder take on the disk, in bytes.
    private static func size(_ path: String) -> Int {
        var bytes = 0
        _ = try? TreeWalk(access: .lent, isLenient: true).run(path) { entry in
            bytes += Int(entry.info.st_blocks) * 512
            return .on
        }
        return bytes
    }
}
