import CGit2
import Foundations
import Glibc

/// Brings an index up to date with a directory and stores the files that changed.
final class SnapshotBuilder: DirectoryVisitor {
    private struct Change {
        let path: [UInt8]
        let id: git_oid
        let mode: UInt32
        let state: FileState
    }

    private let index: StatIndex
    private let objects: ObjectDatabase
    private let limits: SnapshotLimits
    private let start = FileState.now()
    private var seen: [Bool]
    private var changes: [Change] = []
    private var isRefreshed = false
    private var files = 0
    private var newBytes = 0
    private(set) var skippedFiles: [SkippedFile] = []
    private(set) var forcedFiles: [String] = []
    private(set) var leftovers: [String] = []
    private(set) var ignored: [String] = []
    /// As many of each as a model reads.
    private static let mostNames = 100

    init(index: StatIndex, objects: ObjectDatabase, limits: SnapshotLimits) {
        self.index = index
        self.objects = objects
        self.limits = limits
        seen = [Bool](repeating: false, count: index.count)
    }

    /// Whether the walk has not come upon a file that was committed.
    var missesFiles: Bool { seen.contains(false) }

    /// Puts what the walk found into the index. Returns whether the index file needs writing.
    func finish() throws -> Bool {
        let gone = seen.indices.filter { !seen[$0] }.compactMap { index.path(at: $0) }
        for path in gone { try index.remove(path) }
        for change in changes {
            do {
                try index.put(change.path, id: change.id, mode: change.mode, change.state)
            } catch {
                skipped(change.path, .forbiddenName)
            }
        }
        return isRefreshed || !gone.isEmpty || !changes.isEmpty
    }

    // MARK: DirectoryVisitor

    func dismissed(_ path: [UInt8], _ verdict: IgnoreRules.Verdict) {
        switch verdict {
        case .leftover where leftovers.count < Self.mostNames: leftovers.append(SkippedFile.text(path))
        case .ignored where ignored.count < Self.mostNames: ignored.append(SkippedFile.text(path))
        default: break
        }
    }

    func entered(_ path: [UInt8]) {}

    func skipped(_ path: [UInt8], _ reason: SkippedFile.Reason) {
        skippedFiles.append(SkippedFile(path: SkippedFile.text(path), reason: reason))
        // Nobody looked whether what was committed there is still there.
        guard reason == .tooDeep else { return }
        for position in index.positions(under: path.dropLast() + [UInt8(ascii: "/")]) { seen[position] = true }
    }

    func visit(_ file: DirectoryWalk.File) throws {
        files += 1
        guard files <= limits.maxFiles else { throw GitError(.tooLarge, "more than \(limits.maxFiles) files") }
        let entry = file.position.flatMap { index.entry(at: $0) }
        switch file.info.st_mode & S_IFMT {
        case S_IFDIR:
            keep(file)
        case S_IFLNK, S_IFREG:
            let mode = Self.mode(file.info)
            if let entry, entry.mode == mode, FileState(file.info).matches(entry) { return keep(file) }
            try take(file, mode: mode, was: entry)
        default:
            skipped(file.path, .specialFile)
        }
    }

    /// Leaves the entry of the file as it is.
    private func keep(_ file: DirectoryWalk.File) {
        if let position = file.position { seen[position] = true }
    }

    private func take(_ file: DirectoryWalk.File, mode: UInt32, was entry: git_index_entry?) throws {
        guard let content = try content(of: file) else { return }
        let state = FileState(content.info, since: start)
        try content.bytes.withUnsafeBytes { bytes in
            var id = try ObjectDatabase.hash(bytes)
            if let entry, let position = file.position, entry.mode == mode, entry.id.equals(id) {
                index.refresh(at: position, state)
                isRefreshed = true
                return keep(file)
            }
            guard bytes.count <= limits.maxFileBytes else {
                skipped(file.path, .tooLarge)
                return keep(file)
            }
            guard
                file.isKept || mode == GIT_FILEMODE_LINK.rawValue || !file.isLarge
                    || LargeFilePointer.isPointer(bytes)
            else {
                skipped(file.path, .largeFileStorage)
                return keep(file)
            }
            newBytes += bytes.count
            guard newBytes <= limits.maxNewBytes else {
                throw GitError(.tooLarge, "more than \(limits.maxNewBytes >> 20) MB of new or changed files at once")
            }
            id = try objects.store(bytes)
            keep(file)
            changes.append(Change(path: file.path, id: id, mode: mode, state: state))
            if file.isForced { forcedFiles.append(SkippedFile.text(file.path)) }
        }
    }

    /// The bytes of a file or link, or `nil` if it is gone or too large, which is reported.
    private func content(of file: DirectoryWalk.File) throws -> SafeFile.Content? {
        let size = Int(file.info.st_size)
        guard size <= limits.maxFileBytes || hasCommittedSize(file) else {
            skipped(file.path, .tooLarge)
            keep(file)
            return nil
        }
        do {
            if let content = try SafeFile.read(file, limit: max(size, limits.maxFileBytes)) { return content }
        } catch let failure as FileFailure where failure.code != ENOENT {
            throw GitError(failure, "cannot read \(SkippedFile.text(file.path))")
        }
        guard faccessat(file.folder, file.name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 else {
            throw GitError(.unreadable, "\(SkippedFile.text(file.path)) changes while it is read")
        }
        return nil
    }

    /// Whether a file is as large as what was committed: then it is read, however large, to find that it did not change.
    private func hasCommittedSize(_ file: DirectoryWalk.File) -> Bool {
        guard let entry = file.position.flatMap({ index.entry(at: $0) }) else { return false }
        return (try? objects.size(of: entry.id)) == Int(file.info.st_size)
    }

    /// The mode that Git records.
    static func mode(_ info: stat) -> UInt32 {
        if info.st_mode & S_IFMT == S_IFLNK { return GIT_FILEMODE_LINK.rawValue }
        return info.st_mode & 0o100 != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE.rawValue : GIT_FILEMODE_BLOB.rawValue
    }
}
