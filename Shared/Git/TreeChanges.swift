import CGit2
import Glibc

/// How the files of a work tree differ from what was last written to it or taken from it.
package struct TreeChanges: Sendable, Hashable {
    /// Files that were changed or are gone, in order of path.
    package let tracked: [String]
    /// Files that were not there and are not ignored, in the order in which they were found.
    package let new: [String]

    package init(tracked: [String] = [], new: [String] = []) {
        self.tracked = tracked
        self.new = new
    }

    package var isEmpty: Bool { tracked.isEmpty && new.isEmpty }
}

/// Compares a directory with an index and stores nothing.
final class ChangeFinder: DirectoryVisitor {
    private static let mostNewFiles = 1000
    /// The largest file that is read to find that it did not change. Bytes.
    private static let mostBytes = 512 << 20

    private let index: StatIndex
    private let start = FileState.now()
    private var isIntact: [Bool]
    private var new: [String] = []
    /// Whether the index has learnt states of files, so that it is worth writing.
    private(set) var isRefreshed = false

    init(index: StatIndex) {
        self.index = index
        isIntact = [Bool](repeating: false, count: index.count)
    }

    /// What the walk found.
    var changes: TreeChanges {
        let tracked = isIntact.indices.filter { !isIntact[$0] }.compactMap { index.path(at: $0) }
        return TreeChanges(tracked: tracked.map(Self.text), new: new)
    }

    // MARK: DirectoryVisitor

    func dismissed(_ path: [UInt8], _ verdict: IgnoreRules.Verdict) {}

    func entered(_ path: [UInt8]) {}

    func skipped(_ path: [UInt8], _ reason: SkippedFile.Reason) {
        guard reason != .submodule else { return }
        // As a snapshot takes it: what was committed there stays.
        let positions = index.positions(under: path.dropLast() + [UInt8(ascii: "/")])
        for position in positions { isIntact[position] = true }
        if positions.isEmpty { note(path) }
    }

    func visit(_ file: DirectoryWalk.File) throws {
        guard let position = file.position, let entry = index.entry(at: position) else { return note(file.path) }
        isIntact[position] = try isIntact(file, entry, at: position)
    }

    private func note(_ path: [UInt8]) {
        if new.count < Self.mostNewFiles { new.append(Self.text(path)) }
    }

    private func isIntact(
        _ file: DirectoryWalk.File, _ entry: git_index_entry, at position: Int
    ) throws -> Bool {
        let kind = file.info.st_mode & S_IFMT
        if entry.mode == GIT_FILEMODE_COMMIT.rawValue { return kind == S_IFDIR }
        guard [S_IFREG, S_IFLNK].contains(kind), entry.mode == SnapshotBuilder.mode(file.info) else { return false }
        if FileState(file.info).matches(entry) { return true }
        guard let content = try? SafeFile.read(file, limit: Self.mostBytes),
            try content.bytes.withUnsafeBytes(ObjectDatabase.hash).equals(entry.id)
        else { return false }
        index.refresh(at: position, FileState(content.info, since: start))
        isRefreshed = true
        return true
    }

    private static func text(_ path: [UInt8]) -> String { String(decoding: path.dropLast(), as: UTF8.self) }
}
