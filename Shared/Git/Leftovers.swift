import FoundationEssentials
import Foundations
import Glibc

/// What processes that were cut off left in a mirror: unfinished packs and objects, files that stood for a lock.
enum Leftovers {
    /// Removes what nobody has open and was not written for `age`. Blocking. Returns how many files and folders went.
    @discardableResult
    static func remove(from mirror: String, olderThan age: Duration) -> Int {
        remove(unfinished(mirror), of: mirror, olderThan: age)
    }

    /// The same for unfinished packs, which alone can be large: quickly found.
    static func removePacks(from mirror: String, olderThan age: Duration) {
        let names = names(in: "\(mirror)/objects/pack").filter { $0.hasPrefix("tmp_") }
        _ = remove(names.map { "\(mirror)/objects/pack/\($0)" }, of: mirror, olderThan: age)
    }

    private static func remove(_ candidates: [String], of mirror: String, olderThan age: Duration) -> Int {
        let old = candidates.filter { isOlder($0, than: age) }
        guard !old.isEmpty else { return 0 }
        let open = openFiles(below: mirror)
        let dead = old.filter { path in !open.contains { $0 == path || $0.hasPrefix("\(path)/") } }
        for path in dead { try? FileManager.default.removeItem(atPath: path) }
        return dead.count
    }

    /// By folder, what the names of unfinished files begin with.
    private static let beginnings = [
        "objects/pack": ["tmp_"], "objects": ["incoming-", "tmp_objdir-", "tmp_obj_"], "bases": ["draft-"],
        "": ["automata-"],
    ]

    private static func unfinished(_ mirror: String) -> [String] {
        let named = beginnings.flatMap { folder, beginnings in
            names(in: "\(mirror)/\(folder)").filter { name in
                beginnings.contains(where: name.hasPrefix) && (!folder.isEmpty || isTemporary(name))
            }.map { folder.isEmpty ? "\(mirror)/\($0)" : "\(mirror)/\(folder)/\($0)" }
        }
        let loose = names(in: "\(mirror)/objects").filter { $0.utf8.count == 2 }.flatMap { folder in
            names(in: "\(mirror)/objects/\(folder)").filter { $0.hasPrefix("tmp_obj_") }
                .map { "\(mirror)/objects/\(folder)/\($0)" }
        }
        return named + loose + locks(mirror)
    }

    /// Whether it is one of ``TemporaryFile``, which has a name for a moment only.
    private static func isTemporary(_ name: String) -> Bool { UUID(uuidString: String(name.dropFirst(9))) != nil }

    /// Files of git that stand for a lock; ours is held by the kernel and stays.
    private static func locks(_ mirror: String) -> [String] {
        let own = names(in: mirror).filter { $0.hasSuffix(".lock") && !$0.hasPrefix("automata") }
        let branches = names(in: "\(mirror)/refs/branches").filter { $0.hasSuffix(".lock") }
        return own.map { "\(mirror)/\($0)" } + branches.map { "\(mirror)/refs/branches/\($0)" }
    }

    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func isOlder(_ path: String, than age: Duration) -> Bool {
        var info = stat()
        guard lstat(path, &info) == 0 else { return false }
        return Double(time(nil) - info.st_mtim.tv_sec) >= age.seconds
    }

    /// The files below `folder` that a process of this account, or for root any process, has open.
    private static func openFiles(below folder: String) -> Set<String> {
        var paths: Set<String> = []
        // The kernel tells where files are, not by which links they were found.
        guard let real = realpath(folder, nil) else { return [] }
        defer { free(real) }
        let place = "\(String(cString: real))/"
        for process in names(in: "/proc") where process.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            for descriptor in names(in: "/proc/\(process)/fd") {
                let path = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(process)/fd/\(descriptor)")
                if let path, path.hasPrefix(place) { paths.insert("\(folder)/\(path.dropFirst(place.count))") }
            }
        }
        return paths
    }
}
