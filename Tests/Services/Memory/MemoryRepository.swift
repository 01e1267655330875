import Foundations
import Synchronization

@testable import Git
@testable import ValidatorService

/// The commits of a repository in memory: the texts of their files. Where the texts are the same, so is the tree.
final class MemoryRepository: Sendable {
    /// By path.
    typealias Files = [String: String]

    private struct State {
        var commits: [Files] = []
        var trees: [Files] = []
    }

    private let state = Mutex(State())

    /// A name that begins with a digit of its kind and ends with a number.
    private static func id(_ kind: String, _ number: Int) -> ObjectID {
        let digits = String(number, radix: 16)
        guard let id = ObjectID(kind + String(repeating: "0", count: 39 - digits.count) + digits) else {
            preconditionFailure("\(kind) is no hexadecimal digit")
        }
        return id
    }

    func commit(_ files: Files) -> ObjectID {
        state.withLock { state in
            state.commits.append(files)
            if !state.trees.contains(files) { state.trees.append(files) }
            return Self.id("c", state.commits.count - 1)
        }
    }

    /// The files of a commit.
    func files(of commit: ObjectID) throws -> Files {
        try state.withLock { state in
            guard let number = Int(commit.text.dropFirst(), radix: 16), number < state.commits.count else {
                throw GitError(.objectNotFound, "there is no commit \(commit)")
            }
            return state.commits[number]
        }
    }

    func tree(of commit: ObjectID) async throws -> ObjectID {
        let files = try files(of: commit)
        return state.withLock { Self.id("a", $0.trees.firstIndex(of: files) ?? 0) }
    }

    func diff(from old: ObjectID, to new: ObjectID, maxBytes: Int) async throws -> DiffSummary {
        let changes = Self.changes(from: try files(of: old), to: try files(of: new))
        return DiffSummary(
            files: changes, insertions: changes.reduce(0) { $0 + $1.insertions },
            deletions: changes.reduce(0) { $0 + $1.deletions }, patch: "", isTruncated: maxBytes == 0)
    }

    private static func changes(from old: Files, to new: Files) -> [DiffSummary.File] {
        var changes: [DiffSummary.File] = []
        var gone = old.keys.filter { new[$0] == nil }.sorted()
        for (path, text) in new.sorted(by: { $0.key < $1.key }) where old[path] != text {
            let source = old[path] == nil ? gone.firstIndex { old[$0] == text } : nil
            let oldPath = source.map { gone.remove(at: $0) }
            let status: DiffSummary.Status = oldPath != nil ? .renamed : old[path] == nil ? .added : .modified
            changes.append(file(path, from: oldPath, status, old[oldPath ?? path] ?? "", text))
        }
        return changes + gone.map { file($0, from: nil, .deleted, old[$0] ?? "", "") }
    }

    private static func file(
        _ path: String, from oldPath: String?, _ status: DiffSummary.Status, _ old: String, _ new: String
    ) -> DiffSummary.File {
        let lines = new.split(separator: "\n").difference(from: old.split(separator: "\n"))
        return DiffSummary.File(
            path: path, oldPath: oldPath, status: status, insertions: lines.insertions.count,
            deletions: lines.removals.count)
    }
}

extension MemoryRepository: ValidatedRepository {
    func files(of commit: ObjectID, touched: [String]) async throws -> ProjectFiles {
        let files: Files = try files(of: commit)
        return ProjectFiles(paths: files.keys.sorted(), texts: files)
    }

    func test(at path: String, of commit: ObjectID, maxBytes: Int) async throws -> (text: TestText, bytes: Int)? {
        try files(of: commit)[path].map { (TestText($0), $0.utf8.count) }
    }

    func sources(of files: [DiffSummary.File], at commit: ObjectID) async throws -> [SourceFile] {
        let texts: Files = try self.files(of: commit)
        return files.compactMap { file in texts[file.path].map { SourceFile(file, text: $0) } }
    }

    func commit(of base: ObjectID, taking paths: Set<String>, from head: ObjectID) async throws -> ObjectID {
        let (old, new): (Files, Files) = (try files(of: base), try files(of: head))
        return commit(old.merging(new.filter { paths.contains($0.key) }) { $1 })
    }
}
