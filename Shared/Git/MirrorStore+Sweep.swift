import FoundationEssentials
import Foundations
import Glibc

// Keeping the disk in bounds. Safe to run at any time, also from several processes.
extension MirrorStore {
    /// Removes mirrors that nobody uses: those unused for `maxAge`, then the least recently used until all take at
    /// most `maxBytes`. Packs the small files of those that stay. Returns how many went.
    package func sweep(maxBytes: Int, maxAge: Duration) async throws -> Int {
        letGo()
        let removed = try await Library.pool.run {
            self.removeDrafts()
            return try self.removeUnused(maxBytes: maxBytes, maxAge: maxAge)
        }
        for candidate in candidates() {
            // Nothing that works with a mirror takes as long.
            try await Library.pool.run { _ = Leftovers.remove(from: candidate.directory, olderThan: .seconds(3600)) }
            try await compact(candidate.directory)
        }
        return removed
    }

    private struct Candidate {
        let directory: String
        let lock: String
        let lastUse: Date
    }

    private func candidates() -> [Candidate] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".git") }.map { name in
            let lock = "\(folder)/\(name.dropLast(4)).lock"
            return Candidate(directory: "\(folder)/\(name)", lock: lock, lastUse: date(of: lock))
        }
    }

    private func removeUnused(maxBytes: Int, maxAge: Duration) throws -> Int {
        var total = size(of: folder)
        var removed = 0
        for mirror in candidates().sorted(by: { $0.lastUse < $1.lastUse }) {
            let isOld = Date().timeIntervalSince(mirror.lastUse) > maxAge.seconds
            guard isOld || total > maxBytes else { continue }
            let size = size(of: mirror.directory)
            guard try remove(mirror) else { continue }
            total -= size
            removed += 1
        }
        return removed
    }

    private func remove(_ mirror: Candidate) throws -> Bool {
        guard let lock = try FileLock.attempt(mirror.lock, .exclusive) else { return false }
        defer { withExtendedLifetime(lock) {} }
        let trash = "\(mirror.directory).\(UUID().uuidString)"
        guard rename(mirror.directory, trash) == 0 else { return false }
        try FileManager.default.removeItem(atPath: trash)
        return true
    }

    /// What a killed process left half made or half removed.
    private func removeDrafts() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.contains(".git.") {
            let path = "\(folder)/\(name)"
            if Date().timeIntervalSince(date(of: path)) > 3600 { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    /// Puts the objects of many snapshots into one pack. No object is removed, whether a reference leads to it or not.
    private func compact(_ mirror: String) async throws {
        // git's own measure: the names are spread evenly, so one of 256 folders stands for all.
        let sample = (try? FileManager.default.contentsOfDirectory(atPath: "\(mirror)/objects/17"))?.count ?? 0
        guard sample > 26 else { return }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(mirror)/objects").filter { $0.count == 2 }
        let objects = names.flatMap { prefix in
            let rest = (try? FileManager.default.contentsOfDirectory(atPath: "\(mirror)/objects/\(prefix)")) ?? []
            return rest.compactMap { ObjectID(prefix + $0) }
        }
        let list = objects.map { "\($0)\n" }.joined()
        let input = try TemporaryFile(in: mirror, holding: Data(list.utf8))
        let program = GitProgram(directory: mirror, timeout: .seconds(600))
        try await program.run(["pack-objects", "--quiet", "--non-empty", "objects/pack/pack"], input: input)
            .check("cannot compact a mirror")
        try await program.run(["prune-packed", "--quiet"]).check("cannot compact a mirror")
    }

    private func date(of path: String) -> Date {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date ?? .distantPast
    }

    /// What the files below `directory` take on the disk, in bytes.
    private func size(of directory: String) -> Int {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
        return paths.reduce(0) { total, path in
            var info = stat()
            guard lstat("\(directory)/\(path)", &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return total }
            return total + Int(info.st_blocks) * 512
        }
    }
}
