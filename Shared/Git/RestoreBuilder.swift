import CGit2
import FoundationEssentials
import Glibc

/// Makes a directory equal a commit, touching only what differs.
final class RestoreBuilder: DirectoryVisitor {
    private let current: StatIndex
    private let objects: ObjectDatabase
    /// By position in the index: whether the file is as the index says.
    private var isIntact: [Bool]
    private var states: [Int: FileState] = [:]
    private var extra: [[UInt8]] = []
    private var ignoredPaths: [[UInt8]] = []
    private var folders: [[UInt8]] = []
    private let start = FileState.now()
    private let interruption: Interruption

    /// `current` is the index of the last snapshot or restore.
    init(current: StatIndex, objects: ObjectDatabase, _ interruption: Interruption) {
        self.interruption = interruption
        self.current = current
        self.objects = objects
        isIntact = [Bool](repeating: false, count: current.count)
    }

    /// Changes the directory `root` so that it equals `target`, and gives `target` the states of its files.
    func apply(_ target: StatIndex, to root: String, keepingIgnored: Bool) throws {
        let writer = try FileWriter(root: root)
        try removeForeign(target, writer, keepingIgnored: keepingIgnored)
        var written: [(position: Int, info: stat)] = []
        for position in 0..<target.count {
            try interruption.check()
            guard let entry = target.entry(at: position), let path = target.path(at: position) else { continue }
            if let state = intactState(of: path, entry) {
                target.refresh(at: position, state)
            } else if entry.mode == GIT_FILEMODE_COMMIT.rawValue {
                _ = try writer.write(path, UnsafeRawBufferPointer(start: nil, count: 0), mode: entry.mode)
            } else {
                let info = try objects.withBlob(entry.id) { try writer.write(path, $0, mode: entry.mode) }
                written.append((position, info))
            }
        }
        // Nobody else writes here before this returns: only files of the very last tick need reading again.
        let end = FileState.now()
        for file in written { target.refresh(at: file.position, FileState(file.info, since: end)) }
    }

    private func removeForeign(_ target: StatIndex, _ writer: FileWriter, keepingIgnored: Bool) throws {
        for path in extra where target.position(of: path) == nil { try writer.remove(path) }
        for position in 0..<current.count {
            guard let path = current.path(at: position), target.position(of: path) == nil else { continue }
            try writer.remove(path)
        }
        if !keepingIgnored { for path in ignoredPaths { try writer.remove(path) } }
        for path in folders.reversed() { try writer.removeIfEmpty(path) }
    }

    /// The state of a file that has the content and mode of `entry` already.
    private func intactState(of path: [UInt8], _ entry: git_index_entry) -> FileState? {
        guard let position = current.position(of: path), isIntact[position], let state = states[position],
            let known = current.entry(at: position), known.mode == entry.mode
        else { return nil }
        return known.id.equals(entry.id) ? state : nil
    }

    // MARK: DirectoryVisitor

    func dismissed(_ path: [UInt8], _ verdict: IgnoreRules.Verdict) { ignoredPaths.append(path) }

    func entered(_ path: [UInt8]) { folders.append(path) }

    func skipped(_ path: [UInt8], _ reason: SkippedFile.Reason) { extra.append(path) }

    func visit(_ file: DirectoryWalk.File) throws {
        guard let position = file.position, let entry = current.entry(at: position) else {
            extra.append(file.path)
            return
        }
        if file.info.st_mode & S_IFMT == S_IFDIR { return }
        let isPlain = [S_IFREG, S_IFLNK].contains(file.info.st_mode & S_IFMT)
        guard isPlain, entry.mode == SnapshotBuilder.mode(file.info) else { return }
        let state = FileState(file.info)
        if state.matches(entry) {
            (isIntact[position], states[position]) = (true, state)
        } else if let content = try? read(file, like: entry) {
            isIntact[position] = try content.bytes.withUnsafeBytes(ObjectDatabase.hash).equals(entry.id)
            states[position] = FileState(content.info, since: start)
        }
    }

    /// The content of a file whose size speaks for the content it should have.
    private func read(_ file: DirectoryWalk.File, like entry: git_index_entry) throws -> SafeFile.Content? {
        let size = try objects.size(of: entry.id)
        guard size == file.info.st_size else { return nil }
        return try SafeFile.read(file, limit: size)
    }
}
